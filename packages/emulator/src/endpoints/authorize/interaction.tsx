// Leads a user through an authorization request: shows the page of the next step, or sends the answer.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Account } from '../../directory/directory.ts'
import type { AppRole, ExposedScope } from '../../directory/model.ts'
import type { Permission } from '../../directory/permissions.ts'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { Policy } from '../../directory/policy.ts'
import type { SealedKind } from '../../kernel/seal.ts'
import { readLoginHint } from '../../tokens/optional-claims.ts'
import { AccountPickerPage } from '../../ui/account-picker-page.tsx'
import { ApprovePage } from '../../ui/approve-page.tsx'
import { ConsentPage } from '../../ui/consent-page.tsx'
import { RegistrationPage } from '../../ui/registration-page.tsx'
import { SignInPage } from '../../ui/sign-in-page.tsx'
import { approveDevice } from '../device/device-answer.tsx'
import { sendErrorPage, sendPage } from '../page.tsx'
import { findParties, type AuthorizationRequest } from './authorization-request.ts'
import {
  cancelUrl,
  sendAdminConsent,
  sendSignIn,
  sendNothing,
  sendRedirectError,
} from './authorization-response.tsx'
import { isAdministrator, nextStep, type Step } from './next-step.ts'
import { noteStep } from './note-step.ts'
import type { Progress } from './progress.ts'
import { suggestUsers } from './suggested-users.ts'
import { browserId, readBrowserId, type SignedIn } from './session-cookie.ts'

/** The progress of a request inside a form, bound to the browser that it was shown to. */
interface SealedProgress extends Progress {
  readonly browser: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Of the authorization request, so that the forms behind it are known as its own. */
  readonly correlationId: string
}

const progressKind: SealedKind<SealedProgress> = { name: 'interaction/1' }
const interactionLifetimeMs = 3_600_000

type Page = Response | Promise<Response>

/** Takes the next step of a request. */
export function continueInteraction(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  sessions: readonly SignedIn[],
): Page {
  const step = nextStep(emulation, progress, sessions)
  noteStep(c.get('exchange'), emulation, progress, { step, sessions })
  switch (step.kind) {
    case 'sign-in':
      return showSignIn(c, emulation, progress, 'username' in step ? step : {})
    case 'approve':
    case 'register':
      return showSecondStep(c, emulation, { ...progress, userId: step.account.user.id }, step)
    case 'block':
      return sendErrorPage(c, step.silent, describeBlock(step.policies))
    case 'pick':
      return showAccounts(c, emulation, progress, step.sessions)
    case 'consent':
      return showConsent(c, emulation, { ...progress, userId: step.account.user.id }, step)
    case 'answer':
      return sendAnswer(c, emulation, progress.request, step)
    case 'show-error':
      return sendErrorPage(c, step.error)
    case 'redirect-error':
      return sendRedirectError(c, emulation, progress.request, step.error)
  }
}

function sendAnswer(
  c: EmulatorContext,
  emulation: Emulation,
  request: AuthorizationRequest,
  step: Extract<Step, { readonly kind: 'answer' }>,
): Page {
  if (request.deviceCode !== undefined) return approveDevice(c, emulation, request.deviceCode, step)
  if (request.isAdminConsent === true) return sendAdminConsent(c, request, step.account)
  if (request.responseType === 'none') return sendNothing(c, request, step)
  const { clientId, version } = request
  emulation.signedInClients.add(step.session.sid, { clientId, version, tenantId: step.account.tenant.id })
  return sendSignIn(c, emulation, request, step)
}

/** Shows the sign-in page, with an error after a failed attempt. */
export function showSignIn(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  { username, message }: { readonly username?: string; readonly message?: string } = {},
): Page {
  const { request } = progress
  const { client, tenant } = findParties(emulation.directory, request)
  const hint = username ?? (request.loginHint === undefined ? undefined : readLoginHint(request.loginHint))
  const page = (
    <SignInPage
      appName={client.displayName}
      tenantName={tenant?.displayName}
      loginHint={hint}
      error={message}
      action={actionPath(request.segment, 'login')}
      fields={sealProgress(c, emulation, progress)}
      suggestions={suggestUsers(emulation.directory, tenant, hint).map(({ username, displayName }) => ({
        username,
        displayName,
      }))}
      cancelUrl={cancelUrl(request)}
    />
  )
  return sendPage(c, page, { redirectUri: request.redirectUri })
}

