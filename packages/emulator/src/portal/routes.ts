// Every address of the portal, except those of the sign-in log.
import type { Emulation } from '../endpoints/emulation.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { applicationRoutes } from './applications/application-handlers.tsx'
import { changeClock, showClock } from './bad-days/clock.tsx'
import { changeFaults, showFaults } from './bad-days/faults.tsx'
import { changeKeys, showKeys } from './bad-days/keys.tsx'
import { changePolicies, showPolicies } from './bad-days/policies.tsx'
import { resetToNormal } from './change.ts'
import { showClientSettings } from './connect/client-settings.tsx'
import { sendExport, showExport } from './connect/export-page.tsx'
import { changeConsents, showConsents } from './consents.tsx'
import { goBack, withOwnForm, type Page } from './portal-form.tsx'
import { showEntrance } from './entrance.tsx'
import { agentKind, tenantKind, userKind } from './records/kinds.ts'
import { recordRoutes } from './records/record-handlers.tsx'
import { userExtras } from './records/user-extras.tsx'
import { readToken, showTokens } from './tokens.tsx'
import { undo } from './undo.tsx'

type Handler = (c: EmulatorContext, emulation: Emulation) => Page

/** Method, path and handler; none of them is recorded in the request log. */
export const portalRoutes: readonly (readonly [methods: string, path: string, handler: Handler])[] = [
  ['GET', '/', showEntrance],
  ['POST', '/portal/reset', reset],
  ['POST', '/portal/undo', undo],
  ['GET', '/portal/tokens', showTokens],
  ['POST', '/portal/tokens', readToken],
  ...recordRoutes(tenantKind),
  ...recordRoutes(userKind, userExtras),
  ...applicationRoutes,
  ...recordRoutes(agentKind),
  ['GET', '/portal/consents', showConsents],
  ['POST', '/portal/consents', changeConsents],
  ['GET', '/portal/policies', showPolicies],
  ['POST', '/portal/policies', changePolicies],
  ['GET', '/portal/faults', showFaults],
  ['POST', '/portal/faults', changeFaults],
  ['GET', '/portal/clock', showClock],
  ['POST', '/portal/clock', changeClock],
  ['GET', '/portal/keys', showKeys],
  ['POST', '/portal/keys', changeKeys],
  ['GET', '/portal/connect', showClientSettings],
  ['GET', '/portal/export', showExport],
  ['POST', '/portal/export', sendExport],
]

/** POST /portal/reset: no faults, no policies, and the time as it is. */
function reset(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    await resetToNormal(emulation)
    return goBack(c, form)
  })
}
