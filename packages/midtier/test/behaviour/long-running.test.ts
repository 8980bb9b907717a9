// A worker goes on for a user whose token has long expired, against the emulator over real HTTP.
import { createHash, randomBytes } from 'node:crypto'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryTokens, createTokenSource } from '../../src/acquire/create-token-source.ts'
import { createLongRunning } from '../../src/acquire/long-running.ts'
import { type CallerFacts, createTokenRequests } from '../../src/acquire/request/requests.ts'
import { createAuthority } from '../../src/authority/authority.ts'
import { createSharedStore } from '../../src/acquire/shared/shared-store.ts'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { createCallContext } from '../../src/kernel/observer.ts'
import { Redacted } from '../../src/kernel/redacted.ts'
import { MemoryStore } from '../../src/token-cache/memory-store.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import { defaultLifetimeSeconds as lifetimeSeconds } from '../settings/default-settings.ts'
import { alice, ids } from './scenario.ts'
import { memoryBounds, requestLimits } from '../acquire/limits.ts'

let emulator: Emulator

beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const ring = { current: 'k1', keys: { k1: randomBytes(32) } }

/** A process; all of them share the store. */
function startProcess(store: MemoryStore<string>) {
  const clock = { nowMs: () => emulator.clock.now() }
  const shared = { clientId: ids.middleTier, clientCapabilities: ['cp1'] }
  const requests = createTokenRequests({
    clientId: ids.middleTier,
    authority: createAuthority({ instance: emulator.origin, tenantId: ids.contoso }),
    tenantId: ids.contoso,
  })
  const source = createTokenSource(
    {
      ...shared,
      ...requestLimits(),
      clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
      tokenEndpoint: (tenant) => `${emulator.origin}/${tenant}/oauth2/v2.0/token`,
    },
    {
      fetch,
      clock,
      l1: createMemoryTokens(clock, memoryBounds),
      shared: createSharedStore(sealed(store, ring), { timeoutMs: 60_000 }, { clock, random: () => 0 }),
    },
  )
  return createLongRunning({ requests, source, sessions: source.sessions, clock, lifetimeSeconds })
}

async function signIn(): Promise<CallerFacts> {
  const token = await emulator.mint({
    user: alice,
    client: ids.webClient,
    audience: ids.middleTier,
    scopes: ['access_as_user'],
  })
  const principal: CallerFacts['principal'] = {
    kind: 'user',
    agent: undefined,
    tenantId: ids.contoso,
    objectId: ids.alice,
    subject: 'alice',
    clientId: ids.webClient,
    scopes: ['access_as_user'],
    roles: [],
    issuer: `${emulator.origin}/${ids.contoso}/v2.0`,
    version: '2.0',
    expiresAtMs: emulator.clock.now() + 3_600_000,
    claims: {},
  }
  const digest = createHash('sha256').update(token).digest('base64url')
  return {
    principal,
    assertion: { token: new Redacted(token), digest },
    account: { id: `${ids.alice}.${ids.contoso}` },
  }
}

it('continues in another process days after the assertion has expired, until the user is revoked', async () => {
  const store = new MemoryStore<string>({
    clock: { nowMs: () => emulator.clock.now() },
    sizeOf: ({ length }) => length,
    ...memoryBounds,
  })
  const context = createCallContext(undefined, () => emulator.clock.now(), undefined)
  const key = await startProcess(store).start(await signIn(), { scopes: ['User.Read'] }, context)
  const first = await startProcess(store).acquire(key, {}, context)
  for (let days = 1; days <= 3; days += 1) {
    emulator.clock.advance(24 * 3600)
    const later = await startProcess(store).acquire(key, {}, context)
    expect(later.accessToken).not.toBe(first.accessToken)
    expect(later.expiresAtMs).toBeGreaterThan(emulator.clock.now())
  }
  emulator.clock.advance(24 * 3600)
  emulator.directory.revokeSessions(emulator.directory.findUser(alice)!, emulator.clock.now() + 1)
  await expect(startProcess(store).acquire(key, {}, context)).rejects.toMatchObject({
    code: 'interaction_required',
    reason: 'sign_in_required',
  })
  await expect(startProcess(store).acquire(key, {}, context)).rejects.toMatchObject({
    reason: 'session_unknown',
  })
})
