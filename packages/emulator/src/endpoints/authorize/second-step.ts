// The forms of the second step: a sign-in is approved or denied, a second step is registered or not.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { sendRedirectError } from './authorization-response.tsx'
import { readForm, withErrorPage } from './guarded.ts'
import { continueInteraction, openProgress } from './interaction.tsx'
import { nextStep } from './next-step.ts'
import { readSessions, strengthenSession } from './session-cookie.ts'

/** POST {tenant}/approve: `approval=approve` or `deny`. */
export function approve(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return takeSecondStep(c, emulation, (form) => form.get('approval') === 'approve')
}

/** POST {tenant}/register: `registration=complete` or `cancel`. Registering is a second step by itself. */
export function register(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return takeSecondStep(c, emulation, (form) => form.get('registration') === 'complete')
}

function takeSecondStep(
  c: EmulatorContext,
  emulation: Emulation,
  isTaken: (form: URLSearchParams) => boolean,
): Promise<Response> {
  return withErrorPage(c, async () => {
    const form = await readForm(c)
    const progress = openProgress(c, emulation, form)
    const answer = form.get('approval') ?? form.get('registration') ?? undefined
    c.get('exchange').look('second_step', { expected: 'approve or complete', actual: answer })
    if (!isTaken(form)) return sendRedirectError(c, emulation, progress.request, new AadstsError(500121))
    const sessions = readSessions(c, emulation)
    // What is demanded is worked out again from the sealed request: the form only says yes.
    const step = nextStep(emulation, progress, sessions)
    if (step.kind !== 'approve' && step.kind !== 'register')
      return continueInteraction(c, emulation, progress, sessions)
    const { account, demand } = step
    const userId = account.user.id
    if (step.kind === 'register') emulation.policies.register(demand.policies, userId)
    const stronger = strengthenSession(c, emulation, { userId, authContexts: demand.authContexts })
    return continueInteraction(c, emulation, progress, stronger)
  })
}
