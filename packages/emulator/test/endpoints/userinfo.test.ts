// The userinfo endpoint: the person of a token that carries `openid`, by the same subject as in the client's id_token.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  graph,
  postToken,
  signInToWebClient,
  webClient,
  type Json,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
  const granted = { tenantId: contoso, clientId: webClient, resourceId: graph }
  await emulator.directory.consents.grant({ ...granted, scopes: ['User.Read', 'openid', 'profile'] })
})
afterAll(() => emulator.stop())

const addresses = ['/oidc/userinfo', `/${contoso}/openid/userinfo`]

async function ask(path: string, token?: string): Promise<{ response: Response; body: Json }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(`${emulator.origin}${path}`, { headers })
  return { response, body: (await response.json()) as Json }
}

it('tells the claims of the profile, for no cache to keep and any page to read', async () => {
  const scope = 'https://graph.microsoft.com/User.Read openid profile'
  const { body: tokens } = await signInToWebClient(emulator, { username: alice, changes: { scope } })
  const { sub } = claimsOf(tokens['id_token'] as string)
  for (const path of addresses) {
    const { response, body } = await ask(path, tokens['access_token'] as string)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toContain('no-store')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(body).toEqual({
      sub: sub as string,
      name: 'Alice Adams',
      family_name: 'Adams',
      given_name: 'Alice',
      picture: 'https://graph.microsoft.com/v1.0/me/photo/$value',
      email: 'alice@contoso.com',
    })
    const record = emulator.requests.list({ endpoint: 'userinfo' }).at(-1)
    expect(record).toMatchObject({ user: alice, clientId: webClient, status: 200 })
    expect(record?.presented).toEqual(claimsOf(tokens['access_token'] as string))
  }
})

it('refuses a request without a token, and says so to pages too', async () => {
  for (const path of addresses) {
    const { response, body } = await ask(path)
    expect(response.status).toBe(401)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(body['error']).toMatchObject({ code: 'InvalidAuthenticationToken' })
  }
})

it('refuses a token without openid', async () => {
  const scope = 'https://graph.microsoft.com/User.Read'
  const { body: tokens } = await signInToWebClient(emulator, { username: alice, changes: { scope } })
  const { response, body } = await ask(addresses[0]!, tokens['access_token'] as string)
  expect(response.status).toBe(403)
  expect(body['error']).toMatchObject({ code: 'Authorization_RequestDenied' })
})

it('knows people alone: an application is refused', async () => {
  const { body: tokens } = await postToken(emulator, {
    grant_type: 'client_credentials',
    client_id: daemon,
    client_secret: daemonSecret,
    scope: 'https://graph.microsoft.com/.default',
  })
  const { response, body } = await ask(addresses[0]!, tokens['access_token'] as string)
  expect(response.status).toBe(403)
  expect(body['error']).toMatchObject({ code: 'Authorization_RequestDenied', message: 'A user is needed.' })
})

it('may be asked by a page, whatever headers it sends', async () => {
  for (const path of addresses) {
    const preflight = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${emulator.origin}${path}`, { method: 'OPTIONS', headers })
    const asked = await preflight({ 'access-control-request-headers': 'authorization,x-app' })
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'authorization,x-app',
      'access-control-max-age': '600',
    })
    expect((await preflight({})).headers.get('access-control-allow-headers')).toBe('authorization')
  }
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/userinfo.txt')
})
