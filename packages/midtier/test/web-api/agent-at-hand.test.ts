// What an agent has in this process already is given at once: to just that agent, account and tenant, and only where nothing else is asked for.
import { describe, expect, it } from 'vitest'
import type { AccessToken, AcquireOptions, Agent, ObservedEvent } from '../../src/index.ts'
import { otherTenantId, tenantId } from '../jwt/token-builder.ts'
import { accountOf, agentId, createAgentWorld, personId, read } from './agent-authority.ts'

const scopes = ['api://todolist/Todos.Read']
const appScopes = ['api://todolist/.default']

interface Actor {
  acquireToken(options: AcquireOptions): Promise<AccessToken>
}
const actors: readonly (readonly [string, (agent: Agent) => Actor, readonly string[]])[] = [
  ['an agent by itself', (agent) => agent, appScopes],
  ['an agent through its user account', (agent) => agent.asUser({ objectId: accountOf(1).objectId }), scopes],
]

describe.each(actors)('%s', (_, actorOf, asked) => {
  const create = (options = {}) => {
    const world = createAgentWorld()
    const api = world.api(options)
    return { world, api, actor: actorOf(api.agent(agentId(1))) }
  }
  const ask = (actor: Actor, more: object = {}) =>
    actor.acquireToken({ scopes: asked, ...more }).then(({ origin }) => origin)

  it('has it, until it is due for renewal', async () => {
    const { world, actor } = create()
    expect([await ask(actor), await ask(actor)]).toEqual(['authority', 'l1'])
    const before = world.asked.length
    world.clock.advanceSeconds(1_900)
    expect(await ask(actor)).toBe('l1')
    await expect.poll(() => world.asked.length).toBeGreaterThan(before) // renewed behind it
    world.clock.advanceSeconds(4_000)
    expect(await ask(actor)).toBe('authority')
  })

  it.each([
    ['wants it anew', { forceRefresh: true }, 'authority'],
    ['brings a claims challenge', { claims: '{"access_token":{"nbf":{"value":"1"}}}' }, 'authority'],
    ['waits so long at most', { timeoutMs: 5_000 }, 'l1'],
    [
      'says that nothing else is meant',
      { forceRefresh: false, claims: undefined, tenantId: undefined },
      'l1',
    ],
  ])('is looked at closely when it %s', async (_what, more, origin) => {
    const { actor } = create()
    await ask(actor)
    expect(await ask(actor, more)).toBe(origin)
  })

  it.each([
    null,
    undefined,
    5,
    {},
    { scopes: 5 },
    { scopes: [] },
    { scopes: [5] },
    { scopes: asked, audience: 'x' },
  ])('refuses what is no request, though it has a token: %j', async (options) => {
    const { actor } = create()
    await ask(actor)
    await expect(actor.acquireToken(options as never)).rejects.toMatchObject({
      code: 'acquisition_impossible',
    })
  })

  it('is told of where somebody observes', async () => {
    const events: ObservedEvent[] = []
    const { actor } = create({ observer: (event: ObservedEvent) => void events.push(event) })
    for (let time = 0; time < 3; time += 1) await ask(actor)
    const told = events.flatMap((event) => (event.type === 'token_acquired' ? [event.origin] : []))
    expect(told.slice(-3)).toEqual(['authority', 'l1', 'l1'])
  })

  it('has none of another agent, another tenant or other scopes', async () => {
    const { api, actor } = create()
    await ask(actor)
    const others = [
      actorOf(api.agent(agentId(2))),
      actorOf(api.agent(agentId(1), { tenantId: otherTenantId })),
      { acquireToken: () => actor.acquireToken({ scopes: [asked[0]!.replace('todolist', 'other')] }) },
    ]
    for (const other of others) expect(await ask(other)).toBe('authority')
    expect(await ask(actor)).toBe('l1')
    const elsewhere = await actor.acquireToken({ scopes: asked, tenantId: otherTenantId } as AcquireOptions)
    expect(read(elsewhere.accessToken).tenant).toBe(otherTenantId) // no option of its type, and never its token of home
  })
})

describe('two user accounts', () => {
  it('have each their own, by whichever name', async () => {
    const agent = createAgentWorld().api().agent(agentId(1))
    const named = [1, 2].flatMap((number) => {
      const { objectId, userPrincipalName } = accountOf(number)
      return [agent.asUser({ objectId }), agent.asUser({ userPrincipalName })].map(
        (user, index) => [user, index === 0 ? objectId : userPrincipalName] as const,
      )
    })
    for (let round = 0; round < 2; round += 1)
      for (const [user, name] of named)
        expect(read((await user.acquireToken({ scopes })).accessToken).subject).toBe(name)
  })
})

describe('thousands of agents for one caller', () => {
  it('have each their own token, and the caller has one', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const caller = await world.caller(api, 1)
    const agents = Array.from({ length: 300 }, (_, number) => api.agent(agentId(number)))
    await caller.acquireToken({ scopes })
    for (let round = 0; round < 2; round += 1)
      for (const [number, agent] of agents.entries()) {
        const token = await agent.onBehalfOf(caller).acquireToken({ scopes })
        expect(token.origin).toBe(round === 0 ? 'authority' : 'l1')
        expect(read(token.accessToken)).toMatchObject({
          actor: agentId(number),
          subject: personId(1),
          tenant: tenantId,
        })
      }
    expect((await caller.acquireToken({ scopes })).origin).toBe('l1')
  })
})
