// Forgetting an agent: what is its own goes together, however it was named and whichever process got it; what it got for people is theirs.
import { describe, expect, it } from 'vitest'
import {
  type AccessToken,
  clientSecret,
  createWebApi,
  type ObservedEvent,
  type WebApi,
} from '../../src/index.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
import { HandClock } from '../acquire/scenario.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'
import { accountOf, agentId, createAgentWorld, personId, refuse, type AgentWorld } from './agent-authority.ts'

const scopes = ['api://todolist/Todos.Read']
const appScopes = ['api://todolist/.default']
const keyRing = { current: 'k1', keys: { k1: new Uint8Array(32) } }
const domain = 'contoso.onmicrosoft.com'

function shareOf(world: AgentWorld) {
  const clock = new HandClock()
  clock.ms = world.clock.nowMs()
  const shared = createSharedTextStore(clock)
  return { shared, options: { tokenCache: { store: shared.store, keyRing } } }
}

/** Every way to name what is one agent's own. */
const ways = {
  itself: (api, agent) => api.agent(agentId(agent)).acquireToken({ scopes: appScopes }),
  'itself, its tenant by domain': (api, agent) =>
    api.agent(agentId(agent), { tenantId: domain }).acquireToken({ scopes: appScopes }),
  'its account by object id': (api, agent) => asUser(api, agent, 'objectId').acquireToken({ scopes }),
  'its account by name': (api, agent) => asUser(api, agent, 'userPrincipalName').acquireToken({ scopes }),
  'its account by object id, its tenant by domain': (api, agent) =>
    asUser(api, agent, 'objectId', domain).acquireToken({ scopes }),
  'its account by name, its tenant by domain': (api, agent) =>
    asUser(api, agent, 'userPrincipalName', domain).acquireToken({ scopes }),
} satisfies Record<string, (api: WebApi, agent: number) => Promise<AccessToken>>
type Way = keyof typeof ways

function asUser(api: WebApi, agent: number, by: 'objectId' | 'userPrincipalName', tenant?: string) {
  const named =
    tenant === undefined ? api.agent(agentId(agent)) : api.agent(agentId(agent), { tenantId: tenant })
  return named.asUser({ [by]: accountOf(agent)[by] } as never)
}

async function onBehalf(world: AgentWorld, api: WebApi, agent: number): Promise<AccessToken> {
  return api
    .agent(agentId(agent))
    .onBehalfOf(await world.caller(api, 1))
    .acquireToken({ scopes })
}

async function originsOf(api: WebApi, agent: number): Promise<Record<Way, string>> {
  const origins: [string, string][] = []
  for (const [way, acquire] of Object.entries(ways)) origins.push([way, (await acquire(api, agent)).origin])
  return Object.fromEntries(origins) as Record<Way, string>
}

const all = (origin: string): Record<string, string> =>
  Object.fromEntries(Object.keys(ways).map((way) => [way, origin]))

const accountId = (agent: number): { id: string } => ({ id: `${accountOf(agent).objectId}.${tenantId}` })

it('refuses an account without an id, naming what is missing', async () => {
  const api = createWebApi({ tenantId, clientId, clientCredential: clientSecret('secret') })
  for (const account of [undefined, {}, { id: '' }, { id: 5 }])
    await expect(api.forget(account as never)).rejects.toThrow(/^account\.id must be a text/)
})

describe('an agent is forgotten with everything that is its own', () => {
  const forgettings: readonly (readonly [string, (api: WebApi) => Promise<void>])[] = [
    ['by itself', (api) => api.agent(agentId(1)).forget()],
    ['by itself, its tenant by domain', (api) => api.agent(agentId(1), { tenantId: domain }).forget()],
    ['as its account by object id', (api) => asUser(api, 1, 'objectId').forget()],
    ['as its account by name', (api) => asUser(api, 1, 'userPrincipalName').forget()],
    [
      'as its account by name, its tenant by domain',
      (api) => asUser(api, 1, 'userPrincipalName', domain).forget(),
    ],
    ['with the account that it acts through', (api) => api.forget(accountId(1))],
    ['with the account, written in capitals', (api) => api.forget({ id: accountId(1).id.toUpperCase() })],
  ]

  it.each(forgettings)('%s', async (_, forget) => {
    const world = createAgentWorld()
    const api = world.api()
    for (const agent of [1, 2]) await originsOf(api, agent)
    await onBehalf(world, api, 1)
    const proofs = world.proofs(agentId(1))
    await forget(api)
    expect(await originsOf(api, 1)).toEqual(all('authority'))
    expect(world.proofs(agentId(1))).toBe(2 * proofs) // and what lets it act
    expect(await originsOf(api, 2)).toEqual(all('l1'))
    expect((await onBehalf(world, api, 1)).origin).toBe('l1') // Alice's
  })

  it.each(forgettings)('%s, by a process that never heard of the others’ names', async (_, forget) => {
    const world = createAgentWorld()
    const { options } = shareOf(world)
    const [one, two, three] = [world.api(options), world.api(options), world.api(options)]
    for (const api of [one, two]) await originsOf(api, 1)
    expect(await originsOf(two, 1)).toEqual(all('l1'))
    await forget(three)
    expect(await originsOf(two, 1)).toEqual(all('authority'))
    expect(await originsOf(one, 1)).toEqual(all('l2')) // what the second one got
    await Promise.all([one, two, three].map((api) => api.close()))
  })
})

