// Blueprints, agents and their user accounts in a directory: what Entra refuses to create.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type AgentIdentity, type Emulator } from '../../src/index.ts'
import { parseDirectory } from '../../src/directory/schema.ts'
import { agent, blueprint, contoso, daemon, fabrikam, graph, todoApi } from '../scenario.ts'

const nobody = 'a0000000-0000-4000-8000-00000000ffff'
const missing = 'a0000000-0000-4000-8000-00000000fffe'
const fresh: AgentIdentity = {
  id: 'a0000000-0000-4000-8000-0000000000a1',
  displayName: 'Second assistant',
  blueprintId: blueprint,
  tenantId: contoso,
}
const homeOnly = { id: nobody, displayName: 'Home', tenantId: contoso, agentBlueprint: {} }
const account = {
  id: 'c0000000-0000-4000-8000-0000000000e9',
  tenantId: contoso,
  username: 'second@contoso.onmicrosoft.com',
  displayName: 'Second',
  agentIdentityId: agent,
}
const credentials = 'AgentIdentity_CredentialsNotSupported: credentials belong to the blueprint'

const parse = (lists: Record<string, readonly object[]>): void => {
  const merged = Object.entries(lists).map(([name, items]) => [
    name,
    [...(defaultDirectory[name as keyof typeof defaultDirectory] ?? []), ...items],
  ])
  parseDirectory({ ...defaultDirectory, ...Object.fromEntries(merged) })
}

const wrongAgents: readonly (readonly [string, object, string])[] = [
  ['a secret', { secrets: [{ value: 'x' }] }, `secrets: ${credentials}`],
  ['a certificate', { certificates: [] }, `certificates: ${credentials}`],
  ['a federated credential', { federatedCredentials: [] }, `federatedCredentials: ${credentials}`],
  ['an id that is no GUID', { id: 'agent' }, 'id: must be a GUID'],
  ['the id of another agent', { id: agent }, `id: ${agent} is there twice`],
  ['the id of an application', { id: daemon }, `id: ${daemon} is there twice`],
  ['a tenant that is not there', { tenantId: nobody }, `tenantId: ${nobody} is not in the directory`],
  [
    'a blueprint that is not there',
    { blueprintId: nobody },
    `blueprintId: ${nobody} is not in the directory`,
  ],
  [
    'a parent that is no blueprint',
    { blueprintId: daemon },
    'blueprintId: AgentIdentity_IncompatibleParentType: Nightly report daemon is not a blueprint',
  ],
  [
    'another agent for a parent',
    { blueprintId: agent },
    'blueprintId: AgentIdentity_IncompatibleParentType: Contoso Assistant is not a blueprint',
  ],
]

describe('an agent of a directory', () => {
  it.each(wrongAgents)('has not %s', (_, changes, problem) => {
    const made = () => parse({ agentIdentities: [{ ...fresh, ...changes }] })
    expect(made).toThrow(`directory.agentIdentities.1.${problem}`)
  })

  it('has a blueprint that is in its tenant, at home or provisioned', () => {
    const abroad = { ...fresh, tenantId: fabrikam }
    expect(() => parse({ agentIdentities: [abroad] })).not.toThrow()
    const orphan = () =>
      parse({ applications: [homeOnly], agentIdentities: [{ ...abroad, blueprintId: nobody }] })
    expect(orphan).toThrow(
      `directory.agentIdentities.1.blueprintId: AgentIdentity_AgentBlueprintPrincipalDoesNotExist: Home is not provisioned in ${fabrikam}`,
    )
  })

  it('is one of at most 250 of its blueprint in its tenant', () => {
    const many = Array.from({ length: 250 }, (_, index) => ({
      ...fresh,
      id: `a0000000-0000-4000-8000-0000000${String(10_000 + index)}`,
    }))
    const here = many.slice(1)
    const abroad = { ...fresh, tenantId: fabrikam }
    expect(() => parse({ agentIdentities: [...here, abroad] })).not.toThrow()
    expect(() => parse({ agentIdentities: many })).toThrow(
      'directory.agentIdentities.250.blueprintId: AgentIdentity_LimitExceeded: Assistant blueprint has 250 agents',
    )
  })

  it('can be granted what applications can', () => {
    const consent = { tenantId: contoso, clientId: agent, resourceId: graph, scopes: ['Mail.Read'] }
    expect(() => parse({ consents: [consent] })).not.toThrow()
  })
})

describe('a user account of an agent', () => {
  it.each([
    ['a password', { password: 'x' }, "password: an agent's user account has none"],
    ['an agent that is not there', { agentIdentityId: nobody }, `agentIdentityId: ${nobody} is not an agent`],
    ['another tenant', { tenantId: fabrikam }, 'tenantId: is not the tenant of Contoso Assistant'],
    [
      'a second home',
      { guestIn: [{ tenantId: fabrikam, id: nobody }] },
      "guestIn: an agent's user account is nobody's guest",
    ],
  ])('has not %s', (_, changes, problem) => {
    expect(() => parse({ users: [{ ...account, ...changes }] })).toThrow(`directory.users.4.${problem}`)
  })

  it('is what a user without a password has to be', () => {
    expect(() => parse({ users: [account] })).not.toThrow()
    const { agentIdentityId, ...person } = account
    expect(() => parse({ users: [person] })).toThrow(
      'directory.users.4.password: a user who is no agent needs one',
    )
    expect(agentIdentityId).toBe(agent)
  })
})

