// Registrations and service principals as Graph tells them: from the directory, without a secret.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  agent,
  blueprint,
  contoso,
  daemon,
  fabrikam,
  graph,
  middleTier,
  middleTierSecret,
  todoApi,
  webClient,
  type Json,
} from '../scenario.ts'
import { certificateOf } from '../made-certificate.ts'
import { ask, startGraph, tokenFor, tokenOfApplication, type GraphAnswer } from './graph-world.ts'

let emulator: Emulator
let token: string
beforeAll(async () => {
  emulator = await startGraph()
  token = await tokenOfApplication(emulator, 'Application.Read.All')
})
afterAll(() => emulator.stop())

async function find(path: string, appId: string): Promise<Json> {
  const filter = encodeURIComponent(`appId eq '${appId}'`)
  const { body } = await ask(emulator, `/${path}?$filter=${filter}`, token)
  expect(body['value']).toHaveLength(1)
  return body['value'][0] as Json
}

describe('/applications', () => {
  it('has a registration as it stands in the directory, and none of its secrets', async () => {
    const found = await find('applications', middleTier)
    expect(found).toMatchObject({
      displayName: 'To Do list middle tier',
      signInAudience: 'AzureADMultipleOrgs',
      identifierUris: [`api://${middleTier}`],
      api: {
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: [{ value: 'access_as_user', type: 'User' }],
        knownClientApplications: [webClient],
        preAuthorizedApplications: [{ delegatedPermissionIds: [expect.any(String)] }],
      },
      isFallbackPublicClient: false,
      optionalClaims: {
        accessToken: [{ name: 'xms_cc' }, { name: 'idtyp' }, { name: 'acrs' }, { name: 'sid' }],
      },
      passwordCredentials: [{ hint: 'mid', secretText: null }],
      requiredResourceAccess: [{ resourceAppId: todoApi }, { resourceAppId: graph }],
    })
    expect(JSON.stringify(found)).not.toContain(middleTierSecret)
    expect((await find('applications', webClient))['spa'].redirectUris).toContain('http://localhost:3000/')
    const one = await ask(emulator, `/applications/${String(found['id'])}?$select=appId`, token)
    expect(one.body['appId']).toBe(middleTier)
    expect((await ask(emulator, `/applications/${middleTier}`, token)).status).toBe(404)
  })

  it('names permissions by the ids that the API has for them', async () => {
    const required = (await find('applications', middleTier))['requiredResourceAccess'][0]
      .resourceAccess as Json[]
    const scopes = (await find('servicePrincipals', todoApi))['oauth2PermissionScopes'] as Json[]
    expect(required).toEqual([{ id: scopes[0]!['id'], type: 'Scope' }])
  })

  it('is of the tenant alone', async () => {
    const { body } = await ask(emulator, '/applications', token)
    const home = defaultDirectory.applications.filter(({ tenantId }) => tenantId === contoso)
    expect((body['value'] as Json[]).map((it) => it['appId'] as string)).toEqual(home.map(({ id }) => id))
  })
})

