// Managed identities: who gets a token where it runs, by both shapes of the endpoint, by unmodified msal-node, and to prove an application.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Application, type Emulator } from '../../../src/index.ts'
import {
  claimsOf,
  contoso,
  daemon,
  host,
  hostPrincipal,
  middleTier,
  postToken,
  todoApi,
  type Json,
} from '../../scenario.ts'

const header = 'identity-header-for-local-use-only'
const resource = `api://${todoApi}`
const user: Application = {
  id: 'a0000000-0000-4000-8000-0000000000f1',
  displayName: 'Batch identity',
  tenantId: contoso,
  managedIdentity: {
    principalId: 'c0000000-0000-4000-8000-0000000000f1',
    resourceId:
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch',
  },
}

let emulator: Emulator
beforeAll(async () => {
  const applications = [...defaultDirectory.applications, user]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())

interface Answer {
  readonly status: number
  readonly body: Json
}

async function ask(
  path: string,
  parameters: Record<string, string>,
  headers: Record<string, string>,
  { origin }: Pick<Emulator, 'origin'> = emulator,
): Promise<Answer> {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''))
  const response = await fetch(`${origin}${path}?${query.toString()}`, { headers })
  return { status: response.status, body: (await response.json()) as Json }
}

const metadata = (
  changes: Record<string, string> = {},
  headers: Record<string, string> = { metadata: 'true' },
  at?: Emulator,
) =>
  ask('/metadata/identity/oauth2/token', { 'api-version': '2018-02-01', resource, ...changes }, headers, at)

const appService = (
  changes: Record<string, string> = {},
  headers: Record<string, string> = { 'x-identity-header': header },
) => ask('/msi/token', { 'api-version': '2019-08-01', resource, ...changes }, headers)

describe('the metadata service', () => {
  it('gives the host a token of its own, with times as text', async () => {
    const { status, body } = await metadata()
    const claims = claimsOf(body['access_token'] as string)
    expect(status).toBe(200)
    expect(claims).toMatchObject({
      ...{ aud: todoApi, azp: host, azpacr: '2', oid: hostPrincipal, sub: hostPrincipal, tid: contoso },
      ...{ roles: ['Tasks.Read.All'], idtyp: 'app', iss: `${emulator.origin}/${contoso}/v2.0` },
      xms_mirid: expect.stringContaining('/Microsoft.Web/sites/todo') as string,
    })
    const lifetime = String(Number(claims['exp']) - Number(claims['iat']))
    expect(body).toEqual({
      ...{ access_token: body['access_token'], client_id: host, resource, token_type: 'Bearer' },
      ...{ expires_on: String(claims['exp']), not_before: String(claims['nbf']) },
      ...{ expires_in: lifetime, ext_expires_in: lifetime },
    })
  })

  it.each([
    ['client_id', user.id],
    ['client_id', user.id.toUpperCase()],
    ['object_id', user.managedIdentity!.principalId],
    ['msi_res_id', user.managedIdentity!.resourceId],
  ])('finds an identity by %s=%s', async (name, value) => {
    const { body } = await metadata({ [name]: value })
    expect(body['client_id']).toBe(user.id)
    expect(claimsOf(body['access_token'] as string)['oid']).toBe(user.managedIdentity!.principalId)
  })

  it.each<[string, Record<string, string>, Record<string, string> | undefined, string]>([
    ['without its header', {}, {}, 'bad_request_102'],
    ['for others', {}, { metadata: 'true', 'x-forwarded-for': '10.0.0.1' }, 'bad_request_102'],
    ['without a version', { 'api-version': '' }, undefined, 'invalid_request'],
    ['without a resource', { resource: '' }, undefined, 'invalid_request'],
    ['for an application that is no identity', { client_id: daemon }, undefined, 'invalid_request'],
    ['for an unknown API', { resource: 'https://nowhere.example' }, undefined, 'invalid_resource'],
  ])('refuses %s', async (_, changes, headers, error) => {
    const { status, body } = await metadata(changes, headers)
    expect([status, body['error']]).toEqual([400, error])
    expect(body['error_description']).toEqual(expect.any(String))
  })

  it('takes the only one when the system assigned none, and asks which of several', async () => {
    const others = defaultDirectory.applications.filter(({ id }) => id !== host)
    const second = {
      ...user,
      id: host,
      managedIdentity: { ...user.managedIdentity!, principalId: hostPrincipal },
    }
    const start = (...identities: Application[]): Promise<Emulator> =>
      createEmulator({ directory: { ...defaultDirectory, applications: [...others, ...identities] } })
    const [none, one, two] = await Promise.all([start(), start(user), start(user, second)])
    try {
      expect((await metadata({}, undefined, none)).body['error_description']).toBe('Identity not found')
      expect((await metadata({}, undefined, one)).body['client_id']).toBe(user.id)
      expect((await metadata({}, undefined, two)).body['error_description']).toMatch(
        /^Multiple user assigned/,
      )
    } finally {
      await Promise.all([none.stop(), one.stop(), two.stop()])
    }
  })
})

