// The end of a session: forgets who is signed in in this browser, and leads back to a registered address only.
import { findPlatform } from '../directory/redirect-uris.ts'
import type { Emulation } from './emulation.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { readLoginHint } from '../tokens/optional-claims.ts'
import { SignedOutPage } from '../ui/signed-out-page.tsx'
import { readSessions, writeSessions } from './authorize/session-cookie.ts'
import { sendPage } from './page.tsx'
import type { Directory } from '../directory/directory.ts'

/** GET and POST {tenant}/oauth2/v2.0/logout, {tenant}/oauth2/logout */
export async function logout(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  const parameters =
    c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URL(c.req.url).searchParams
  const user = signOut(c, emulation, parameters.get('logout_hint'))
  const target = parameters.get('post_logout_redirect_uri')
  if (target !== null && isRegistered(emulation.directory, target)) {
    return c.redirect(withState(target, parameters.get('state')), 302)
  }
  return sendPage(c, <SignedOutPage username={user} />)
}

// A hint signs one account out, no hint all of them.
function signOut(c: EmulatorContext, emulation: Emulation, hint: string | null): string | undefined {
  const sessions = readSessions(c, emulation)
  const hinted = hint === null ? undefined : emulation.directory.findUser(readLoginHint(hint))
  const left = hinted === undefined ? [] : sessions.filter(({ userId }) => userId !== hinted.id)
  writeSessions(c, emulation, left)
  const [gone] = sessions.filter((session) => !left.includes(session))
  return gone && emulation.directory.findUser(gone.userId)?.username
}

// Anything else would make the emulator an open redirector.
function isRegistered(directory: Directory, target: string): boolean {
  return directory.applications.some((application) => findPlatform(application, target) !== undefined)
}

function withState(target: string, state: string | null): string {
  const url = new URL(target)
  if (state !== null) url.searchParams.append('state', state)
  return url.href
}