describe('an application', () => {
  it('is found by its client id, and by no unique name, which nobody gave it', async () => {
    for (const path of ['applications', 'servicePrincipals'])
      expect((await ask(emulator, `/${path}(appId='${todoApi}')`, token)).body['appId']).toBe(todoApi)
    expect((await ask(emulator, "/applications(uniqueName='todo-api')", token)).status).toBe(404)
    expect((await ask(emulator, "/applications(displayName='To Do API')", token)).status).toBe(404)
  })

  it('says the ids that its permissions were given, texts, what is disabled, and groups in tokens', async () => {
    const [scopeId, roleId] = ['5c000000-0000-4000-8000-000000000001', '5c000000-0000-4000-8000-000000000002']
    const applications = defaultDirectory.applications.map((each) =>
      each.id === todoApi
        ? {
            ...each,
            enableIdTokenIssuance: true,
            groupMembershipClaims: 'All' as const,
            scopes: [
              { value: 'Tasks.ReadWrite', description: 'Change', id: scopeId, enabled: false },
              { value: 'Tasks.Admin', adminOnly: true },
            ],
            optionalClaims: {
              idToken: [
                'upn' as const,
                { name: 'idtyp' as const, additionalProperties: ['include_user_token'] },
              ],
            },
            appRoles: [{ value: 'Tasks.Read.All', description: 'Read all', id: roleId }],
            preAuthorizedApplications: [{ id: webClient, scopes: ['Tasks.ReadWrite'] }],
          }
        : each,
    )
    const other = await createEmulator({ directory: { ...defaultDirectory, applications } })
    const otherToken = await tokenOfApplication(other, 'Application.Read.All')
    const read = async (path: string): Promise<Json> => (await ask(other, path, otherToken)).body
    expect(await read(`/applications(appId='${todoApi}')`)).toMatchObject({
      groupMembershipClaims: 'All',
      web: { implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false } },
      api: {
        oauth2PermissionScopes: [
          { id: scopeId, type: 'User', isEnabled: false, userConsentDescription: 'Change' },
          {
            ...{ type: 'Admin', isEnabled: true, adminConsentDisplayName: 'Tasks.Admin' },
            ...{ userConsentDisplayName: null, userConsentDescription: null },
          },
        ],
        preAuthorizedApplications: [{ delegatedPermissionIds: [scopeId] }],
      },
      appRoles: [{ id: roleId, displayName: 'Tasks.Read.All', description: 'Read all' }],
      optionalClaims: {
        idToken: [
          { name: 'upn', source: null, essential: false, additionalProperties: [] },
          { name: 'idtyp', source: null, essential: false, additionalProperties: ['include_user_token'] },
        ],
      },
    })
    const [required] = (await read(`/applications(appId='${middleTier}')`))[
      'requiredResourceAccess'
    ] as Json[]
    expect(required).toMatchObject({ resourceAccess: [{ id: scopeId }] })
    const [role] = (await read(`/applications(appId='${daemon}')`))['requiredResourceAccess'] as Json[]
    expect(role).toMatchObject({ resourceAccess: [{ id: roleId }] })
    await other.stop()
  })
})

it('a secret ends when the directory says so, and a registration has what it needs not say', async () => {
  const bare = { id: 'a0000000-0000-4000-8000-0000000000f3', displayName: 'Bare', tenantId: contoso }
  const secrets = [{ value: 'for ever' }, { value: 'a while', expires: '2040-01-01T00:00:00+01:00' }]
  const applications = [
    ...defaultDirectory.applications,
    { ...bare, secrets, certificates: ['one', 'two'].map(certificateOf) },
  ]
  const other = await createEmulator({ directory: { ...defaultDirectory, applications } })
  const otherToken = await tokenOfApplication(other, 'Application.Read.All')
  const { body } = await ask(other, `/applications(appId='${bare.id}')`, otherToken)
  expect(body).toMatchObject({
    ...{ uniqueName: null, signInAudience: 'AzureADMyOrg', identifierUris: [], groupMembershipClaims: null },
    api: {
      requestedAccessTokenVersion: null,
      ...{ oauth2PermissionScopes: [], knownClientApplications: [], preAuthorizedApplications: [] },
    },
    isFallbackPublicClient: false,
    optionalClaims: { accessToken: [], idToken: [], saml2Token: [] },
    ...{ spa: { redirectUris: [] }, publicClient: { redirectUris: [] } },
    web: { redirectUris: [], implicitGrantSettings: { enableIdTokenIssuance: false } },
    passwordCredentials: [
      { hint: 'for', endDateTime: null, secretText: null },
      { hint: 'a w', endDateTime: '2039-12-31T23:00:00.000Z', secretText: null },
    ],
    keyCredentials: [1, 2].map(() => ({ type: 'AsymmetricX509Cert', usage: 'Verify', key: null })),
  })
  const ids = [...body['passwordCredentials'], ...body['keyCredentials']] as Json[]
  expect(new Set(ids.map((each) => each['keyId'] as string)).size).toBe(4)
  const principal = await ask(other, `/servicePrincipals(appId='${bare.id}')`, otherToken)
  expect(principal.body).toMatchObject({
    ...{ appDisplayName: 'Bare', accountEnabled: true, appOwnerOrganizationId: contoso, isHome: true },
    ...{ appRoleAssignmentRequired: false, servicePrincipalNames: [bare.id], appRoles: [] },
    ...{ signInAudience: 'AzureADMyOrg', oauth2PermissionScopes: [] },
  })
  await other.stop()
})

