// The control endpoints of the policies: another process lists, adds, replaces, switches and removes them by HTTP.
import type { Emulation } from '../emulation.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import type { PolicyDefinition } from '../../directory/policy.ts'
import { change } from './change.ts'
import { readJson, readJsonObject } from './own-client.ts'

/** GET /_emulator/policies */
export function listPolicies(c: EmulatorContext, { policies }: Emulation): Response {
  return c.json({ policies: policies.list() })
}

/** POST /_emulator/policies: adds one, in place of the one of the same id. */
export function addPolicy(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async ({ policies }) => {
    // The shape is checked by `add`, which names the member that is wrong.
    const { id } = policies.add((await readJson(c)) as PolicyDefinition)
    return c.json(policies.find(id), 201)
  })
}

/** PUT /_emulator/policies: replaces all of them by `{ policies: [...] }`. */
export function setPolicies(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async ({ policies }) => {
    const { policies: definitions } = await readJsonObject(c)
    if (!Array.isArray(definitions)) throw new EmulatorOptionsError('policies', 'must be a list')
    return c.json({ policies: policies.set(definitions as PolicyDefinition[]) })
  })
}

/** PATCH /_emulator/policies/{id or name}: switches one by `{ enabled: true }` or `{ enabled: false }`. */
export function switchPolicy(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async ({ policies }) => {
    const { enabled } = await readJsonObject(c)
    if (typeof enabled !== 'boolean') throw new EmulatorOptionsError('enabled', 'must be true or false')
    const id = routeParameter(c, 'id')
    if (policies.find(id) === undefined) return c.json({ error: `no policy ${id}` }, 404)
    return c.json(enabled ? policies.enable(id) : policies.disable(id))
  })
}

/** DELETE /_emulator/policies, or one of them by id or name. */
export function removePolicies(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, ({ policies }) => {
    const id = c.req.param('id')
    if (id === undefined) policies.clear()
    else if (!policies.remove(id)) return c.json({ error: `no policy ${id}` }, 404)
    return c.body(null, 204)
  })
}
