import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  agent,
  alice,
  assistant,
  bob,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  exchangeToken,
  graph,
  middleTier,
  onBehalfOf,
  postToken,
  provedBy,
  todoApi,
  webClient,
  type Json,
} from '../scenario.ts'

const aliceId = 'c0000000-0000-4000-8000-0000000000a1'
const dora = 'dora@contoso.onmicrosoft.com'
/** What Graph says of a user about whom nothing is known. */
const nobodysProperties = {
  businessPhones: [],
  givenName: null,
  jobTitle: null,
  mail: null,
  mobilePhone: null,
  officeLocation: null,
  preferredLanguage: null,
  surname: null,
}
const directory: DirectoryData = {
  ...defaultDirectory,
  users: [
    ...defaultDirectory.users,
    {
      id: 'c0000000-0000-4000-8000-0000000000d1',
      tenantId: contoso,
      username: dora,
      password: 'Passw0rd!',
      displayName: 'Dora',
    },
  ],
  appRoleAssignments: [
    ...(defaultDirectory.appRoleAssignments ?? []),
    { principalId: daemon, resourceId: graph, role: 'User.Read.All', tenantId: contoso },
    { principalId: agent, resourceId: graph, role: 'User.Read.All', tenantId: contoso },
  ],
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ directory })
  await emulator.directory.consents.grant({
    tenantId: contoso,
    clientId: middleTier,
    resourceId: graph,
    scopes: ['User.ReadBasic.All', 'Mail.Read'],
  })
})
afterAll(() => emulator.stop())

async function graphToken(scope: string, user = alice): Promise<string> {
  const assertion = await emulator.mint({
    user,
    client: webClient,
    audience: middleTier,
    scopes: ['access_as_user'],
  })
  return (await postToken(emulator, onBehalfOf(assertion, { scope }))).body['access_token'] as string
}

async function applicationToken(): Promise<string> {
  const { body } = await postToken(emulator, {
    grant_type: 'client_credentials',
    client_id: daemon,
    client_secret: daemonSecret,
    scope: 'https://graph.microsoft.com/.default',
  })
  return body['access_token'] as string
}

async function get(path: string, token?: string): Promise<{ status: number; headers: Headers; body: Json }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(path.startsWith('http') ? path : `${emulator.origin}${path}`, { headers })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

describe('/me', () => {
  it('has every property of a user, and null where there is nothing', async () => {
    const { body, headers } = await get('/v1.0/me', await graphToken('User.Read'))
    expect(body).toEqual({
      '@odata.context': `${emulator.origin}/v1.0/$metadata#users/$entity`,
      businessPhones: ['+1 425 555 0100'],
      displayName: 'Alice Adams',
      givenName: 'Alice',
      jobTitle: 'Product Manager',
      mail: 'alice@contoso.com',
      mobilePhone: '+1 425 555 0101',
      officeLocation: 'Building 1',
      preferredLanguage: 'en-US',
      surname: 'Adams',
      userPrincipalName: alice,
      id: 'c0000000-0000-4000-8000-0000000000a1',
    })
    expect(headers.get('cache-control')).toBe('no-cache')
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('access-control-expose-headers')).toContain('www-authenticate')
    expect((await get('/v1.0/me', await graphToken('User.Read', dora))).body).toEqual({
      '@odata.context': `${emulator.origin}/v1.0/$metadata#users/$entity`,
      ...nobodysProperties,
      displayName: 'Dora',
      userPrincipalName: dora,
      id: 'c0000000-0000-4000-8000-0000000000d1',
    })
  })

  it('is for users: an application has no me', async () => {
    const { status, body } = await get('/v1.0/me', await applicationToken())
    expect(status).toBe(400)
    expect(body['error']).toMatchObject({
      code: 'BadRequest',
      message: '/me request is only valid with delegated authentication flow.',
    })
  })

  it('is the user of the token, under both addresses', async () => {
    const token = await graphToken('User.Read')
    const { status, body, headers } = await get('/v1.0/me', token)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: 'c0000000-0000-4000-8000-0000000000a1',
      displayName: 'Alice Adams',
      userPrincipalName: alice,
      jobTitle: 'Product Manager',
    })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect((await get('/graph/v1.0/me', token)).body['@odata.context']).toBe(
      `${emulator.origin}/graph/v1.0/$metadata#users/$entity`,
    )
    expect(Object.keys((await get('/v1.0/me?$select=displayName', token)).body)).toEqual([
      '@odata.context',
      'displayName',
    ])
  })

  it('needs User.Read', async () => {
    const { status, body } = await get('/v1.0/me', await graphToken('Mail.Read'))
    expect(status).toBe(403)
    expect(body['error']).toMatchObject({ code: 'Authorization_RequestDenied' })
  })

  it('refuses no token, a token for another API, a changed token, a foreign one and an expired one', async () => {
    const token = await graphToken('User.Read')
    const otherApi = await emulator.mint({
      user: alice,
      client: webClient,
      audience: todoApi,
      scopes: ['User.Read'],
    })
    const foreign = await emulator.mint({
      user: alice,
      client: webClient,
      audience: graph,
      scopes: ['User.Read'],
      withForeignKey: true,
    })
    for (const bad of [undefined, otherApi, `${token.slice(0, -20)}${'A'.repeat(20)}`, foreign, 'nonsense']) {
      const { status, body, headers } = await get('/v1.0/me', bad)
      expect(status).toBe(401)
      expect(body['error']).toMatchObject({ code: 'InvalidAuthenticationToken' })
      expect(body['error'].innerError['request-id']).toBeTruthy()
      expect(headers.get('www-authenticate')).toContain(`client_id="${graph}"`)
    }
    emulator.clock.advance(6000)
    const late = await get('/v1.0/me', token)
    emulator.clock.advance(-6000)
    expect(late.body['error'].message).toBe('Lifetime validation failed, the token is expired.')
  })

  it('refuses the user of a token who was disabled since', async () => {
    const token = await graphToken('User.Read', bob)
    const user = emulator.directory.findUser(bob)!
    emulator.directory.setEnabled(user, false)
    const { status } = await get('/v1.0/me', token)
    emulator.directory.setEnabled(user, true)
    expect(status).toBe(401)
  })
})

