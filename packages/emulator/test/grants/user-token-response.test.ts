// What comes with an access token for a user, at either endpoint, and who gets none: the assignment that an API may require.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  bob,
  carol,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  headerOf,
  middleTier,
  onBehalfOf,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
  without,
  type TokenAnswer,
} from '../scenario.ts'

const aliceId = 'c0000000-0000-4000-8000-0000000000a1'
const tasksOf = `api://${todoApi}`
const role = { value: 'Tasks.Own', description: 'Have tasks' }

// The To Do API is for those who are assigned; of the people that is Alice.
const directory: DirectoryData = {
  ...defaultDirectory,
  applications: defaultDirectory.applications.map((it) =>
    it.id === todoApi
      ? { ...it, appRoleAssignmentRequired: true, appRoles: [...(it.appRoles ?? []), role] }
      : it,
  ),
  appRoleAssignments: [
    ...(defaultDirectory.appRoleAssignments ?? []),
    { tenantId: contoso, principalId: aliceId, resourceId: todoApi, role: role.value },
  ],
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ directory })
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.policies.clear())

async function exchange(
  user: string,
  changes: Record<string, string> = {},
  options: Parameters<typeof postToken>[2] = {},
): Promise<TokenAnswer> {
  const assertion = await emulator.mint({
    user,
    tenant: contoso,
    client: webClient,
    audience: middleTier,
    scopes: ['access_as_user'],
  })
  return postToken(emulator, onBehalfOf(assertion, changes), options)
}

describe('an API that requires an assignment', () => {
  it('is there for an assigned user, with the role', async () => {
    const { status, body } = await exchange(alice)
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)['roles']).toEqual(['Tasks.Own'])
  })

  it.each([bob, carol])('refuses %s, who has none, before anything else about the user', async (user) => {
    emulator.policies.add({ kind: 'block', resource: todoApi })
    const { status, body } = await exchange(user)
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50105] })
    expect(body['error_description']).toContain(`To Do API ('${todoApi}')`)
    expect(body['error_description']).toContain(`'${user}'`)
    expect(body).not.toHaveProperty('suberror')
    expect(body).not.toHaveProperty('claims')
  })

  it('refuses an application that has none, and serves the one that has', async () => {
    const appOnly = (client_id: string, client_secret: string): Promise<TokenAnswer> =>
      postToken(emulator, {
        grant_type: 'client_credentials',
        client_id,
        client_secret,
        scope: `${tasksOf}/.default`,
      })
    expect((await appOnly(daemon, daemonSecret)).status).toBe(200)
    const refused = await appOnly(middleTier, onBehalfOf('')['client_secret']!)
    expect(refused.body).toMatchObject({ error: 'invalid_grant', error_codes: [501051] })
    expect(refused.body['error_uri']).toBe(`${emulator.origin}/error?code=501051`)
  })
})

describe('the answer of the v2 endpoint', () => {
  it('has numbers, and as much as was asked for', async () => {
    const { body } = await exchange(alice)
    expect(Object.keys(body).sort()).toEqual([
      'access_token',
      'expires_in',
      'ext_expires_in',
      'scope',
      'token_type',
    ])
    const { iat, exp } = claimsOf(body['access_token'] as string) as Record<string, number>
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: exp! - iat!,
      ext_expires_in: exp! - iat!,
      scope: `${tasksOf}/Tasks.ReadWrite`,
    })
  })

  it('has id_token, refresh token and client_info when they are asked for', async () => {
    const scope = `${tasksOf}/Tasks.ReadWrite openid profile email offline_access`
    const { body } = await exchange(alice, { scope, client_info: '1' })
    expect(claimsOf(body['id_token'] as string)).toMatchObject({
      aud: middleTier,
      ver: '2.0',
      name: 'Alice Adams',
      preferred_username: alice,
      email: 'alice@contoso.com',
    })
    expect(headerOf(body['id_token'] as string)).not.toHaveProperty('x5t')
    expect(body['refresh_token']).toMatch(/^1\./)
    expect(body).not.toHaveProperty('refresh_token_expires_in')
    const info = JSON.parse(Buffer.from(body['client_info'] as string, 'base64url').toString()) as unknown
    expect(info).toEqual({ uid: aliceId, utid: contoso })
    expect((await exchange(alice, { client_info: '0' })).body).not.toHaveProperty('client_info')
  })

  it('advises to refresh half-way only when the token lives long', async () => {
    const lasting = await createEmulator({ accessTokenLifetimeSeconds: 7201 })
    const enough = await createEmulator({ accessTokenLifetimeSeconds: 7200 })
    const short = await createEmulator({ accessTokenLifetimeSeconds: 7199 })
    const [long, just, other] = [
      await signInToWebClient(lasting),
      await signInToWebClient(enough),
      await signInToWebClient(short),
    ]
    for (const each of [lasting, enough, short]) await each.stop()
    expect(long.body).toMatchObject({ expires_in: 7201, refresh_in: 3600 })
    expect(just.body).toMatchObject({ expires_in: 7200, refresh_in: 3600 })
    expect(other.body['expires_in']).toBe(7199)
    expect(other.body).not.toHaveProperty('refresh_in')
  })
})

describe('the answer of the v1 endpoint', () => {
  const v1 = { version: '' }
  const ofResource = (changes: Record<string, string> = {}): Promise<TokenAnswer> =>
    exchange(alice, { scope: 'openid', resource: tasksOf, ...changes }, v1)

  it('has strings, the API as it was named, and a refresh token that nobody asked for', async () => {
    const { status, body } = await ofResource()
    expect(status).toBe(200)
    const { iat, nbf, exp } = claimsOf(body['access_token'] as string) as Record<string, number>
    expect(without(body as Record<string, string>, 'access_token', 'refresh_token', 'id_token')).toEqual({
      token_type: 'Bearer',
      scope: 'Tasks.ReadWrite',
      resource: tasksOf,
      expires_in: String(exp! - iat!),
      ext_expires_in: String(exp! - iat!),
      expires_on: String(exp),
      not_before: String(nbf),
    })
    expect(body['refresh_token']).toMatch(/^1\./)
  })

  it('has an id_token of version 1', async () => {
    const { body } = await ofResource()
    expect(headerOf(body['id_token'] as string)).toHaveProperty('x5t')
    expect(claimsOf(body['id_token'] as string)).toMatchObject({
      iss: `${emulator.origin}/${contoso}/`,
      ver: '1.0',
      name: 'Alice Adams',
      unique_name: alice,
    })
  })

  it('says interaction_required when a policy demands the user, as v1 does', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: todoApi })
    const { body } = await ofResource()
    expect(body).toMatchObject({ error: 'interaction_required', error_codes: [50076] })
    const v2 = await exchange(alice)
    expect(v2.body).toMatchObject({ error: 'invalid_grant', error_codes: [50076] })
  })

  it('needs an API in resource', async () => {
    for (const [scope, code] of [
      ['', 900144],
      ['openid', 28003],
    ] as const)
      expect((await exchange(alice, { scope, resource: '' }, v1)).body['error_codes']).toEqual([code])
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/user-token-response.txt')
})
