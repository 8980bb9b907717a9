// Policies about agents: on behalf of users, through user accounts, and by themselves.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator, type PolicyDefinition } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  agent,
  alice,
  assistant,
  blueprint,
  bob,
  contoso,
  exchangeScope,
  exchangeToken,
  legacyApi,
  onBehalfOf,
  middleTier,
  postToken,
  provedBy,
  signInToWebClient,
  todoApi,
  webClient,
} from '../scenario.ts'

const sister = 'a0000000-0000-4000-8000-0000000000a1'
const agentIdentities = [
  ...defaultDirectory.agentIdentities!,
  { id: sister, displayName: 'Sister', blueprintId: blueprint, tenantId: contoso },
]

let emulator: Emulator
let t1: string
beforeAll(async () => {
  emulator = await createEmulator({ directory: { ...defaultDirectory, agentIdentities } })
  t1 = await exchangeToken(emulator)
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.policies.clear())

const codes = async (form: Record<string, string>): Promise<unknown> =>
  (await postToken(emulator, form)).body['error_codes']

const alone = (proof = provedBy(t1), resource = todoApi): Promise<unknown> =>
  codes({ ...proof, grant_type: 'client_credentials', scope: `${resource}/.default` })

async function onBehalf(user = alice): Promise<unknown> {
  const assertion = await emulator.mint({
    user,
    client: webClient,
    audience: blueprint,
    scopes: ['access_agent'],
  })
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const form = { grant_type, requested_token_use: 'on_behalf_of', assertion, scope: `${todoApi}/.default` }
  return codes({ ...provedBy(t1), ...form })
}

async function asUser(): Promise<unknown> {
  const grant = { grant_type: 'client_credentials', scope: exchangeScope }
  const own = await postToken(emulator, { ...provedBy(t1), ...grant })
  return codes({
    ...provedBy(t1),
    grant_type: 'user_fic',
    user_federated_identity_credential: own.body['access_token'] as string,
    username: assistant,
    scope: `${todoApi}/.default`,
  })
}

/** The middle tier, for a person: nobody here is an agent. */
async function byPerson(): Promise<unknown> {
  const assertion = await emulator.mint({
    user: alice,
    client: webClient,
    audience: middleTier,
    scopes: ['access_as_user'],
  })
  return codes(onBehalfOf(assertion))
}

const answers = async (): Promise<readonly unknown[]> => [
  await onBehalf(),
  await asUser(),
  await alone(),
  await byPerson(),
]
const none = undefined

describe('a policy', () => {
  it.each<[string, PolicyDefinition, readonly unknown[]]>([
    [
      'blocks every agent and nobody else',
      { kind: 'block', agents: 'all' },
      [[53003], [53003], [53003], none],
    ],
    ['blocks one agent', { kind: 'block', agents: [agent] }, [[53003], [53003], [53003], none]],
    [
      'blocks one agent by name',
      { kind: 'block', agents: ['contoso assistant'] },
      [[53003], [53003], [53003], none],
    ],
    ['leaves other agents alone', { kind: 'block', agents: [sister] }, [none, none, none, none]],
    ['is off', { kind: 'block', agents: 'all', enabled: false }, [none, none, none, none]],
    [
      'is about an API',
      { kind: 'block', agents: 'all', resource: todoApi },
      [[53003], [53003], [53003], none],
    ],
    ['is about another API', { kind: 'block', agents: 'all', resource: legacyApi }, [none, none, none, none]],
    [
      'is about the tenant',
      { kind: 'block', agents: 'all', tenant: contoso },
      [[53003], [53003], [53003], none],
    ],
    [
      'is about another tenant',
      { kind: 'block', agents: 'all', tenant: 'fabrikam.onmicrosoft.com' },
      [none, none, none, none],
    ],
    ['is about a user', { kind: 'block', agents: 'all', users: [alice] }, [[53003], none, none, none]],
    ['is about another user', { kind: 'block', agents: 'all', users: [bob] }, [none, none, none, none]],
    [
      'of a context is asked for nowhere',
      { kind: 'block', agents: 'all', authContext: 'c1' },
      [none, none, none, none],
    ],
    [
      'demands a second step, which an agent alone cannot take',
      { kind: 'require_mfa', agents: 'all' },
      [[50076], [50076], none, none],
    ],
    [
      'that names no agent is about users, whoever acts',
      { kind: 'block' },
      [[53003], [53003], none, [53003]],
    ],
  ])('%s', async (_, policy, expected) => {
    emulator.policies.add(policy)
    expect(await answers()).toEqual(expected)
  })

  it('is told with its claims and in the log when an agent by itself is blocked', async () => {
    const { id } = emulator.policies.add({ kind: 'block', agents: 'all' })
    const form = { grant_type: 'client_credentials', scope: `${todoApi}/.default` }
    const { body } = await postToken(emulator, { ...provedBy(t1), ...form })
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'message_only' })
    expect(JSON.parse(body['claims'] as string)).toEqual({
      access_token: { capolids: { essential: true, values: [id] } },
    })
    const record = emulator.requests.list({ endpoint: 'token' }).at(-1)
    expect(record?.policies).toEqual(['Block access for all APIs through agents'])
  })

  it('is about agents that came later too', async () => {
    const late = { ...agentIdentities[1]!, id: 'a0000000-0000-4000-8000-0000000000a3', displayName: 'Late' }
    expect(() => emulator.policies.add({ kind: 'block', agents: ['Late'] })).toThrow(
      'policy.agents.0: "Late" is not an agent of the directory',
    )
    emulator.directory.addAgent(late)
    emulator.policies.add({ kind: 'block', agents: ['Late'] })
    const proof = provedBy(await exchangeToken(emulator, { fmi_path: late.id }), late.id)
    expect([await alone(proof), await alone()]).toEqual([[53003], none])
    emulator.directory.removeAgent(late.id)
  })

  it('names all agents, or some', () => {
    const add = (agents: unknown) => () =>
      emulator.policies.add({ kind: 'block', agents } as PolicyDefinition)
    expect(add([])).toThrow('policy.agents: ')
    expect(add('every')).toThrow("policy.agents: must be 'all' or a list of agents")
  })

  it('is on the home page with the agents that it is about', async () => {
    emulator.policies.add({ kind: 'block', agents: [agent], name: 'One' })
    emulator.policies.add({ kind: 'block', agents: 'all', name: 'All' })
    const page = await (await fetch(`${emulator.origin}/`)).text()
    expect(page).toContain('Everyone through Contoso Assistant')
    expect(page).toContain('Everyone through agents')
  })

  it('about agents asks nothing of people who sign in', async () => {
    emulator.policies.add({ kind: 'block', agents: 'all' })
    expect((await signInToWebClient(emulator)).status).toBe(200)
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/agents.txt')
})
