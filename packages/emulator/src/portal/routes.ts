// Every address of the portal, except those of the sign-in log.
import type { Emulation } from '../endpoints/emulation.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { resetToNormal } from './change.ts'
import { goBack, withOwnForm, type Page } from './portal-form.tsx'

type Handler = (c: EmulatorContext, emulation: Emulation) => Page

/** Method, path and handler; none of them is recorded in the request log. */
export const portalRoutes: readonly (readonly [methods: string, path: string, handler: Handler])[] = [
  ['POST', '/portal/reset', reset],
  ['POST', '/portal/undo', undo],
]

/** POST /portal/reset: no faults, no policies, and the time as it is. */
function reset(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    await resetToNormal(emulation)
    return goBack(c, form)
  })
}

/** POST /portal/undo: takes the last change back. */
function undo(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    await emulation.changes.undo()
    return goBack(c, form)
  })
}
