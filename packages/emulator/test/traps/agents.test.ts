// Every way in which agents are known to go wrong, one row each, and what Entra answers: the error, the number, and the whole body.
// How each is refused in all its variants is told beside the grants (`grants/agents-refused`) and the policies (`policies/agents`).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type MintRequest } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import {
  agent,
  alice,
  assistant,
  authorizeUrl,
  blueprint,
  claimsOf,
  contoso,
  exchangeScope,
  exchangeToken,
  fabrikam,
  forAgent,
  postToken,
  provedBy,
  todoApi,
  webClient,
  type TokenAnswer,
} from '../scenario.ts'
import { agentsDirectory, sister, otherBlueprint } from './agents-directory.ts'
import { expectPageRefusal, expectTokenRefusal, type Refusal } from './refusal.ts'

let emulator: Emulator
let t1: string
beforeAll(async () => {
  emulator = await createEmulator({ directory: agentsDirectory })
  t1 = await exchangeToken(emulator)
})
afterAll(() => emulator.stop())

const tasks = `api://${todoApi}/Tasks.ReadWrite`

/** The agent by itself. */
function alone(proof = provedBy(t1), tenant = contoso): Promise<TokenAnswer> {
  const form = { grant_type: 'client_credentials', scope: `api://${todoApi}/.default` }
  return postToken(emulator, { ...proof, ...form }, { tenant })
}

/** The agent on behalf of Alice. */
async function onBehalf(
  { proof = provedBy(t1), scope = tasks }: { proof?: Record<string, string>; scope?: string } = {},
  mint: Partial<MintRequest> = {},
): Promise<TokenAnswer> {
  const assertion = await emulator.mint({
    ...{ user: alice, client: webClient, audience: blueprint, scopes: ['access_agent'] },
    ...mint,
  })
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const form = { grant_type, requested_token_use: 'on_behalf_of', assertion, scope }
  return postToken(emulator, { ...proof, ...form })
}

/** An agent through a user account. */
async function asUser(username: string, id = agent): Promise<TokenAnswer> {
  const proof = provedBy(await exchangeToken(emulator, { fmi_path: id }), id)
  const own = await postToken(emulator, {
    ...{ ...proof, grant_type: 'client_credentials', scope: exchangeScope },
  })
  const t2 = own.body['access_token'] as string
  const form = { grant_type: 'user_fic', user_federated_identity_credential: t2, username, scope: tasks }
  return postToken(emulator, { ...proof, ...form })
}

/** The answer while something is so, which is put right afterwards. */
async function whilst(set: () => () => unknown, ask: () => Promise<TokenAnswer>): Promise<TokenAnswer> {
  const putRight = set()
  try {
    return await ask()
  } finally {
    putRight()
  }
}

const disabled = () => {
  emulator.directory.setAgentEnabled(agent, false)
  return () => emulator.directory.setAgentEnabled(agent, true)
}
const deleted = () => {
  const before = emulator.directory.snapshot()
  emulator.directory.removeAgent(agent)
  return () => emulator.directory.restore(before)
}
const blocked = () => {
  emulator.policies.add({ kind: 'block', agents: 'all' })
  return () => emulator.policies.clear()
}
const refused = (error: string, code: number, more: Partial<Refusal> = {}): Refusal => ({
  ...{ error, code },
  ...more,
})

// The numbers of 700211 to 700213 are of the family that Entra uses for such credentials, and not yet compared with a real tenant.
const traps: readonly (readonly [trap: string, ask: () => Promise<TokenAnswer>, Refusal])[] = [
  [
    'the caller’s token is for the agent, instead of its blueprint',
    () => onBehalf({}, { claims: { aud: agent } }),
    refused('invalid_grant', 500131),
  ],
  [
    'T1 is fetched in common',
    () => postToken(emulator, forAgent(), { tenant: 'common' }),
    refused('invalid_request', 90019),
  ],
  ['T1 is shown in common', () => alone(provedBy(t1), 'common'), refused('invalid_request', 90019)],
  [
    'T1 is used for another agent of the same blueprint',
    () => alone(provedBy(t1, sister)),
    refused('invalid_client', 700213),
  ],
  [
    'T1 is of another blueprint, no parent of the agent',
    async () =>
      alone(provedBy(await exchangeToken(emulator, { client_id: otherBlueprint, client_secret: 'x' }))),
    refused('invalid_client', 700212),
  ],
  [
    'T1 is of another tenant',
    async () => alone(provedBy(await exchangeToken(emulator, {}, fabrikam))),
    refused('invalid_client', 700211),
  ],
  [
    'consent is missing on the blueprint',
    () => onBehalf({ scope: 'Mail.Read' }),
    refused('invalid_grant', 65001),
  ],
  [
    'the agent is disabled',
    () => whilst(disabled, () => onBehalf()),
    refused('unauthorized_client', 7000112),
  ],
  ['the agent is deleted', () => whilst(deleted, () => onBehalf()), refused('unauthorized_client', 700016)],
  [
    'Conditional Access blocks agents, on behalf of a person',
    () => whilst(blocked, () => onBehalf()),
    refused('invalid_grant', 53003),
  ],
  [
    'Conditional Access blocks agents, by themselves',
    () => whilst(blocked, () => alone()),
    refused('invalid_grant', 53003),
  ],
  [
    'an agent acts as another agent’s user account',
    () => asUser(assistant, sister),
    refused('invalid_client', 700213),
  ],
]

describe('a trap of agents', () => {
  it.each(traps)('%s', async (_, ask, refusal) => {
    expectTokenRefusal(await ask(), refusal)
    // What went wrong was that alone: the same agent is well before and after.
    expect([(await alone()).status, (await onBehalf()).status]).toEqual([200, 200])
  })

  it('says which consent is missing, and which policy refused', async () => {
    const consent = await onBehalf({ scope: 'Mail.Read' })
    expect(consent.body).toMatchObject({ suberror: 'consent_required' })
    expect(consent.body['error_description']).toContain(agent)
    expect((await whilst(blocked, () => alone())).body).toMatchObject({ suberror: 'message_only' })
  })

  it('one cache for two agents of a blueprint: nothing is refused, and APIs see the other agent', async () => {
    const shared = new Map<string, string>() // by user and scopes, as a cache keeps tokens that knows of no agents
    const acquire = async (id: string): Promise<string> => {
      const key = `${alice} ${tasks}`
      const proof = provedBy(await exchangeToken(emulator, { fmi_path: id }), id)
      const token = shared.get(key) ?? ((await onBehalf({ proof })).body['access_token'] as string)
      shared.set(key, token)
      return token
    }
    const seen = [await acquire(agent), await acquire(sister)].map(
      (token) => claimsOf(token)['azp'] as string,
    )
    expect(seen).toEqual([agent, agent])
  })

  it('a person is sent to consent to an agent: a page says that it is the blueprint’s', async () => {
    const url = authorizeUrl(emulator, { client_id: agent, scope: 'Mail.Read' })
    expectPageRefusal(await createBrowser(emulator.origin).open(url), 82014)
  })
})
