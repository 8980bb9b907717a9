// A change by HTTP: from this machine's own programs and pages alone, and a mistake is answered with its name.
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { Emulation } from '../emulation.ts'
import { isOwnClient, refuseForeignClient } from './own-client.ts'

/** Does the work for those who may; what is wrong with it becomes 400. */
export async function change(
  c: EmulatorContext,
  emulation: Emulation,
  work: (emulation: Emulation) => Response | Promise<Response>,
): Promise<Response> {
  if (!isOwnClient(c, emulation.origins)) return refuseForeignClient(c)
  try {
    return await work(emulation)
  } catch (error) {
    if (error instanceof EmulatorOptionsError) return c.json({ error: error.message }, 400)
    throw error
  }
}
