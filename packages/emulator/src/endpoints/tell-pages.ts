// Tells every page what is not normal, what the rail counts, and what can be undone; asked only when a page is drawn.
import type { MiddlewareHandler } from 'hono'
import { describeFault } from '../faults/fault-words.ts'
import type { EmulatorContext, EmulatorEnv } from '../http/exchange.ts'
import type { Counts, Deviation, PageContext } from '../kernel/page-context.ts'
import { offsetInWords } from '../kernel/time-words.ts'
import type { Emulation } from './emulation.ts'
import { helpWith } from './error-help.ts'
import { formFields } from './form-proof.ts'

/** Lets every page of the server know the emulator around it. */
export function tellPages(emulation: Emulation): MiddlewareHandler<EmulatorEnv> {
  return (c, next) => {
    c.set('pageContext', () => contextOf(c, emulation))
    c.set('helpWith', (error) => helpWith(error, emulation))
    return next()
  }
}

function contextOf(c: EmulatorContext, emulation: Emulation): PageContext {
  const { pathname, search } = new URL(c.req.url)
  return {
    deviations: deviationsOf(emulation),
    // Sealed only where a form is drawn, for it gives the browser its cookie.
    get fields() {
      return formFields(c, emulation)
    },
    ...(c.req.method === 'GET' && { back: pathname + search }),
    counts: countsOf(emulation),
    lastChange: emulation.changes.last,
  }
}

/** Whatever makes the emulator answer in another way than on a good day. */
function deviationsOf(emulation: Emulation): readonly Deviation[] {
  const { policies, faults, directory } = emulation
  const nameOf = (id: string): string => directory.findApplication(id)?.displayName ?? id
  const clock = clockInWords(emulation)
  return [
    ...(clock === undefined
      ? []
      : [{ subject: 'clock' as const, text: `clock ${clock}`, href: '/portal/clock' }]),
    ...faults.list().map((fault) => ({
      subject: 'fault' as const,
      text: describeFault(fault, nameOf),
      href: '/portal/faults',
    })),
    ...policies
      .list()
      .filter(({ enabled }) => enabled)
      .map(({ name }) => ({ subject: 'policy' as const, text: name, href: '/portal/policies' })),
  ]
}

function clockInWords({ clock }: Pick<Emulation, 'clock'>): string | undefined {
  const { offsetMs, frozenAtMs } = clock.setting
  if (frozenAtMs !== undefined) return 'stopped'
  return offsetMs === 0 ? undefined : offsetInWords(offsetMs / 1000)
}

function countsOf(emulation: Emulation): Counts {
  const { directory, policies, faults } = emulation
  const on = policies.list().filter(({ enabled }) => enabled).length
  const faultsOn = faults.list().length
  const clock = clockInWords(emulation)
  return {
    tenants: String(directory.tenants.length),
    users: String(directory.users.length),
    applications: String(directory.applications.length),
    agents: String(directory.agentIdentities.length),
    consents: String(directory.consents.list().length),
    ...(on > 0 && { policies: `${String(on)} on` }),
    ...(faultsOn > 0 && { faults: `${String(faultsOn)} on` }),
    ...(clock !== undefined && { clock }),
  }
}
