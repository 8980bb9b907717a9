// The forms of the home page, which work without script: a policy is switched, the sessions of a user are revoked.
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { readOwnForm } from '../form-proof.ts'
import { refuseForeignClient } from '../control/own-client.ts'

/** Where the forms post. */
export const homeFormPath = '/_emulator/home'

/** POST /_emulator/home: one of `enable`, `disable` (a policy's id) and `revoke` (a user principal name). */
export async function homeForm(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  const form = await readOwnForm(c, emulation)
  if (form === undefined) return refuseForeignClient(c)
  return c.redirect(`/#${act(emulation, form)}`, 303)
}

// What is gone by now, because another process removed it, needs no answer: the page shows what there is.
function act({ policies, directory, clock }: Emulation, form: URLSearchParams): 'policies' | 'accounts' {
  const user = directory.findUser(form.get('revoke') ?? '')
  if (user !== undefined) {
    directory.revokeSessions(user, clock.now())
    return 'accounts'
  }
  const enabled = policies.find(form.get('enable') ?? '')
  if (enabled !== undefined) policies.enable(enabled.id)
  const disabled = policies.find(form.get('disable') ?? '')
  if (disabled !== undefined) policies.disable(disabled.id)
  return 'policies'
}