describe('an account that other agents are named with, and refused', () => {
  const tryOthers = async (world: AgentWorld, apis: readonly WebApi[]): Promise<void> => {
    world.refusal = ({ form }) => (form.has('fmi_path') ? undefined : refuse('unauthorized_client', 700016))
    for (const api of apis)
      for (let agent = 100; agent < 120; agent += 1)
        await api
          .agent(agentId(agent))
          .asUser({ objectId: accountOf(1).objectId })
          .acquireToken({ scopes })
          .catch(() => undefined)
    world.refusal = undefined
  }

  it('is forgotten with the agent that it is of, which may be kept all the while', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const kept = api.agent(agentId(1)).asUser({ objectId: accountOf(1).objectId })
    await kept.acquireToken({ scopes })
    await tryOthers(world, [api])
    await api.forget(accountId(1))
    expect((await kept.acquireToken({ scopes })).origin).toBe('authority')
  })

  it('is revoked with it by another process, too', async () => {
    const world = createAgentWorld()
    const options = { ...shareOf(world).options, revocations: {} }
    const [one, two, three] = [world.api(options), world.api(options), world.api(options)]
    const kept = one.agent(agentId(1)).asUser({ objectId: accountOf(1).objectId })
    await kept.acquireToken({ scopes })
    await tryOthers(world, [one, two])
    await three.revocations.revokeUser({ objectId: accountOf(1).objectId, tenantId })
    expect((await kept.acquireToken({ scopes })).origin).toBe('authority')
    await tryOthers(world, [two]) // and once more, when it has been there already
    await kept.acquireToken({ scopes, forceRefresh: true })
    await tryOthers(world, [two])
    await three.forget(accountId(1))
    expect((await kept.acquireToken({ scopes })).origin).toBe('authority')
    await Promise.all([one, two, three].map((api) => api.close()))
  })
})

describe('what is not the agent’s own', () => {
  it('stays when it is forgotten: what it got for a person goes with the person', async () => {
    const world = createAgentWorld()
    const api = world.api()
    await onBehalf(world, api, 1)
    await api.agent(agentId(1)).forget()
    expect((await onBehalf(world, api, 1)).origin).toBe('l1')
    await api.forget({ id: `${personId(1)}.${tenantId}` })
    expect((await onBehalf(world, api, 1)).origin).toBe('authority')
  })

  it('stays when another account is forgotten', async () => {
    const world = createAgentWorld()
    const api = world.api(shareOf(world).options)
    await originsOf(api, 1)
    await api.forget(accountId(2))
    await api.forget({ id: `${personId(1)}.${tenantId}` })
    expect(await originsOf(api, 1)).toEqual(all('l1'))
    await api.close()
  })
})

describe('revoking an agent’s user account', () => {
  it('forgets what the agent got as it, in every process', async () => {
    const world = createAgentWorld()
    const options = { ...shareOf(world).options, revocations: {} }
    const [one, two] = [world.api(options), world.api(options)]
    await originsOf(one, 1)
    await two.revocations.revokeUser({ objectId: accountOf(1).objectId, tenantId })
    expect(await originsOf(one, 1)).toEqual(all('authority'))
    await Promise.all([one.close(), two.close()])
  })
})

describe('a shared store that is down', () => {
  it('is reported, and this process has forgotten nonetheless', async () => {
    const world = createAgentWorld()
    const { shared, options } = shareOf(world)
    const events: ObservedEvent[] = []
    const api = world.api({ ...options, observer: (event) => void events.push(event) })
    await originsOf(api, 1)
    const before = world.asked.length
    shared.store.get = () => Promise.reject(new Error('down'))
    shared.store.set = () => Promise.reject(new Error('down'))
    shared.store.deletePartition = () => Promise.reject(new Error('down'))
    await expect(api.agent(agentId(1)).forget()).rejects.toMatchObject({ code: 'token_store_failed' })
    await expect(api.forget(accountId(1))).rejects.toMatchObject({ code: 'token_store_failed' })
    expect(await originsOf(api, 1)).toEqual(all('authority')) // and the agent acts without it
    expect(world.asked.length).toBeGreaterThan(before)
    expect(events.filter(({ type }) => type === 'store_failed')).not.toEqual([])
    await api.close()
  })
})

describe('an agent of an API whose options are read later', () => {
  it('is forgotten like any other', async () => {
    const world = createAgentWorld()
    const api = createWebApi(() => world.options())
    await originsOf(api, 1)
    await api.agent(agentId(1)).forget()
    expect(await originsOf(api, 1)).toEqual(all('authority'))
  })
})

it('is told by its name where it fails: the store that cannot forget is reported', async () => {
  const world = createAgentWorld()
  const { shared } = shareOf(world)
  const store = { ...shared.store, deletePartition: () => Promise.reject(new Error('no answer')) }
  const events: ObservedEvent[] = []
  const observer = (event: ObservedEvent): void => void events.push(event)
  const api = world.api({ tokenCache: { store, keyRing }, observer })
  await expect(api.agent(agentId(1)).forget()).rejects.toMatchObject({ code: 'token_store_failed' })
  expect(events.find(({ type }) => type === 'operation_failed')).toMatchObject({ operation: 'forget' })
  await api.close()
})

it('reaches what an agent is about to get through its account', async () => {
  const world = createAgentWorld()
  const api = world.api()
  const { objectId } = accountOf(1)
  const user = api.agent(agentId(1)).asUser({ objectId })
  const underWay = user.acquireToken({ scopes })
  await api.forget({ id: `${objectId}.${tenantId}` })
  const { accessToken } = await underWay
  expect((await user.acquireToken({ scopes })).accessToken).not.toBe(accessToken)
})