describe('the endpoint of App Service', () => {
  it('gives the same token in its own shape', async () => {
    const { status, body } = await appService()
    const { access_token: token } = body as { access_token: string }
    expect(status).toBe(200)
    expect(body).toEqual({
      ...{ access_token: token, client_id: host, resource, token_type: 'Bearer' },
      expires_on: String(claimsOf(token)['exp']),
    })
    expect((await appService({ mi_res_id: user.managedIdentity!.resourceId })).body['client_id']).toBe(
      user.id,
    )
    expect((await appService({ principal_id: hostPrincipal })).body['client_id']).toBe(host)
  })

  it.each<[string, Record<string, string>, Record<string, string> | undefined, number, RegExp]>([
    ['without its header', {}, {}, 401, /X-IDENTITY-HEADER/],
    ['with another header', {}, { 'x-identity-header': 'guess' }, 401, /X-IDENTITY-HEADER/],
    ['of another version', { 'api-version': '2017-09-01' }, undefined, 400, /2019-08-01/],
    ['without a resource', { resource: '' }, undefined, 400, /resource/],
    ['for a stranger', { client_id: daemon }, undefined, 400, /^No MSI found/],
    ['for an unknown API', { resource: 'https://nowhere.example' }, undefined, 400, /^AADSTS500011: /],
  ])('refuses %s', async (_, changes, headers, status, message) => {
    const answer = await appService(changes, headers)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ statusCode: status, message: expect.stringMatching(message) as string })
  })
})

describe('msal-node', () => {
  async function acquire(
    input: { resource: string; clientId?: string },
    env: Record<string, string>,
  ): Promise<{ accessToken: string; fromCache: boolean }> {
    const script = fileURLToPath(new URL('msal-identity.mjs', import.meta.url))
    const options = { env: { ...process.env, ...env } }
    const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(input)], options)
    return JSON.parse(stdout) as { accessToken: string; fromCache: boolean }
  }

  it('gets a token of the host from the metadata service, and keeps it', async () => {
    const { accessToken, fromCache } = await acquire(
      { resource },
      { AZURE_POD_IDENTITY_AUTHORITY_HOST: emulator.origin },
    )
    expect(claimsOf(accessToken)['oid']).toBe(hostPrincipal)
    expect(fromCache).toBe(true)
  })

  it('gets a token of an identity that it names from App Service', async () => {
    const { accessToken } = await acquire(
      { resource: 'https://graph.microsoft.com', clientId: user.id },
      { IDENTITY_ENDPOINT: `${emulator.origin}/msi/token`, IDENTITY_HEADER: header },
    )
    expect(claimsOf(accessToken)).toMatchObject({ appid: user.id, aud: 'https://graph.microsoft.com' })
  })
})