/**
 * Opens the progress that a form carries.
 * @throws {AadstsError} 9002313 when it was made elsewhere, for another browser, or too long ago
 */
export function openProgress(c: EmulatorContext, emulation: Emulation, form: URLSearchParams): Progress {
  const sealed = emulation.sealer.open(progressKind, form.get('request') ?? '')
  const isOurs = sealed !== undefined && sealed.browser === readBrowserId(c, emulation.origins)
  if (!isOurs || sealed.expiresAt < emulation.clock.now()) throw new AadstsError(9002313)
  const { clientId } = sealed.request
  const user = emulation.directory.findUser(sealed.userId)?.username
  c.get('exchange').note({ clientId, user, correlationId: sealed.correlationId })
  return sealed
}

function showAccounts(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  sessions: readonly SignedIn[],
): Page {
  const { request } = progress
  const { client } = findParties(emulation.directory, request)
  const accounts = sessions.flatMap(({ userId }) => {
    const user = emulation.directory.findUser(userId)
    const tenant = user && emulation.directory.findTenant(user.tenantId)
    if (user === undefined || tenant === undefined) return []
    return [
      { id: user.id, username: user.username, displayName: user.displayName, tenantName: tenant.displayName },
    ]
  })
  const page = (
    <AccountPickerPage
      appName={client.displayName}
      accounts={accounts}
      action={actionPath(request.segment, 'account')}
      fields={sealProgress(c, emulation, progress)}
    />
  )
  return sendPage(c, page, { redirectUri: request.redirectUri })
}

function showSecondStep(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  { kind, account, demand }: Extract<Step, { kind: 'approve' | 'register' }>,
): Page {
  const { request } = progress
  const props = {
    appName: findParties(emulation.directory, request).client.displayName,
    username: account.user.username,
    policies: demand.policies.map(({ name }) => name),
    authContexts: demand.authContexts,
    action: actionPath(request.segment, kind),
    fields: sealProgress(c, emulation, progress),
  }
  const page = kind === 'approve' ? <ApprovePage {...props} /> : <RegistrationPage {...props} />
  return sendPage(c, page, { redirectUri: request.redirectUri })
}

function describeBlock(policies: readonly Policy[]): { title: string; advice: string } {
  const names = policies.map(({ name }) => `“${name}”`).join(', ')
  return {
    title: 'You cannot access this right now',
    advice: `Blocked by ${names}. Signing in again does not help; the policy can be switched off in the portal of the emulator.`,
  }
}

function showConsent(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  { account, permissions }: { readonly account: Account; readonly permissions: readonly Permission[] },
): Page {
  const { request } = progress
  const { client } = findParties(emulation.directory, request)
  const page = (
    <ConsentPage
      appName={client.displayName}
      publisher={client.publisher}
      username={account.user.username}
      permissions={permissions.flatMap(describePermission)}
      action={actionPath(request.segment, 'consent')}
      fields={sealProgress(c, emulation, progress)}
      canConsentForOrganization={isAdministrator(account)}
      organizationName={request.isAdminConsent === true ? account.tenant.displayName : undefined}
    />
  )
  return sendPage(c, page, { redirectUri: request.redirectUri })
}

function describePermission({
  resource,
  scopes,
  roles = [],
}: Permission): { name: string; resource: string; description: string }[] {
  const describe =
    (exposed: readonly (ExposedScope | AppRole)[] = []) =>
    (name: string) => ({
      name,
      resource: resource.displayName,
      description: exposed.find(({ value }) => value === name)?.description ?? name,
    })
  return [...scopes.map(describe(resource.scopes)), ...roles.map(describe(resource.appRoles))]
}

/** The progress of a request as a field of a form, for this browser alone. */
export function sealProgress(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
): { request: string } {
  const expiresAt = emulation.clock.now() + interactionLifetimeMs
  const { facts, traceId, note } = c.get('exchange')
  const correlationId = facts.correlationId ?? traceId
  note({ correlationId })
  const sealed = { ...progress, browser: browserId(c, emulation.origins), expiresAt, correlationId }
  return { request: emulation.sealer.seal(progressKind, sealed) }
}

function actionPath(
  segment: string,
  action: 'login' | 'account' | 'consent' | 'approve' | 'register',
): string {
  return `/${encodeURIComponent(segment)}/${action}`
}
