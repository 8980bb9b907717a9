// The control endpoints of users, consents and the clock: another process revokes, consents and lets time pass by HTTP.
import { parseConsent } from '../../directory/schema.ts'
import type { Emulation } from '../emulation.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { change } from './change.ts'
import { isOwnClient, readJson, readJsonObject, refuseForeignClient } from './own-client.ts'

/** POST /_emulator/users/{user principal name or object id}/revoke-sessions */
export function revokeSessions(c: EmulatorContext, { directory, clock, origins }: Emulation): Response {
  if (!isOwnClient(c, origins)) return refuseForeignClient(c)
  const name = routeParameter(c, 'user')
  const user = directory.findUser(name)
  if (user === undefined) return c.json({ error: `no user ${name}` }, 404)
  const now = clock.now()
  directory.revokeSessions(user, now)
  return c.json({ user: user.username, tokensValidFrom: new Date(now).toISOString() })
}

/** GET /_emulator/consents */
export function listConsents(c: EmulatorContext, { directory }: Emulation): Response {
  return c.json({ consents: directory.consents.list() })
}

/** POST /_emulator/consents: for a user, or without `userId` for everyone in the tenant. */
export async function grantConsent(c: EmulatorContext, { directory, origins }: Emulation): Promise<Response> {
  if (!isOwnClient(c, origins)) return refuseForeignClient(c)
  const consent = parseConsent(await readJson(c))
  if (typeof consent === 'string') return c.json({ error: consent }, 400)
  await directory.consents.grant(consent)
  return c.json(consent, 201)
}

/** DELETE /_emulator/consents?tenantId&clientId, narrowed by resourceId and userId. */
export async function revokeConsents(
  c: EmulatorContext,
  { directory, origins }: Emulation,
): Promise<Response> {
  if (!isOwnClient(c, origins)) return refuseForeignClient(c)
  const { tenantId, clientId, resourceId, userId } = c.req.query()
  if (tenantId === undefined || clientId === undefined)
    return c.json({ error: 'tenantId and clientId are needed' }, 400)
  const narrowed = {
    ...(resourceId !== undefined && { resourceId }),
    ...(userId !== undefined && { userId }),
  }
  return c.json({ revoked: await directory.consents.revoke({ tenantId, clientId, ...narrowed }) })
}

/** POST /_emulator/clock: moves the clock by `{ advanceSeconds }`. */
export function advanceClock(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async ({ clock }) => {
    const { advanceSeconds } = await readJsonObject(c)
    if (typeof advanceSeconds !== 'number')
      throw new EmulatorOptionsError('advanceSeconds', 'must be a number of seconds')
    clock.advance(advanceSeconds)
    return c.json({ now: new Date(clock.now()).toISOString() })
  })
}