describe('what a blueprint hands down', () => {
  it('is of an API of the directory', () => {
    const inheritablePermissions = [{ resourceId: graph, scopes: 'all' }]
    const ofNobody = [...inheritablePermissions, { resourceId: missing, scopes: ['x'] }]
    const made = (permissions: readonly object[]) => () =>
      parse({ applications: [{ ...homeOnly, agentBlueprint: { inheritablePermissions: permissions } }] })
    expect(made(inheritablePermissions)).not.toThrow()
    expect(made(ofNobody)).toThrow(
      `directory.applications.9.agentBlueprint.inheritablePermissions.1.resourceId: ${missing} is not in the directory`,
    )
    expect(made([{ resourceId: graph, scopes: 'some' }])).toThrow(
      "directory.applications.9.agentBlueprint.inheritablePermissions.0.scopes: must be 'all' or a list of scopes",
    )
  })
})

describe('a directory at work', () => {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await createEmulator()
  })
  afterAll(() => emulator.stop())

  it.each(wrongAgents)('adds no agent with %s', (_, changes, problem) => {
    const add = () => emulator.directory.addAgent({ ...fresh, ...changes })
    expect(add).toThrow(`directory.agentIdentity.${problem}`)
    expect(emulator.directory.agentIdentities).toEqual(defaultDirectory.agentIdentities)
  })

  it('adds and removes agents, which it finds as clients too', () => {
    const { directory } = emulator
    expect(directory.addAgent({ ...fresh, id: fresh.id.toUpperCase() })).toEqual(fresh)
    expect(directory.findAgent(fresh.id.toUpperCase())).toEqual(fresh)
    expect(directory.findApplication(fresh.id)).toMatchObject({
      id: fresh.id,
      enabled: true,
      tenantId: contoso,
    })
    expect(directory.removeAgent(fresh.id)).toBe(true)
    expect(directory.findApplication(fresh.id)).toBeUndefined()
  })

  it('removes an agent with its user account, its roles and what it was granted, so that the rest can be written and read again', async () => {
    const { directory } = await createEmulator()
    const [contosoAgent] = directory.agentIdentities
    const account = directory.users.find(({ agentIdentityId }) => agentIdentityId === contosoAgent?.id)
    const { id: agentId = '' } = contosoAgent ?? {}
    await directory.consents.grant({
      tenantId: contoso,
      clientId: agentId,
      resourceId: todoApi,
      scopes: ['Tasks.ReadWrite'],
    })
    directory.assignRole({
      tenantId: contoso,
      principalId: agentId,
      resourceId: todoApi,
      role: 'Tasks.Read.All',
    })
    directory.setEnabled(account!, false)
    directory.removeAgent(agentId)
    expect(directory.findUser(account?.username)).toBeUndefined()
    expect(JSON.stringify(directory.toData())).not.toContain(agentId)
    expect(JSON.stringify(directory.toData())).not.toContain(account!.id)
    expect(() => directory.replace(directory.toData())).not.toThrow()
    await expect(createEmulator({ directory: directory.toData() })).resolves.toBeDefined()
  })

  it('gives an agent that is added anew nothing of what was granted to the one that was removed, or by its account', async () => {
    const { directory } = await createEmulator()
    const [removed] = directory.agentIdentities
    const account = directory.users.find(({ agentIdentityId }) => agentIdentityId === removed!.id)!
    const before = directory.consents.list()
    const grant = { tenantId: contoso, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] }
    await directory.consents.grant({ ...grant, clientId: removed!.id })
    await directory.consents.grant({ ...grant, clientId: daemon, userId: account.id })
    directory.removeAgent(removed!.id)
    directory.addAgent(removed!)
    expect(directory.consents.list()).toEqual(before)
  })

  it.each([
    ['to a client', { clientId: nobody }],
    ['of an API', { resourceId: nobody }],
    ['in a tenant', { tenantId: nobody }],
  ])('leaves a consent %s that is gone out of what an emulator starts from', async (_, gone) => {
    const { directory } = await createEmulator()
    const before = directory.toData()
    await directory.consents.grant({
      ...{ tenantId: contoso, clientId: daemon, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] },
      ...gone,
    })
    expect(directory.toData()).toEqual(before)
    await expect(createEmulator({ directory: directory.toData() })).resolves.toBeDefined()
  })

  it('disables none that is not there', () => {
    expect(() => emulator.directory.setAgentEnabled(nobody, false)).toThrow(
      `agentIdentity: ${nobody} is not an agent of the directory`,
    )
  })
})
