// Leads a user through an authorization request: shows the page of the next step, or sends the answer.
import { AadstsError } from '../../aadsts-error.ts'
import type { Account } from '../../directory/directory.ts'
import type { Permission } from '../../directory/permissions.ts'
import type { Emulation } from '../../emulation.ts'
import type { EmulatorContext } from '../../exchange.ts'
import type { SealedKind } from '../../seal.ts'
import { readLoginHint } from '../../tokens/optional-claims.ts'
import { AccountPickerPage } from '../../ui/account-picker-page.tsx'
import { ConsentPage } from '../../ui/consent-page.tsx'
import { SignInPage } from '../../ui/sign-in-page.tsx'
import { sendErrorPage, sendPage } from '../page.tsx'
import { findParties } from './authorization-request.ts'
import { cancelUrl, sendCode, sendRedirectError } from './authorization-response.tsx'
import { isAdministrator, nextStep, type Progress } from './next-step.ts'
import { browserId, readBrowserId, type SignedIn } from './session-cookie.ts'

/** The progress of a request inside a form, bound to the browser that it was shown to. */
interface SealedProgress extends Progress {
  readonly browser: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
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
  switch (step.kind) {
    case 'sign-in':
      return showSignIn(c, emulation, progress)
    case 'pick':
      return showAccounts(c, emulation, progress, step.sessions)
    case 'consent':
      return showConsent(c, emulation, { ...progress, userId: step.account.user.id }, step)
    case 'answer':
      return sendCode(c, emulation, progress.request, step)
    case 'show-error':
      return sendErrorPage(c, step.error)
    case 'redirect-error':
      return sendRedirectError(c, emulation, progress.request, step.error)
  }
}

/** Shows the sign-in page, with an error after a failed attempt. */
export function showSignIn(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  failure?: { readonly username: string; readonly message: string },
): Page {
  const { request } = progress
  const { client, tenant } = findParties(emulation, request)
  const accounts = tenant
    ? emulation.directory.accountsOf(tenant).map(({ user }) => user)
    : emulation.directory.users
  const hint =
    failure?.username ?? (request.loginHint === undefined ? undefined : readLoginHint(request.loginHint))
  const page = (
    <SignInPage
      appName={client.displayName}
      tenantName={tenant?.displayName}
      loginHint={hint}
      error={failure?.message}
      action={actionPath(request.segment, 'login')}
      fields={seal(c, emulation, progress)}
      suggestions={accounts.map(({ username, displayName }) => ({ username, displayName }))}
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
  const isOurs = sealed !== undefined && sealed.browser === readBrowserId(c, emulation)
  if (!isOurs || sealed.expiresAt < emulation.clock.now()) throw new AadstsError(9002313)
  c.get('exchange').note({ clientId: sealed.request.clientId })
  return sealed
}

function showAccounts(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  sessions: readonly SignedIn[],
): Page {
  const { request } = progress
  const { client } = findParties(emulation, request)
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
      fields={seal(c, emulation, progress)}
    />
  )
  return sendPage(c, page, { redirectUri: request.redirectUri })
}

function showConsent(
  c: EmulatorContext,
  emulation: Emulation,
  progress: Progress,
  { account, permissions }: { readonly account: Account; readonly permissions: readonly Permission[] },
): Page {
  const { request } = progress
  const { client } = findParties(emulation, request)
  const page = (
    <ConsentPage
      appName={client.displayName}
      publisher={client.publisher}
      username={account.user.username}
      permissions={permissions.flatMap(describePermission)}
      action={actionPath(request.segment, 'consent')}
      fields={seal(c, emulation, progress)}
      canConsentForOrganization={isAdministrator(account)}
    />
  )
  return sendPage(c, page, { redirectUri: request.redirectUri })
}

function describePermission({
  resource,
  scopes,
}: Permission): { name: string; resource: string; description: string }[] {
  return scopes.map((name) => ({
    name,
    resource: resource.displayName,
    description: resource.scopes?.find(({ value }) => value === name)?.description ?? name,
  }))
}

function seal(c: EmulatorContext, emulation: Emulation, progress: Progress): { request: string } {
  const expiresAt = emulation.clock.now() + interactionLifetimeMs
  const sealed = { ...progress, browser: browserId(c, emulation), expiresAt }
  return { request: emulation.sealer.seal(progressKind, sealed) }
}

function actionPath(segment: string, action: 'login' | 'account' | 'consent'): string {
  return `/${encodeURIComponent(segment)}/${action}`
}
