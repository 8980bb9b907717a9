// Decides what an authorization request needs next: a sign-in, a choice, a consent, an answer or a refusal.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Directory, Account } from '../../directory/directory.ts'
import {
  administratorPermissions,
  missingPermissions,
  wantedPermissions,
  type Permission,
} from '../../directory/permissions.ts'
import type { Emulation } from '../emulation.ts'
import type { Policy } from '../../directory/policy.ts'
import { strangerError } from '../../grants/active-account.ts'
import { readLoginHint } from '../../tokens/optional-claims.ts'
import { findParties, type RequestParties } from './authorization-request.ts'
import { findPolicyStep, type PolicyStep } from './policy-step.ts'
import type { Progress } from './progress.ts'
import type { SignedIn } from './session-cookie.ts'

/** What comes next. */
export type Step =
  | { readonly kind: 'sign-in' }
  | PolicyStep
  | { readonly kind: 'pick'; readonly sessions: readonly SignedIn[] }
  | { readonly kind: 'consent'; readonly account: Account; readonly permissions: readonly Permission[] }
  | { readonly kind: 'answer'; readonly account: Account; readonly session: SignedIn }
  | { readonly kind: 'show-error'; readonly error: AadstsError }
  | {
      readonly kind: 'redirect-error'
      readonly error: AadstsError
      readonly policies?: readonly Policy[]
      /** Whom it is about, as far as that was known. */
      readonly account?: Account
    }

/** The next step of a request. @throws {AadstsError} when the directory no longer has what the request names */
export function nextStep(emulation: Emulation, progress: Progress, sessions: readonly SignedIn[]): Step {
  const parties = findParties(emulation.directory, progress.request)
  const session = chooseSession(emulation.directory, progress, sessions, parties)
  if ('kind' in session) return silently(progress, session)
  const account = findAccount(emulation, session, parties)
  if (account instanceof AadstsError) return { kind: 'show-error', error: account }
  const demanded = findPolicyStep(emulation, progress, { account, session, parties })
  if (demanded !== undefined) return silently(progress, demanded)
  const findConsent = progress.request.isAdminConsent === true ? adminConsentStep : consentStep
  const consent = findConsent(emulation.directory, progress, account, parties)
  return consent ? silently(progress, consent) : { kind: 'answer', account, session }
}

function chooseSession(
  directory: Directory,
  { request, userId, hasSignedIn = false }: Progress,
  sessions: readonly SignedIn[],
  { tenant }: RequestParties,
): SignedIn | Step {
  if (userId !== undefined) {
    return sessions.find((session) => session.userId === userId) ?? { kind: 'sign-in' }
  }
  if (request.prompts.includes('login') && !hasSignedIn) return { kind: 'sign-in' }
  const usable = sessions.filter((session) => {
    const user = directory.findUser(session.userId)
    return user !== undefined && (tenant === undefined || directory.findAccount(user, tenant) !== undefined)
  })
  if (request.prompts.includes('select_account')) {
    return usable.length > 0 ? { kind: 'pick', sessions: usable } : { kind: 'sign-in' }
  }
  const hinted =
    request.loginHint === undefined ? usable : usable.filter(isHinted(directory, request.loginHint))
  const [only, ...others] = hinted
  if (only === undefined) return { kind: 'sign-in' }
  return others.length > 0 ? { kind: 'pick', sessions: hinted } : only
}

function isHinted(directory: Directory, hint: string): (session: SignedIn) => boolean {
  const user = directory.findUser(readLoginHint(hint))
  return ({ userId }) => userId === user?.id
}

function findAccount(
  { directory, origins }: Pick<Emulation, 'directory' | 'origins'>,
  { userId }: SignedIn,
  { tenant, client }: RequestParties,
): Account | AadstsError {
  const user = directory.findUser(userId)
  const target = tenant ?? (user && directory.findTenant(user.tenantId))
  // Sessions are of users of the directory, and these of its tenants: what remains is a stranger to the tenant.
  if (user === undefined || target === undefined) throw new Error(`the directory has no user ${userId}`)
  return directory.findAccount(user, target) ?? strangerError(origins, user, target, client)
}

function consentStep(
  directory: Directory,
  { request, hasConsented = false }: Progress,
  account: Account,
  { client, scopes }: RequestParties,
): Step | undefined {
  const missing = missingPermissions(directory, account, client, scopes)
  const isForced = request.prompts.includes('consent') && !hasConsented
  if (missing.length === 0 && !isForced) return undefined
  if (missing.some(needsAdministrator) && !isAdministrator(account)) {
    return { kind: 'redirect-error', error: new AadstsError(90094), account }
  }
  const permissions = isForced
    ? mergePermissions(missing, wantedPermissions(directory, client, scopes))
    : missing
  return permissions.length === 0 ? undefined : { kind: 'consent', account, permissions }
}

// Asked for each time, granted before or not, and only of someone who can answer for the tenant.
function adminConsentStep(
  directory: Directory,
  { hasConsented = false }: Progress,
  account: Account,
  { client, scopes }: RequestParties,
): Step | undefined {
  if (!isAdministrator(account)) return { kind: 'show-error', error: new AadstsError(90094) }
  if (hasConsented) return undefined
  return { kind: 'consent', account, permissions: administratorPermissions(directory, client, scopes) }
}

function mergePermissions(
  missing: readonly Permission[],
  wanted: readonly Permission[],
): readonly Permission[] {
  return [...missing.filter((it) => !wanted.some((each) => each.resource === it.resource)), ...wanted]
}

function needsAdministrator({ resource, scopes }: Permission): boolean {
  return scopes.some((name) => resource.scopes?.find(({ value }) => value === name)?.adminOnly === true)
}

/** Whether an account may consent for its whole tenant. */
export function isAdministrator({ user, isGuest }: Account): boolean {
  return user.administrator === true && !isGuest
}

// prompt=none forbids every page: what would have been one becomes an error for the application.
function silently({ request }: Progress, step: Step): Step {
  if (!request.prompts.includes('none')) return step
  if ('silent' in step) {
    const { silent: error, policies, account } = step
    return { kind: 'redirect-error', error, policies, account }
  }
  if (step.kind === 'sign-in') return { kind: 'redirect-error', error: new AadstsError(50058) }
  if (step.kind === 'pick') return { kind: 'redirect-error', error: new AadstsError(16000) }
  if (step.kind !== 'consent') return step
  const client = step.permissions[0]?.client
  const names = { app: request.clientId, name: client?.displayName ?? '' }
  const error = new AadstsError(65001, names, { error: 'consent_required' })
  return { kind: 'redirect-error', error, account: step.account }
}
