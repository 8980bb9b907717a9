// The authorize endpoint and the forms behind it: sign-in, account, consent.
import { randomUUID, timingSafeEqual, createHash } from 'node:crypto'
import { AadstsError } from '../../aadsts-error.ts'
import { epochSeconds } from '../../clock.ts'
import type { User } from '../../directory/model.ts'
import type { Permission } from '../../directory/permissions.ts'
import type { Account } from '../../directory/directory.ts'
import type { Emulation } from '../../emulation.ts'
import type { EmulatorContext } from '../../exchange.ts'
import { sendErrorPage } from '../page.tsx'
import {
  checkAuthorizationRequest,
  parseAuthorizationRequest,
  type AuthorizationRequest,
} from './authorization-request.ts'
import { sendRedirectError } from './authorization-response.tsx'
import { continueInteraction, openProgress, showSignIn } from './interaction.tsx'
import { isAdministrator, nextStep, type Progress } from './next-step.ts'
import { readSessions, writeSessions, type SignedIn } from './session-cookie.ts'

type Page = Response | Promise<Response>

/** GET and POST {tenant}/oauth2/v2.0/authorize, {tenant}/oauth2/authorize */
export function authorize(c: EmulatorContext, emulation: Emulation, version: 1 | 2): Promise<Response> {
  return withErrorPage(c, async () => {
    const parameters = c.req.method === 'POST' ? await readForm(c) : new URL(c.req.url).searchParams
    const segment = c.req.param('tenant') ?? ''
    const request = parseAuthorizationRequest(emulation, parameters, { segment, version })
    c.get('exchange').note({ clientId: request.clientId })
    return withRedirectError(c, emulation, request, () => {
      checkAuthorizationRequest(emulation, request)
      return continueInteraction(c, emulation, { request }, readSessions(c, emulation))
    })
  })
}

/** POST {tenant}/login: the sign-in page. */
export function signIn(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return withErrorPage(c, async () => {
    const form = await readForm(c)
    const progress = openProgress(c, emulation, form)
    const username = form.get('username')?.trim() ?? ''
    const user = findPerson(emulation, username, form)
    if (user instanceof AadstsError) {
      c.get('exchange').note({ error: [user.code] })
      return showSignIn(c, emulation, progress, { username, message: describeFailure(user) })
    }
    c.get('exchange').note({ user: user.username })
    const sessions = addSession(c, emulation, user)
    return continueInteraction(c, emulation, { ...progress, userId: user.id, hasSignedIn: true }, sessions)
  })
}

/** POST {tenant}/account: the account picker. */
export function pickAccount(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return withErrorPage(c, async () => {
    const form = await readForm(c)
    const progress = openProgress(c, emulation, form)
    const sessions = readSessions(c, emulation)
    const picked = sessions.find(({ userId }) => userId === form.get('account'))
    if (picked === undefined) return showSignIn(c, emulation, progress)
    return continueInteraction(c, emulation, { ...progress, userId: picked.userId }, sessions)
  })
}

/** POST {tenant}/consent: the consent page. */
export function consent(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return withErrorPage(c, async () => {
    const form = await readForm(c)
    const progress = openProgress(c, emulation, form)
    const { request } = progress
    if (form.get('consent') !== 'accept')
      return sendRedirectError(c, emulation, request, new AadstsError(65004))
    const sessions = readSessions(c, emulation)
    await grantConsent(emulation, progress, sessions, form.get('organization') === 'on')
    return continueInteraction(c, emulation, { ...progress, hasConsented: true }, sessions)
  })
}

// What is granted is worked out again from the sealed request: the form only says yes.
async function grantConsent(
  emulation: Emulation,
  progress: Progress,
  sessions: readonly SignedIn[],
  isForOrganization: boolean,
): Promise<void> {
  const step = nextStep(emulation, progress, sessions)
  if (step.kind !== 'consent') return
  const { account, permissions } = step
  const holder = isForOrganization && isAdministrator(account) ? {} : { userId: account.user.id }
  for (const permission of permissions) await grantPermission(emulation, account, permission, holder)
}

async function grantPermission(
  { directory }: Emulation,
  { tenant }: Account,
  { client, resource, scopes }: Permission,
  holder: { readonly userId?: string },
): Promise<void> {
  const grant = { tenantId: tenant.id, clientId: client.id, resourceId: resource.id, scopes }
  await directory.consents.grant({ ...grant, ...holder })
}

// One message for an unknown user and a wrong password would hide what a developer has to know; Entra tells, too.
// A suggested account needs no password: everybody who can see the page can read it on the home page.
function findPerson({ directory }: Emulation, username: string, form: URLSearchParams): User | AadstsError {
  const user = directory.findUser(username)
  if (user === undefined) return new AadstsError(50034, { user: username, tenant: 'emulated' })
  const isSuggested = form.get('suggested') === 'on'
  if (!isSuggested && !isEqual(user.password, form.get('password') ?? '')) return new AadstsError(50126)
  return directory.isEnabled(user) ? user : new AadstsError(50057)
}

function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function describeFailure(error: AadstsError): string {
  if (error.code === 50126) return 'Your account or password is incorrect.'
  if (error.code === 50057) return 'Your account is disabled.'
  return "We couldn't find an account with that username."
}

function addSession(c: EmulatorContext, emulation: Emulation, user: User): readonly SignedIn[] {
  const session: SignedIn = {
    userId: user.id,
    sid: randomUUID(),
    authTime: epochSeconds(emulation.clock),
    amr: ['pwd'],
    signedInAt: emulation.clock.now(),
  }
  const sessions = [session, ...readSessions(c, emulation).filter(({ userId }) => userId !== user.id)]
  writeSessions(c, emulation, sessions)
  return sessions
}

async function readForm(c: EmulatorContext): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}

async function withErrorPage(c: EmulatorContext, work: () => Page): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AadstsError) return sendErrorPage(c, error)
    throw error
  }
}

async function withRedirectError(
  c: EmulatorContext,
  emulation: Emulation,
  request: AuthorizationRequest,
  work: () => Page,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AadstsError) return sendRedirectError(c, emulation, request, error)
    throw error
  }
}
