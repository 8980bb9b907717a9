import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import {
  alice,
  bob,
  contoso,
  graph,
  middleTier,
  onBehalfOf,
  postToken,
  todoApi,
  webClient,
  type Json,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
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

async function get(path: string, token?: string): Promise<{ status: number; headers: Headers; body: Json }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(path.startsWith('http') ? path : `${emulator.origin}${path}`, { headers })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

describe('/me', () => {
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
    const first = await get('/v1.0/users?$top=2', token)
    const second = await get(first.body['@odata.nextLink'] as string, token)
    const names = [...first.body['value'], ...second.body['value']].map(
      (it: Json) => it['userPrincipalName'] as string,
    )
    expect(names).toEqual([alice, bob, 'carol_fabrikam.onmicrosoft.com#EXT#@contoso.onmicrosoft.com'])
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

  it('needs more than User.Read', async () => {
    expect((await get('/v1.0/users', await graphToken('User.Read'))).status).toBe(403)
  })
})
