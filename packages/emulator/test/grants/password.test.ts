// The password grant: who gets tokens by name and password, and what nobody can be asked for there.
import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  InteractionRequiredAuthError,
  PublicClientApplication,
} from '@azure/msal-node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { authorityMetadata } from '../msal/configuration.ts'
import { expectDecisions } from '../decisions.ts'
import {
  accessAsUser,
  alice,
  assistant,
  blueprint,
  blueprintSecret,
  bob,
  carol,
  claimsOf,
  commandLine,
  contoso,
  middleTier,
  middleTierSecret,
  password,
  postToken,
  todoApi,
  without,
  type Json,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
afterEach(() => emulator.policies.clear())

const form = {
  grant_type: 'password',
  client_id: commandLine,
  username: alice,
  password,
  scope: `${accessAsUser} openid profile offline_access`,
}

const ask = (changes: Record<string, string> = {}, options: Parameters<typeof postToken>[2] = {}) =>
  postToken(emulator, { ...form, ...changes }, options)

const authority = `https://login.microsoftonline.com/${contoso}`
const metadata = () => ({ authority, authorityMetadata: authorityMetadata(emulator.origin) })

describe('a user name and a password', () => {
  it('become the tokens of a session with a password', async () => {
    const { status, body } = await ask()
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)).toMatchObject({
      ...{ aud: middleTier, azp: commandLine, azpacr: '0', scp: 'access_as_user', preferred_username: alice },
    })
    expect(claimsOf(body['id_token'] as string)['preferred_username']).toBe(alice)
    const refresh = { grant_type: 'refresh_token', refresh_token: body['refresh_token'] as string }
    expect((await postToken(emulator, { ...refresh, client_id: commandLine })).status).toBe(200)
    expect(emulator.requests.list({ grantType: 'password' }).at(-1)).toMatchObject({
      user: alice,
      status: 200,
    })
  })

  it.each(['organizations', 'contoso.com'])('are taken at %s', async (tenant) => {
    expect((await ask({}, { tenant })).status).toBe(200)
  })

  it('are taken of a guest, and without an API for Graph', async () => {
    const { body } = await ask({ username: carol })
    expect(claimsOf(body['access_token'] as string)).toMatchObject({ tid: contoso })
    const graph = await ask({ scope: 'openid' })
    expect(claimsOf(graph.body['access_token'] as string)['aud']).toBe('https://graph.microsoft.com')
  })

  it.each<[string, Record<string, string>, string, number]>([
    ['another password', { password: 'Passw0rd' }, 'invalid_grant', 50126],
    ['nobody', { username: 'nobody@contoso.com' }, 'invalid_grant', 50034],
    ['the user account of an agent', { username: assistant }, 'invalid_grant', 50126],
    ['no consent', { scope: 'User.Read' }, 'invalid_grant', 65001],
    ['two APIs', { scope: `${accessAsUser} api://${todoApi}/Tasks.ReadWrite` }, 'invalid_request', 28000],
    ['a client that is neither public nor proved', { client_id: middleTier }, 'invalid_client', 7000218],
    [
      'a blueprint',
      { client_id: blueprint, client_secret: blueprintSecret },
      'unsupported_grant_type',
      70003,
    ],
    ['a resource of other scopes', { resource: `api://${todoApi}` }, 'invalid_target', 9010010],
  ])('are refused: %s', async (_, changes, error, code) => {
    expect((await ask(changes)).body).toMatchObject({ error, error_codes: [code] })
  })

  it.each(['username', 'password', 'scope'])('are refused without %s', async (name) => {
    const { body } = await postToken(emulator, without(form, name))
    expect(body['error_codes']).toEqual([900144])
    expect(body['error_description']).toContain(`'${name}'`)
  })

  it.each(['common', 'consumers'])('are refused at %s', async (tenant) => {
    expect((await ask({}, { tenant })).body['error_codes']).toEqual([9001023])
  })

  it('are refused from a page, of a stranger to the tenant, and of a user who is disabled', async () => {
    const headers = { origin: 'http://localhost:3000' }
    expect((await ask({}, { headers })).body['error_codes']).toEqual([9002326])
    expect((await ask({}, { tenant: 'fabrikam.onmicrosoft.com' })).body['error_codes']).toEqual([50034])
    const user = emulator.directory.findUser(bob)!
    emulator.directory.setEnabled(user, false)
    expect((await ask({ username: bob })).body['error_codes']).toEqual([50057])
    emulator.directory.setEnabled(user, true)
    expect((await ask({ username: bob })).status).toBe(200)
  })

  it.each([
    ['require_mfa', 50076],
    ['require_registration', 50079],
    ['block', 53003],
  ] as const)('do not meet %s', async (kind, code) => {
    emulator.policies.add({ kind, resource: middleTier })
    expect((await ask()).body).toMatchObject({ error: 'invalid_grant', error_codes: [code] })
  })
})

/** What both of its clients have, marked as something to avoid. */
interface TakesPasswords {
  acquireTokenByUsernamePassword(request: {
    scopes: string[]
    username: string
    password: string
  }): Promise<AuthenticationResult | null>
}

describe('msal-node with a user name and a password', () => {
  it('acquires a token as a public client, and as a confidential one', async () => {
    const request = { scopes: [accessAsUser], username: alice, password }
    const publicClient: TakesPasswords = new PublicClientApplication({
      auth: { clientId: commandLine, ...metadata() },
    })
    const result = await publicClient.acquireTokenByUsernamePassword(request)
    expect(claimsOf(result!.accessToken)).toMatchObject({ aud: middleTier, azp: commandLine })
    const auth = { clientId: middleTier, clientSecret: middleTierSecret, ...metadata() }
    const confidential: TakesPasswords = new ConfidentialClientApplication({ auth })
    const scopes = [`api://${todoApi}/Tasks.ReadWrite`]
    const own = await confidential.acquireTokenByUsernamePassword({ ...request, scopes })
    expect(claimsOf(own!.accessToken)).toMatchObject({ aud: todoApi, azp: middleTier, azpacr: '1' })
  })

  it('learns that the user is needed', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: middleTier })
    const msal: TakesPasswords = new PublicClientApplication({
      auth: { clientId: commandLine, ...metadata() },
    })
    const refused = msal.acquireTokenByUsernamePassword({ scopes: [accessAsUser], username: alice, password })
    await expect(refused).rejects.toBeInstanceOf(InteractionRequiredAuthError)
    await expect(refused).rejects.toMatchObject({ errorNo: 50076, subError: 'basic_action' })
  })
})

describe('user realm discovery', () => {
  const realm = async (user: string): Promise<{ status: number; body: Json }> => {
    const response = await fetch(`${emulator.origin}/common/UserRealm/${user}?api-version=1.0`)
    return { status: response.status, body: (await response.json()) as Json }
  }
  const cloud = {
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  }

  it('knows the domains of the tenants, and no other', async () => {
    const managed = { ver: '1.0', account_type: 'Managed', ...cloud }
    expect((await realm(encodeURIComponent(alice))).body).toEqual({
      ...managed,
      domain_name: 'contoso.onmicrosoft.com',
    })
    expect((await realm('ANYBODY@CONTOSO.COM')).body).toEqual({ ...managed, domain_name: 'contoso.com' })
    expect((await realm('a@example.net')).body).toEqual({ ver: '1.0', account_type: 'Unknown', ...cloud })
  })

  it('refuses what is no user name', async () => {
    const { status, body } = await realm('alice')
    expect([status, body['error_codes']]).toEqual([400, [50050]])
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/password.txt')
})