describe('/users', () => {
  it('is paged, guests included', async () => {
    const token = await graphToken('User.ReadBasic.All')
    const first = await get('/v1.0/users?$top=3', token)
    const second = await get(first.body['@odata.nextLink'] as string, token)
    const names = [...first.body['value'], ...second.body['value']].map(
      (it: Json) => it['userPrincipalName'] as string,
    )
    expect(names).toEqual([
      alice,
      bob,
      'carol_fabrikam.onmicrosoft.com#EXT#@contoso.onmicrosoft.com',
      assistant,
      dora,
    ])
    expect(first.body['value'][0]).not.toHaveProperty('jobTitle')
    expect(second.body).not.toHaveProperty('@odata.nextLink')
    expect((await get('/v1.0/users?$top=0', token)).status).toBe(400)
  })

  it('has one user by id or principal name, and nobody else', async () => {
    const token = await graphToken('User.ReadBasic.All')
    expect((await get(`/v1.0/users/${bob}`, token)).body['displayName']).toBe('Bob Brown')
    expect((await get('/v1.0/users/c0000000-0000-4000-8000-0000000000b1', token)).body['displayName']).toBe(
      'Bob Brown',
    )
    const nobody = await get('/v1.0/users/nobody', token)
    expect(nobody.status).toBe(404)
    expect(nobody.body['error']).toMatchObject({ code: 'Request_ResourceNotFound' })
  })

  it('shows an application with User.Read.All everything of everyone, by principal name in any case too', async () => {
    const token = await applicationToken()
    const { body } = await get('/v1.0/users', token)
    expect(body['@odata.context']).toBe(`${emulator.origin}/v1.0/$metadata#users`)
    expect(body['value'][0]).toMatchObject({ jobTitle: 'Product Manager', id: aliceId })
    expect(body).not.toHaveProperty('@odata.nextLink')
    const one = (await get(`/v1.0/users/${bob.toUpperCase()}`, token)).body
    expect(one).toMatchObject({ jobTitle: 'Engineer', userPrincipalName: bob })
    const encoded = bob.replace('b', '%42')
    expect((await get(`/v1.0/users/${encoded}`, token)).body).toMatchObject({ userPrincipalName: bob })
    const missing = (await get('/v1.0/users/%4Eobody', token)).body
    expect(JSON.stringify(missing)).toContain("'nobody'")
    const guest = encodeURIComponent('carol_fabrikam.onmicrosoft.com#EXT#@contoso.onmicrosoft.com')
    expect((await get(`/v1.0/users/${guest}`, token)).body['displayName']).toBe('Carol Chen')
  })

  it('shows an agent that calls by itself what its role says, although its token has a slash for a scope', async () => {
    const { body } = await postToken(emulator, {
      ...provedBy(await exchangeToken(emulator)),
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
    })
    const token = body['access_token'] as string
    expect(claimsOf(token)['scp']).toBe('/')
    expect((await get(`/v1.0/users/${bob}`, token)).body).toMatchObject({ jobTitle: 'Engineer' })
    expect(emulator.requests.list({ endpoint: 'graph' }).at(-1)).toMatchObject({ agent: 'Contoso Assistant' })
    expect((await get('/v1.0/me', token)).body['error']).toMatchObject({ code: 'BadRequest' })
  })

  it('shows a user no more of others than their names and addresses', async () => {
    const token = await graphToken('User.ReadBasic.All')
    const { body } = await get(`/v1.0/users/${aliceId}`, token)
    expect(Object.keys(body).sort()).toEqual([
      '@odata.context',
      'displayName',
      'givenName',
      'id',
      'mail',
      'surname',
      'userPrincipalName',
    ])
  })

  it('has pages of 1 to 999, from any place on, below both addresses', async () => {
    const token = await graphToken('User.ReadBasic.All')
    const { body: first } = await get('/graph/v1.0/users?$top=1', token)
    expect(first['@odata.nextLink']).toBe(`${emulator.origin}/graph/v1.0/users?$top=1&$skiptoken=1`)
    expect((await get('/v1.0/users?$top=999', token)).body['value']).toHaveLength(5)
    expect((await get('/v1.0/users?$skiptoken=0', token)).body['value']).toHaveLength(5)
    expect((await get('/v1.0/users?$skiptoken=9', token)).body['value']).toEqual([])
    for (const query of ['$top=0', '$top=1000', '$top=1.5', '$top=x', '$skiptoken=-1', '$skiptoken=x'])
      expect((await get(`/v1.0/users?${query}`, token)).body['error']).toMatchObject({
        code: 'Request_BadRequest',
      })
  })

  it('can be asked by pages of any origin, and has nothing else', async () => {
    const preflight = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${emulator.origin}/v1.0/me`, { method: 'OPTIONS', headers })
    const asked = await preflight({ 'access-control-request-headers': 'sdkversion' })
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'sdkversion',
      'access-control-max-age': '600',
    })
    expect((await preflight({})).headers.get('access-control-allow-headers')).toBe('authorization')
    const { status, body, headers } = await get('/v1.0/groups')
    expect(status).toBe(400)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(body['error']).toMatchObject({ code: 'BadRequest' })
  })

  it('needs more than User.Read', async () => {
    expect((await get('/v1.0/users', await graphToken('User.Read'))).status).toBe(403)
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/users.txt')
})
