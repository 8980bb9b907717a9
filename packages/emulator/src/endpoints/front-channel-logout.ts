// The addresses that are called when sessions end: those that applications registered, with the session and the issuer that they know.
import { issuerV1, issuerV2 } from '../kernel/origins.ts'
import type { ClientSignIn } from './authorize/signed-in-clients.ts'
import type { SignedIn } from './authorize/session-cookie.ts'
import type { Emulation } from './emulation.ts'

/** An application that has to be told. */
export interface LogoutCall {
  readonly appName: string
  readonly url: string
}

/** Whom to tell that sessions have ended; each is told once. */
export function endSessions(emulation: Emulation, ended: readonly SignedIn[]): readonly LogoutCall[] {
  return ended.flatMap(({ sid }) =>
    emulation.signedInClients.take(sid).flatMap((signIn) => describeCall(emulation, sid, signIn)),
  )
}

function describeCall(
  { directory, origins }: Emulation,
  sid: string,
  { clientId, tenantId, version }: ClientSignIn,
): readonly LogoutCall[] {
  const client = directory.findApplication(clientId)
  if (client?.frontChannelLogoutUrl === undefined) return []
  const url = new URL(client.frontChannelLogoutUrl)
  const nameOf = version === 2 ? issuerV2 : issuerV1
  url.searchParams.set('sid', sid)
  url.searchParams.set('iss', nameOf(origins, { id: tenantId }))
  return [{ appName: client.displayName, url: url.href }]
}
