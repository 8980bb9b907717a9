// Every way in which Microsoft Graph refuses to create an agent, one row each: the code, the status, and the whole body.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type AgentIdentity, type Emulator } from '../../src/index.ts'
import {
  blueprint,
  blueprintSecret,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  exchangeToken,
  postToken,
  provedBy,
  todoApi,
} from '../scenario.ts'
import {
  agentsDirectory,
  foreignBlueprint,
  otherBlueprint,
  provisioner,
  secret,
  sister,
} from './agents-directory.ts'
import { expectGraphRefusal } from './refusal.ts'

let emulator: Emulator
let agents: readonly AgentIdentity[]
beforeAll(async () => {
  emulator = await createEmulator({ directory: agentsDirectory })
  agents = emulator.directory.agentIdentities
})
afterAll(() => emulator.stop())
afterEach(() => {
  for (const { id } of emulator.directory.agentIdentities)
    if (!agents.some((each) => each.id === id)) emulator.directory.removeAgent(id)
})

type Proof = () => Promise<Record<string, string>>
const bySecret =
  (client_id: string, client_secret: string): Proof =>
  () =>
    Promise.resolve({ client_id, client_secret })
const byBlueprint = bySecret(blueprint, blueprintSecret)
const byProvisioner = bySecret(provisioner, secret)
const bySister: Proof = async () => provedBy(await exchangeToken(emulator, { fmi_path: sister }), sister)

async function tokenOf(proof: Proof): Promise<string> {
  const form = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' }
  return (await postToken(emulator, { ...(await proof()), ...form })).body['access_token'] as string
}

const wanted = {
  displayName: 'Booking agent',
  agentIdentityBlueprintId: blueprint,
  'sponsors@odata.bind': ['https://graph.microsoft.com/v1.0/users/c0000000-0000-4000-8000-0000000000a1'],
}

async function create(proof: Proof, changes: Record<string, unknown> = {}): Promise<Response> {
  return post(await tokenOf(proof), JSON.stringify({ ...wanted, ...changes }))
}

function post(token: string, body: string, prefix = ''): Promise<Response> {
  return fetch(`${emulator.origin}${prefix}/v1.0/servicePrincipals/microsoft.graph.agentIdentity`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  })
}

const traps: readonly (readonly [code: string, why: string, ask: () => Promise<Response>, status: number])[] =
  [
    [
      'AgentIdentity_CredentialsNotSupported',
      'a secret for the agent',
      () => create(byBlueprint, { passwordCredentials: [{ displayName: 'mine' }] }),
      400,
    ],
    [
      'AgentIdentity_CredentialsNotSupported',
      'a certificate for the agent',
      () => create(byBlueprint, { keyCredentials: [] }),
      400,
    ],
    [
      'AgentIdentity_IncompatibleParentType',
      'a parent that is an ordinary application',
      () => create(byProvisioner, { agentIdentityBlueprintId: todoApi }),
      400,
    ],
    [
      'AgentIdentity_AgentBlueprintPrincipalDoesNotExist',
      'a blueprint that the tenant does not have',
      () => create(byProvisioner, { agentIdentityBlueprintId: foreignBlueprint }),
      400,
    ],
    [
      'Error_AgentIdentitySelfCreateRequired',
      'an application that may create its own, for a blueprint',
      () => create(bySecret(daemon, daemonSecret)),
      403,
    ],
    [
      'Error_AgentBlueprintCannotCreateAssociatedIdentity',
      'a blueprint, for another blueprint',
      () => create(byBlueprint, { agentIdentityBlueprintId: otherBlueprint }),
      403,
    ],
    ['Error_AgentIdentitiesCreatingAgentIdentitiesNotAllowed', 'an agent', () => create(bySister), 403],
    ['AgentIdentity_LimitExceeded', 'one agent too many', () => createTooMany(), 400],
    ['Request_BadRequest', 'no sponsor', () => create(byBlueprint, { 'sponsors@odata.bind': [] }), 400],
    ['Request_BadRequest', 'no name', () => create(byBlueprint, { displayName: '' }), 400],
    ['Request_BadRequest', 'no blueprint', () => create(byBlueprint, { agentIdentityBlueprintId: 5 }), 400],
    [
      'Request_BadRequest',
      'a blueprint that is nowhere',
      () => create(byProvisioner, { agentIdentityBlueprintId: 'a0000000-0000-4000-8000-00000000ffff' }),
      400,
    ],
    ['Request_BadRequest', 'no object', async () => post(await tokenOf(byBlueprint), '[]'), 400],
    ['Request_BadRequest', 'no JSON', async () => post(await tokenOf(byBlueprint), '{'), 400],
    [
      'Authorization_RequestDenied',
      'an application without the permission',
      async () => {
        const token = await emulator.mint({
          client: todoApi,
          audience: 'https://graph.microsoft.com',
          roles: [],
        })
        return post(token, JSON.stringify(wanted))
      },
      403,
    ],
    ['InvalidAuthenticationToken', 'nobody', () => post('', JSON.stringify(wanted)), 401],
  ]

async function createTooMany(): Promise<Response> {
  const mine = emulator.directory.agentIdentities.filter(({ blueprintId }) => blueprintId === blueprint)
  for (let number = mine.length; number < 250; number += 1) {
    const id = `a0000000-0000-4000-8000-0000000${String(10_000 + number)}`
    emulator.directory.addAgent({ id, displayName: id, blueprintId: blueprint, tenantId: contoso })
  }
  return create(byBlueprint)
}

describe('creating an agent at Graph is refused', () => {
  it.each(traps)('with %s: %s', async (code, _, ask, status) => {
    await expectGraphRefusal(await ask(), { code, status })
    const left = emulator.directory.agentIdentities.filter(
      ({ displayName }) => displayName === 'Booking agent',
    )
    expect(left).toEqual([])
  })
})

describe('a blueprint', () => {
  it.each([
    ['creates its agents, by a permission that every blueprint has', byBlueprint, ''],
    ['has its agents created by who may for everybody', byProvisioner, '/graph'],
  ] as const)('%s', async (_, proof, prefix) => {
    const response = await post(await tokenOf(proof), JSON.stringify(wanted), prefix)
    expect(response.status).toBe(201)
    const made = (await response.json()) as Record<string, string>
    expect(made).toMatchObject({
      '@odata.context': `${emulator.origin}${prefix}/v1.0/$metadata#servicePrincipals/$entity`,
      '@odata.type': '#microsoft.graph.agentIdentity',
      appId: made['id'],
      displayName: 'Booking agent',
      agentIdentityBlueprintId: blueprint,
      accountEnabled: true,
    })
    const id = made['id']!
    const t1 = provedBy(await exchangeToken(emulator, { fmi_path: id }), id)
    const form = { grant_type: 'client_credentials', scope: `api://${todoApi}/.default` }
    const { body } = await postToken(emulator, { ...t1, ...form })
    expect(claimsOf(body['access_token'] as string)).toMatchObject({ azp: id, xms_par_app_azp: blueprint })
  })
})