describe('an application that trusts an identity', () => {
  const exchange = 'api://AzureADTokenExchange'
  const prove = (assertion: string): ReturnType<typeof postToken> =>
    postToken(emulator, {
      grant_type: 'client_credentials',
      client_id: middleTier,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: `api://${todoApi}/.default`,
    })

  it('proves itself by its token, as with a certificate', async () => {
    const { body } = await metadata({ resource: exchange })
    const assertion = body['access_token'] as string
    expect(claimsOf(assertion)).toMatchObject({ aud: exchange, sub: hostPrincipal })
    const answer = await prove(assertion)
    expect(answer.status).toBe(200)
    expect(claimsOf(answer.body['access_token'] as string)).toMatchObject({ azp: middleTier, azpacr: '2' })
  })

  it('does not by that of another identity, by a token for another API, by one that nobody here signed, nor by an old one', async () => {
    const other = (await metadata({ resource: exchange, client_id: user.id })).body['access_token'] as string
    expect((await prove(other)).body['error_codes']).toEqual([700213])
    const forApi = (await metadata()).body['access_token'] as string
    expect((await prove(forApi)).body['error_codes']).toEqual([700212])
    const claims = { sub: hostPrincipal, aud: exchange }
    const mint = { client: host, audience: todoApi, claims }
    expect((await prove(await emulator.mint(mint))).status).toBe(200)
    const forged = await emulator.mint({ ...mint, withForeignKey: true })
    expect((await prove(forged)).body['error_codes']).toEqual([700027])
    const foreign = await emulator.mint({
      ...mint,
      claims: { ...claims, iss: `https://x.example/${contoso}/v2.0` },
    })
    expect((await prove(foreign)).body['error_codes']).toEqual([700211])
    const old = await emulator.mint({ ...mint, lifetimeSeconds: -3600 })
    expect((await prove(old)).body['error_codes']).toEqual([700024])
  })

  it('cannot be written without keys for anybody but Entra', async () => {
    const federatedCredentials = [{ issuer: 'https://x.example', subject: 's' }]
    const applications = [{ id: user.id, displayName: 'Trusting', federatedCredentials }]
    await expect(createEmulator({ directory: { ...defaultDirectory, applications } })).rejects.toThrow(
      'directory.applications.0.federatedCredentials.0: needs its keys (jwks)',
    )
  })
})

describe('a directory with managed identities', () => {
  const start = (...applications: Application[]): Promise<Emulator> =>
    createEmulator({
      directory: {
        ...defaultDirectory,
        applications,
        consents: [],
        appRoleAssignments: [],
        policies: [],
        agentIdentities: [],
        users: [],
      },
    })
  const system = { ...user, managedIdentity: { ...user.managedIdentity!, assignedBy: 'system' as const } }

  it.each<[string, Application[], string]>([
    [
      'a secret',
      [{ ...user, secrets: [{ value: 'x' }] }],
      'applications.0.secrets: a managed identity has none',
    ],
    [
      'a redirect URI',
      [{ ...user, redirectUris: {} }],
      'applications.0.redirectUris: a managed identity has none',
    ],
    [
      'two that the system assigned',
      [system, { ...system, id: host }],
      'applications.1.managedIdentity.assignedBy: one host has one system-assigned identity',
    ],
  ])('refuses %s', async (_, applications, message) => {
    await expect(start(...applications)).rejects.toThrow(message)
  })

  it('refuses one without a tenant', async () => {
    const { id, displayName, managedIdentity } = user
    const stray: Application = { id, displayName, managedIdentity: managedIdentity! }
    await expect(start(stray)).rejects.toThrow('applications.0.tenantId: a managed identity needs its tenant')
  })

  it('lets nobody be such an identity by its id', async () => {
    const form = { grant_type: 'client_credentials', client_id: host, scope: `api://${todoApi}/.default` }
    expect((await postToken(emulator, form)).body['error_codes']).toEqual([7000216])
    const withSecret = await postToken(emulator, { ...form, client_secret: 'x' })
    expect(withSecret.body['error_codes']).toEqual([700025])
  })
})
