// The end of a session: forgets who is signed in in this browser, tells their applications, and leads back to a registered address only.
import { findPlatform } from '../directory/redirect-uris.ts'
import type { Emulation } from './emulation.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { readLoginHint } from '../tokens/optional-claims.ts'
import { SignedOutPage } from '../ui/signed-out-page.tsx'
import { readSessions, writeSessions, type SignedIn } from './authorize/session-cookie.ts'
import { endSessions } from './front-channel-logout.ts'
import { sendPage } from './page.tsx'
import type { Directory } from '../directory/directory.ts'

/** GET and POST {tenant}/oauth2/v2.0/logout, {tenant}/oauth2/logout */
export async function logout(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  const parameters =
    c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URL(c.req.url).searchParams
  const { username, ended } = signOut(c, emulation, parameters.get('logout_hint'))
  const calls = endSessions(emulation, ended)
  const target = parameters.get('post_logout_redirect_uri')
  const isTaken = target !== null && isRegistered(emulation.directory, target)
  const continueUrl = isTaken ? withState(target, parameters.get('state')) : undefined
  if (continueUrl !== undefined && calls.length === 0) return c.redirect(continueUrl, 302)
  const page = <SignedOutPage username={username} calls={calls} continueUrl={continueUrl} />
  return sendPage(c, page, { frames: calls.map(({ url }) => url) })
}

// A hint signs one account out, no hint all of them.
function signOut(
  c: EmulatorContext,
  emulation: Emulation,
  hint: string | null,
): { readonly username: string | undefined; readonly ended: readonly SignedIn[] } {
  const sessions = readSessions(c, emulation)
  const hinted = hint === null ? undefined : emulation.directory.findUser(readLoginHint(hint))
  const left = hinted === undefined ? [] : sessions.filter(({ userId }) => userId !== hinted.id)
  writeSessions(c, emulation, left)
  const ended = sessions.filter((session) => !left.includes(session))
  const username = emulation.directory.findUser(ended[0]?.userId)?.username
  return { username, ended }
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
