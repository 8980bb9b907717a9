// The browser's sealed cookies: who is signed in, and which browser this is.
import { getCookie, setCookie } from 'hono/cookie'
import { randomBytes } from 'node:crypto'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { SealedKind } from '../../kernel/seal.ts'
import type { UserSession } from '../../tokens/subject.ts'
import type { Origins } from '../../kernel/origins.ts'
import type { Directory } from '../../directory/directory.ts'

/** One signed-in account. */
export interface SignedIn extends UserSession {
  /** Home object id. */
  readonly userId: string
  /** Milliseconds since the epoch. */
  readonly signedInAt: number
}

interface Cookies {
  readonly signedIn: readonly SignedIn[]
}

/** What reads and writes a browser's cookies. */
type CookieMeans = Pick<Emulation, 'sealer' | 'directory' | 'origins'>

const sessionKind: SealedKind<Cookies> = { name: 'session cookie/1' }
const maximumAccounts = 8
const maximumAgeSeconds = 90 * 86_400

/** The accounts that are signed in in this browser, without those that were disabled or revoked since. */
export function readSessions(c: EmulatorContext, emulation: CookieMeans): readonly SignedIn[] {
  const text = getCookie(c, cookieName(c, emulation.origins, 'session'))
  const cookies = text === undefined ? undefined : emulation.sealer.open(sessionKind, text)
  return (cookies?.signedIn ?? []).filter((session) => isValid(emulation.directory, session))
}

/** Remembers an account; the one signed in last comes first. */
export function writeSessions(
  c: EmulatorContext,
  emulation: CookieMeans,
  signedIn: readonly SignedIn[],
): void {
  const value = emulation.sealer.seal(sessionKind, { signedIn: signedIn.slice(0, maximumAccounts) })
  const maxAge = signedIn.length === 0 ? 0 : maximumAgeSeconds
  setCookie(c, cookieName(c, emulation.origins, 'session'), value, { ...attributes(c), maxAge })
}

/** Remembers that an account went through the second step, for the authentication contexts that were asked for. */
export function strengthenSession(
  c: EmulatorContext,
  emulation: CookieMeans,
  { userId, authContexts }: { readonly userId: string; readonly authContexts: readonly string[] },
): readonly SignedIn[] {
  const sessions = readSessions(c, emulation).map((session) =>
    session.userId === userId ? strengthen(session, authContexts) : session,
  )
  writeSessions(c, emulation, sessions)
  return sessions
}

function strengthen(session: SignedIn, authContexts: readonly string[]): SignedIn {
  return {
    ...session,
    amr: [...new Set([...session.amr, 'mfa'])],
    authContexts: [...new Set([...(session.authContexts ?? []), ...authContexts])],
  }
}

/** The ids that were made during a request: two forms of one page carry the same. */
const madeIds = new WeakMap<EmulatorContext, string>()

/** An id of this browser that forms are bound to, so that no other site can post them for the user. */
export function browserId(c: EmulatorContext, origins: Origins): string {
  const known = readBrowserId(c, origins) ?? madeIds.get(c)
  if (known !== undefined) return known
  const created = randomBytes(24).toString('base64url')
  madeIds.set(c, created)
  setCookie(c, cookieName(c, origins, 'browser'), created, { ...attributes(c), maxAge: maximumAgeSeconds })
  return created
}

/** The id that this browser sent. */
export function readBrowserId(c: EmulatorContext, origins: Origins): string | undefined {
  const id = getCookie(c, cookieName(c, origins, 'browser'))
  return id !== undefined && /^[\w-]{32}$/.test(id) ? id : undefined
}

function attributes(c: EmulatorContext): { httpOnly: true; sameSite: 'Lax'; secure: boolean; path: '/' } {
  return { httpOnly: true, sameSite: 'Lax', secure: c.env.listener === 'https', path: '/' }
}

// Cookies ignore ports: without the port in the name two emulators on one machine would sign each other out.
function cookieName(c: EmulatorContext, origins: Origins, name: string): string {
  const origin = c.env.listener === 'https' ? (origins.https ?? origins.issuer) : origins.http
  return `emulator_${name}_${new URL(origin).port}`
}

function isValid(directory: Directory, { userId, signedInAt }: SignedIn): boolean {
  const user = directory.findUser(userId)
  return user !== undefined && directory.isEnabled(user) && !directory.isRevoked(user, signedInAt)
}
