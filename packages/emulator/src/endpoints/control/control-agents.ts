// The control endpoints of agents: another process creates, disables and deletes them by HTTP.
import type { AgentIdentity } from '../../directory/model.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import type { Emulation } from '../emulation.ts'
import { change } from './change.ts'
import { readJson, readJsonObject } from './own-client.ts'

/** POST /_emulator/agents: an agent below its blueprint. */
export function addAgent(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async ({ directory }) => {
    // The shape is checked by `addAgent`, which names the member that is wrong.
    return c.json(directory.addAgent((await readJson(c)) as AgentIdentity), 201)
  })
}

/** PATCH /_emulator/agents/{id}: switches one by `{ enabled: true }` or `{ enabled: false }`. */
export function switchAgent(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async ({ directory }) => {
    const { enabled } = await readJsonObject(c)
    if (typeof enabled !== 'boolean') throw new EmulatorOptionsError('enabled', 'must be true or false')
    const id = routeParameter(c, 'id')
    if (directory.findAgent(id) === undefined) return c.json({ error: `no agent ${id}` }, 404)
    directory.setAgentEnabled(id, enabled)
    return c.json(directory.findAgent(id))
  })
}

/** DELETE /_emulator/agents/{id} */
export function removeAgent(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, ({ directory }) => {
    const id = routeParameter(c, 'id')
    return directory.removeAgent(id) ? c.body(null, 204) : c.json({ error: `no agent ${id}` }, 404)
  })
}
