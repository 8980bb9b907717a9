// How long an access token lives: 60 to 90 minutes, drawn so that the same request gets the same number on every run.
import { createHash } from 'node:crypto'
import type { Application } from '../directory/model.ts'

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
  const draw = createHash('sha256')
    .update(JSON.stringify([resource.id, ...seed]))
    .digest()
    .readUInt32BE()
  return minimumSeconds + (draw % (maximumSeconds - minimumSeconds + 1))
}
