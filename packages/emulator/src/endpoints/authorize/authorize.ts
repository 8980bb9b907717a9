// The authorize endpoint and the forms behind it: sign-in, account, consent.
import { randomUUID } from 'node:crypto'
import { AadstsError } from '../../kernel/aadsts-error.ts'
import { epochSeconds } from '../../kernel/clock.ts'
import { isEqualText } from '../../kernel/equal-text.ts'
import type { User } from '../../directory/model.ts'
import type { Permission } from '../../directory/permissions.ts'
import type { Directory, Account } from '../../directory/directory.ts'
import type { Emulation } from '../emulation.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import { checkAuthorizationRequest, parseAuthorizationRequest } from './authorization-request.ts'
import { sendRedirectError } from './authorization-response.tsx'
import { readForm, withErrorPage, withRedirectError } from './guarded.ts'
import { continueInteraction, openProgress, showSignIn } from './interaction.tsx'
import { isAdministrator, nextStep } from './next-step.ts'
import type { Progress } from './progress.ts'
import { readSessions, writeSessions, type SignedIn } from './session-cookie.ts'

/** GET and POST {tenant}/oauth2/v2.0/authorize, {tenant}/oauth2/authorize */
export function authorize(c: EmulatorContext, emulation: Emulation, version: 1 | 2): Promise<Response> {
  return withErrorPage(c, async () => {
    const parameters = c.req.method === 'POST' ? await readForm(c) : new URL(c.req.url).searchParams
    const segment = routeParameter(c, 'tenant')
    const { look, note } = c.get('exchange')
    const request = parseAuthorizationRequest(emulation.directory, parameters, { segment, version, look })
    note({ clientId: request.clientId })
    return withRedirectError(c, emulation, request, () => {
      checkAuthorizationRequest(emulation, request, look)
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
    const { look } = c.get('exchange')
    look('password', { expected: 'name and password of an enabled user', actual: username })
    const user = findPerson(emulation.directory, username, form)
    if (user instanceof AadstsError) {
      c.get('exchange').note({ error: [user.code], user: emulation.directory.findUser(username)?.username })
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
    c.get('exchange').look('consent', { expected: 'accept', actual: form.get('consent') ?? undefined })
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
  const isForAll = isForOrganization || progress.request.isAdminConsent === true
  const holder = isForAll && isAdministrator(account) ? {} : { userId: account.user.id }
  for (const permission of permissions)
    await grantPermission(emulation.directory, account, permission, holder)
}

async function grantPermission(
  directory: Directory,
  { tenant }: Account,
  { client, resource, scopes, roles = [] }: Permission,
  holder: { readonly userId?: string },
): Promise<void> {
  const resourceId = resource.id
  const grant = { tenantId: tenant.id, clientId: client.id, resourceId, scopes }
  await directory.consents.grant({ ...grant, ...holder })
  for (const role of roles)
    directory.assignRole({ tenantId: tenant.id, principalId: client.id, resourceId, role })
}

// One message for an unknown user and a wrong password would hide what a developer has to know; Entra tells, too.
// A suggested account needs no password: everybody who can see the page can read it on the home page.
function findPerson(directory: Directory, username: string, form: URLSearchParams): User | AadstsError {
  const user = directory.findUser(username)
  if (user === undefined) return new AadstsError(50034, { user: username, tenant: 'emulated' })
  const isSuggested = form.get('suggested') === 'on'
  const { password } = user
  // Without one it is the user account of an agent, as which nobody signs in.
  if (password === undefined || !(isSuggested || isEqualText(password, form.get('password') ?? '')))
    return new AadstsError(50126)
  return directory.isEnabled(user) ? user : new AadstsError(50057)
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
