// The forms of the home page, which work without script: a policy is switched, the sessions of a user are revoked.
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { SealedKind } from '../../kernel/seal.ts'
import { browserId, readBrowserId } from '../authorize/session-cookie.ts'
import { refuseForeignClient } from '../control/own-client.ts'

/** Proof that a form was shown to this browser: no other site can post it for the user. */
const homeFormKind: SealedKind<{ readonly browser: string }> = { name: 'home form/1' }

/** Where the forms post. */
export const homeFormPath = '/_emulator/home'

/** The fields that every form of the home page carries. */
export function homeFormFields(c: EmulatorContext, emulation: Emulation): { readonly form: string } {
  return { form: emulation.sealer.seal(homeFormKind, { browser: browserId(c, emulation.origins) }) }
}

/** POST /_emulator/home: one of `enable`, `disable` (a policy's id) and `revoke` (a user principal name). */
export async function homeForm(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  const form = new URLSearchParams(await c.req.text())
  if (!isOurForm(c, emulation, form.get('form'))) return refuseForeignClient(c)
  return c.redirect(`/#${act(emulation, form)}`, 303)
}

function isOurForm(c: EmulatorContext, emulation: Emulation, sealed: string | null): boolean {
  const opened = emulation.sealer.open(homeFormKind, sealed ?? '')
  return opened !== undefined && opened.browser === readBrowserId(c, emulation.origins)
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
