// How long an access token lives: 60 to 90 minutes, drawn so that the same request gets the same number on every run.
import type { Application } from '../directory/model.ts'
import { sha256Bytes } from '../kernel/digest.ts'

/** Bounds between which the lifetime of an access token is drawn. */
export interface TokenLifetime {
  readonly minimumSeconds: number
  readonly maximumSeconds: number
}

/** Entra's own bounds. */
export const defaultLifetime: TokenLifetime = { minimumSeconds: 3600, maximumSeconds: 5400 }

/** The lifetime in seconds of a token for an API. */
export function accessTokenLifetimeSeconds(
  { minimumSeconds, maximumSeconds }: TokenLifetime,
  resource: Application,
  ...seed: readonly string[]
): number {
  if (resource.accessTokenLifetimeSeconds !== undefined) return resource.accessTokenLifetimeSeconds
  const draw = sha256Bytes(JSON.stringify([resource.id, ...seed])).readUInt32BE()
  return minimumSeconds + (draw % (maximumSeconds - minimumSeconds + 1))
}
