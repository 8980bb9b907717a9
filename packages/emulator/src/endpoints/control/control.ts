// The emulator's own endpoints: what is in the directory, and the faults that are switched on.
import { isObject } from '../../kernel/base64url.ts'
import type { Application } from '../../directory/model.ts'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { parseFault } from '../../faults/fault-schema.ts'
import { isOwnClient, readJson, refuseForeignClient } from './own-client.ts'

/** GET /_emulator/health */
export function health(c: EmulatorContext): Response {
  return c.json({ status: 'ok' })
}

/** GET /_emulator/directory: without passwords, secrets and keys. */
export function directory(c: EmulatorContext, emulation: Emulation): Response {
  const { tenants, users, applications, agentIdentities, consents } = emulation.directory
  return c.json({
    tenants,
    users: users.map(({ password: _, ...user }) => user),
    applications: applications.map(withoutCredentials),
    agentIdentities,
    consents: consents.list(),
  })
}

/** GET /_emulator/faults */
export function listFaults(c: EmulatorContext, { faults }: Emulation): Response {
  return c.json({ faults: faults.list() })
}

/** POST /_emulator/faults */
export async function addFault(c: EmulatorContext, { faults, origins }: Emulation): Promise<Response> {
  if (!isOwnClient(c, origins)) return refuseForeignClient(c)
  const fault = parseFault(await readJson(c))
  if (typeof fault === 'string') return c.json({ error: fault }, 400)
  return c.json({ id: faults.add(fault).id }, 201)
}

/** DELETE /_emulator/faults, or one of them by id. */
export function removeFaults(c: EmulatorContext, { faults, origins }: Emulation): Response {
  if (!isOwnClient(c, origins)) return refuseForeignClient(c)
  const id = c.req.param('id')
  if (id === undefined) faults.clear()
  else if (!faults.remove(id)) return c.json({ error: `no fault ${id}` }, 404)
  return c.body(null, 204)
}

function withoutCredentials(application: Application): Record<string, unknown> {
  const { secrets, certificates, federatedCredentials, ...rest } = application
  const credentials = {
    secrets: secrets?.length ?? 0,
    certificates: certificates?.length ?? 0,
    federatedCredentials: federatedCredentials?.length ?? 0,
  }
  return isObject(rest) ? { ...rest, credentials } : { credentials }
}