describe('/servicePrincipals', () => {
  it('has what is in the tenant: its own, Microsoft Graph, and agents', async () => {
    const found = await find('servicePrincipals', graph)
    const tenant = emulator.directory.findTenant(contoso)!
    const application = emulator.directory.findApplication(graph)!
    expect(found).toMatchObject({
      id: emulator.directory.servicePrincipalId(application, tenant),
      servicePrincipalType: 'Application',
      isHome: false,
    })
    expect((await ask(emulator, `/servicePrincipals/${String(found['id'])}`, token)).body['appId']).toBe(
      graph,
    )
    expect(await find('servicePrincipals', agent)).toMatchObject({
      '@odata.type': '#microsoft.graph.agentIdentity',
      id: agent,
      servicePrincipalType: 'ServiceIdentity',
    })
    const { body } = await ask(emulator, '/servicePrincipals?$select=appId,agentIdentityBlueprintId', token)
    expect((body['value'] as Json[]).find((it) => it['appId'] === agent)).toHaveProperty(
      'agentIdentityBlueprintId',
    )
  })
})

it('a tenant is told what is in it: what is elsewhere is there by a consent alone', async () => {
  const [alone, guest] = ['a0000000-0000-4000-8000-0000000000f1', 'a0000000-0000-4000-8000-0000000000f2']
  const elsewhere = { tenantId: fabrikam, signInAudience: 'AzureADMultipleOrgs' as const }
  const other = await createEmulator({
    directory: {
      ...defaultDirectory,
      applications: [
        ...defaultDirectory.applications,
        { ...elsewhere, id: alone, displayName: 'Not here' },
        { ...elsewhere, id: guest, displayName: 'Consented to' },
      ],
    },
  })
  await other.directory.consents.grant({
    ...{ tenantId: contoso, clientId: guest, resourceId: graph, scopes: ['User.Read'] },
  })
  const otherToken = await tokenOfApplication(other, 'Application.Read.All')
  const idsOf = async (path: string): Promise<string[]> =>
    ((await ask(other, path, otherToken)).body['value'] as Json[]).map((it) => it['appId'] as string)
  expect(await idsOf('/servicePrincipals')).not.toContain(alone)
  expect(await idsOf('/servicePrincipals')).toEqual(
    expect.arrayContaining([guest, webClient, middleTier, todoApi, graph, agent]),
  )
  expect(await idsOf('/applications')).not.toContain(guest)
  expect((await ask(other, `/servicePrincipals(appId='${alone}')`, otherToken)).status).toBe(404)
  await other.stop()
})

describe('agents', () => {
  it('are listed alone, by their blueprint', async () => {
    const path = '/servicePrincipals/microsoft.graph.agentIdentity'
    const filter = encodeURIComponent(`agentIdentityBlueprintId eq '${blueprint}'`)
    const { body } = await ask(emulator, `${path}?$filter=${filter}`, token)
    expect(body['value']).toMatchObject([{ id: agent, displayName: 'Contoso Assistant' }])
    const other = encodeURIComponent(`agentIdentityBlueprintId eq '${todoApi}'`)
    expect((await ask(emulator, `${path}?$filter=${other}`, token)).body['value']).toEqual([])
  })

  it('inherit what their blueprint says, API by API', async () => {
    const found = await find('applications', blueprint)
    expect(found['@odata.type']).toBe('#microsoft.graph.agentIdentityBlueprint')
    const inherited = (id: unknown): Promise<GraphAnswer> =>
      ask(
        emulator,
        `/applications/${String(id)}/microsoft.graph.agentIdentityBlueprint/inheritablePermissions`,
        token,
      )
    expect((await inherited(found['id'])).body['value']).toEqual(
      [todoApi, graph].map((resourceAppId) => ({
        resourceAppId,
        inheritableScopes: { '@odata.type': 'microsoft.graph.allAllowedScopes', kind: 'allAllowed' },
      })),
    )
    const api = await find('applications', todoApi)
    expect(api).not.toHaveProperty('@odata.type')
    expect((await inherited(api['id'])).status).toBe(404)
  })
})

it.each(['/applications', '/servicePrincipals'])('%s needs a permission for applications', async (path) => {
  expect((await ask(emulator, path, await tokenFor(emulator, 'User.Read.All'))).status).toBe(403)
  expect((await ask(emulator, path, await tokenFor(emulator, 'Application.Read.All'))).status).toBe(200)
  expect((await ask(emulator, path, await tokenFor(emulator, 'Directory.Read.All'))).status).toBe(200)
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/applications.txt')
})
