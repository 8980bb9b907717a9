// Notes for the request log how far an authorization request came, and what stopped it.
import type { Account } from '../../directory/directory.ts'
import type { Exchange } from '../../http/exchange.ts'
import { describeSession, explainPolicies } from '../../policies/explain-policies.ts'
import type { Emulation } from '../emulation.ts'
import { findParties } from './authorization-request.ts'
import type { Step } from './next-step.ts'
import { situationOf } from './policy-step.ts'
import type { Progress } from './progress.ts'
import type { SignedIn } from './session-cookie.ts'

/** Notes the checks up to the step that comes next, and whom they were about. */
export function noteStep(
  exchange: Exchange,
  emulation: Emulation,
  progress: Progress,
  { step, sessions }: { readonly step: Step; readonly sessions: readonly SignedIn[] },
): void {
  const { look } = exchange
  look('session', { expected: 'one signed-in account', actual: countAccounts(sessions) })
  const account = 'account' in step ? step.account : undefined
  if (account !== undefined) noteAccount(exchange, emulation, progress, { account, sessions })
  noteOutcome(exchange, step)
}

function noteAccount(
  { look, note }: Exchange,
  emulation: Emulation,
  progress: Progress,
  { account, sessions }: { readonly account: Account; readonly sessions: readonly SignedIn[] },
): void {
  const { user, tenant } = account
  note({ user: user.username })
  look('session', { actual: user.username })
  look('user', { expected: `a member or guest of ${tenant.displayName}`, actual: user.username })
  const session = sessions.find(({ userId }) => userId === user.id)
  if (session === undefined) return
  const parties = findParties(emulation.directory, progress.request)
  const situation = situationOf(emulation, progress, { account, session, parties })
  const policyResults = explainPolicies(emulation.policies, situation)
  note({ sessionId: session.sid, amr: session.amr, policyResults })
  look('policies', { actual: describeSession(session) })
}

function noteOutcome({ look, note, ask }: Exchange, step: Step): void {
  if ('policies' in step && step.policies.length > 0) {
    const names = step.policies.map(({ name }) => name)
    note({ policies: names })
    look('policies', { expected: names.join(', ') })
  }
  const shown = pages[step.kind]
  if (shown !== undefined) {
    ask()
    note({ shown })
  }
  if (step.kind === 'consent') {
    const wanted = step.permissions.flatMap(({ scopes, roles = [] }) => [...scopes, ...roles])
    look('consent', { expected: wanted.join(' '), actual: 'not granted yet' })
  } else if (step.kind === 'answer') {
    look('consent', { actual: 'given' })
    look('code', { actual: step.account.user.username })
  } else if ('error' in step) {
    if (consentCodes.has(step.error.code)) look('consent', { actual: 'not granted' })
    else if (step.error.code === 50020) look('user')
  }
}

/** 65001 consent is missing, 90094 an administrator has to consent. */
const consentCodes: ReadonlySet<number> = new Set([65001, 90094])

/** The pages on which the user is asked for what is missing. */
const pages: Readonly<Partial<Record<Step['kind'], string>>> = {
  'sign-in': 'sign-in page',
  approve: 'second step page',
  register: 'page to register a second step',
  pick: 'account picker',
  consent: 'consent page',
}

function countAccounts({ length }: readonly SignedIn[]): string {
  return length === 0 ? 'nobody is signed in' : `${String(length)} signed in`
}
