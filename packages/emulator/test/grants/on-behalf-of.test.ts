import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type MintRequest } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  bob,
  carol,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  fabrikam,
  graph,
  legacyApi,
  middleTier,
  onBehalfOf,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
  without,
  type TokenAnswer,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const valid: MintRequest = {
  user: alice,
  client: webClient,
  audience: middleTier,
  scopes: ['access_as_user'],
}

const later = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

async function exchange(
  mint: Partial<MintRequest> = {},
  changes: Record<string, string> = {},
  tenant = contoso,
): Promise<TokenAnswer> {
  return postToken(emulator, onBehalfOf(await emulator.mint({ ...valid, ...mint }), changes), { tenant })
}

describe('on behalf of', () => {
  it('gives a token to the next API that names the middle tier and the same user', async () => {
    const assertion = (await signInToWebClient(emulator)).body['access_token'] as string
    const { status, body } = await postToken(emulator, onBehalfOf(assertion))
    const [before, after] = [claimsOf(assertion), claimsOf(body['access_token'] as string)]
    expect(status).toBe(200)
    expect(body['scope']).toBe(`api://${todoApi}/Tasks.ReadWrite`)
    expect(after).toMatchObject({
      aud: todoApi,
      azp: middleTier,
      azpacr: '1',
      oid: before['oid'],
      tid: before['tid'],
      scp: 'Tasks.ReadWrite',
    })
    expect(after['sub']).not.toBe(before['sub'])
    expect(after).not.toHaveProperty('idtyp')
    expect(body).not.toHaveProperty('refresh_token')
  })

  it('echoes the scopes in the form in which they were asked for', async () => {
    const guid = await exchange(
      {},
      { scope: `${todoApi}/Tasks.ReadWrite openid profile offline_access`, client_info: '1' },
    )
    expect(guid.body['scope']).toBe(`openid profile ${todoApi}/Tasks.ReadWrite`)
    expect(guid.body['refresh_token']).toBeTruthy()
    expect(guid.body['client_info']).toBeTruthy()
    const standard = await exchange({}, { scope: `api://${todoApi}/.default` })
    expect(standard.body['scope']).toBe(`api://${todoApi}/Tasks.ReadWrite api://${todoApi}/.default`)
    const bare = await exchange({}, { scope: 'User.Read' })
    expect(bare.body['scope']).toBe('User.Read')
  })

  it('works for a guest in the resource tenant', async () => {
    const { body } = await exchange({ user: carol, tenant: contoso }, { client_info: '1' })
    expect(claimsOf(body['access_token'] as string)).toMatchObject({
      oid: 'c0000000-0000-4000-8000-0000000000c9',
      tid: contoso,
    })
    const info = JSON.parse(Buffer.from(body['client_info'] as string, 'base64url').toString()) as unknown
    expect(info).toEqual({ uid: 'f0000000-0000-4000-8000-0000000000c1', utid: fabrikam })
  })

  it('works in the tenant of the assertion when the path says common, and in another tenant too', async () => {
    const { body } = await exchange({ user: carol }, {}, 'common')
    expect(claimsOf(body['access_token'] as string)['tid']).toBe(fabrikam)
    expect((await exchange({ user: carol }, {}, fabrikam)).status).toBe(200)
  })

  it('accepts an assertion by application ID URI in a v1 token', async () => {
    const { status } = await exchange({ version: 1, audience: `api://${middleTier}` })
    expect(status).toBe(200)
  })

  it.each<[string, Partial<MintRequest>, Record<string, string>, string, number]>([
    ['an assertion for another API', { audience: todoApi }, {}, 'invalid_grant', 500131],
    ['an expired assertion', { lifetimeSeconds: -310 }, {}, 'invalid_grant', 500133],
    ['an id_token', { type: 'id' }, {}, 'invalid_request', 240002],
    ['a foreign signature', { withForeignKey: true }, {}, 'invalid_grant', 50013],
    ['an id_token of another issuer', { type: 'id', withForeignKey: true }, {}, 'invalid_grant', 50013],
    [
      'the middle tier by its URI',
      {},
      { scope: `api://${middleTier}/access_as_user` },
      'invalid_request',
      90009,
    ],
    ['an unknown key', { header: { kid: 'nobody' } }, {}, 'invalid_grant', 50013],
    ['an algorithm that is none', { header: { alg: 'none' } }, {}, 'invalid_grant', 50013],
    ['a foreign issuer', { claims: { iss: 'https://sts.evil.example/' } }, {}, 'invalid_grant', 50013],
    ['an assertion of another tenant', { user: carol }, {}, 'invalid_grant', 50013],
    ['an unknown API', {}, { scope: 'api://nobody/x' }, 'invalid_resource', 500011],
    ['an unknown scope', {}, { scope: `api://${todoApi}/Nothing` }, 'invalid_client', 650053],
    ['several APIs', {}, { scope: `api://${todoApi}/.default User.Read` }, 'invalid_request', 28000],
    [
      '.default beside a named scope',
      {},
      { scope: `api://${todoApi}/.default api://${todoApi}/Tasks.ReadWrite` },
      'invalid_scope',
      70011,
    ],
    ['only OpenID scopes', {}, { scope: 'openid profile' }, 'invalid_request', 28003],
    ['no assertion', {}, { assertion: '' }, 'invalid_request', 900144],
    ['an assertion that is no token', {}, { assertion: 'nonsense' }, 'invalid_request', 50027],
    ['no requested_token_use', {}, { requested_token_use: '' }, 'invalid_request', 900144],
    ['another use', {}, { requested_token_use: 'impersonation' }, 'unsupported_grant_type', 70003],
    ['no scope', {}, { scope: '' }, 'invalid_request', 900144],
    ['the id of the API as its URI', {}, { resource: todoApi }, 'invalid_target', 9010010],
    ['an assertion from the future', { claims: { nbf: later(400) } }, {}, 'invalid_grant', 500133],
    ['an assertion without end', { claims: { exp: undefined } }, {}, 'invalid_grant', 500133],
    ['an end that is no number', { claims: { exp: '9999999999' } }, {}, 'invalid_grant', 500133],
    ['an end that is no date', { claims: { exp: -9e12 } }, {}, 'invalid_grant', 500133],
    ['several audiences', { claims: { aud: [middleTier] } }, {}, 'invalid_grant', 500131],
    ['no audience', { claims: { aud: undefined } }, {}, 'invalid_grant', 500131],
    ['an assertion of no tenant', { claims: { tid: undefined } }, {}, 'invalid_grant', 50013],
    ['an unknown tenant', { claims: { tid: webClient } }, {}, 'invalid_grant', 50013],
    ['an unknown user', { claims: { oid: webClient } }, {}, 'invalid_grant', 50034],
    ['a user that is none', { claims: { oid: 7 } }, {}, 'invalid_grant', 50034],
    ['an app-only token with a scope', { claims: { idtyp: 'app' } }, {}, 'unauthorized_client', 7000114],
    ['a token of roles', { claims: { scp: undefined, roles: ['x'] } }, {}, 'unauthorized_client', 7000114],
    ['a wrong secret', {}, { client_secret: 'wrong' }, 'invalid_client', 7000215],
  ])('refuses %s', async (_, mint, changes, error, code) => {
    const { body } = await exchange(mint, changes)
    expect(body).toMatchObject({ error, error_codes: [code] })
  })

  it.each<[string, Partial<MintRequest>]>([
    ['its id', { version: 1, audience: middleTier }],
    ['its application ID URI', { claims: { aud: `api://${middleTier}` } }],
    ['its application ID URI and a slash', { claims: { aud: `api://${middleTier}/` } }],
  ])('knows itself in an assertion for %s', async (_, mint) => {
    expect((await exchange(mint)).status).toBe(200)
  })

  it('accepts an assertion of a clock that is minutes ahead, and one that says no start', async () => {
    expect((await exchange({ claims: { nbf: later(200) } })).status).toBe(200)
    expect((await exchange({ claims: { nbf: undefined } })).status).toBe(200)
  })

  it.each<[string, Partial<MintRequest>, string]>([
    [
      'both audiences',
      { audience: todoApi },
      `in the assertion was '${todoApi}' and the expected audience is '${middleTier}'`,
    ],
    ['the audience that is none', { claims: { aud: 7 } }, `was '' and the expected`],
    ['the end', { claims: { exp: 946_684_800 } }, 'expiry time of assertion 2000-01-01 00:00:00Z'],
    ['an end that is unknown', { claims: { exp: undefined } }, 'expiry time of assertion unknown'],
    ['an unknown key', { header: { kid: 'nobody' } }, '[Reason - The key was not found.]'],
    ['a key that did not sign', { withForeignKey: true }, '[Reason - The key was found, but'],
    ['the tenant', { user: carol }, 'issued for another tenant'],
  ])('names %s', async (_, mint, text) => {
    expect((await exchange(mint)).body['error_description']).toContain(text)
  })

  it.each([
    [contoso, 'named Contoso.'],
    ['common', 'named Contoso.'],
  ])('names the API that is not there, and where: in %s', async (tenant, where) => {
    const { body } = await exchange({}, { scope: 'api://nobody/x' }, tenant)
    expect(body['error_description']).toContain(`api://nobody was not found in the tenant ${where}`)
  })

  it('asks for the credential of a client that has one and sends none', async () => {
    const assertion = await emulator.mint(valid)
    const { status, body } = await postToken(emulator, without(onBehalfOf(assertion), 'client_secret'))
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'invalid_client', error_codes: [7000218] })
  })

  it('tolerates five minutes at the end of an assertion, as of every other', async () => {
    const now = Math.floor(emulator.clock.now() / 1000)
    expect((await exchange({ claims: { exp: now - 290 } })).status).toBe(200)
    expect((await exchange({ claims: { exp: now - 310 } })).body['error_codes']).toEqual([500133])
  })

  it('gives a middle tier a token for itself when it asks by its id', async () => {
    const { body } = await exchange({}, { scope: `${middleTier}/access_as_user` })
    expect(body['error_codes']).not.toEqual([90009])
  })

  it('refuses an app-only assertion', async () => {
    const token = await emulator.mint({ client: daemon, audience: middleTier })
    const { body } = await postToken(emulator, onBehalfOf(token))
    expect(body).toMatchObject({ error: 'unauthorized_client', error_codes: [7000114] })
  })

  it('refuses a token for Graph, which nobody but Graph can verify', async () => {
    const graphToken = (await exchange({}, { scope: 'User.Read' })).body['access_token'] as string
    const { body } = await postToken(emulator, onBehalfOf(graphToken))
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50013] })
  })

  it('names the middle tier when consent is missing', async () => {
    const { body } = await exchange({}, { scope: 'Mail.Read' })
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'consent_required', error_codes: [65001] })
    expect(body['error_description']).toContain(middleTier)
    expect(body).not.toHaveProperty('error_uri')
  })

  it('needs consent for .default as well', async () => {
    const { body } = await exchange({}, { scope: `${legacyApi}/.default` })
    expect(body).toMatchObject({ error_codes: [65001] })
  })

  it('refuses after the sessions of the user were revoked', async () => {
    const user = emulator.directory.findUser(bob)!
    emulator.directory.revokeSessions(user, emulator.clock.now() + 2000)
    const { body } = await exchange({ user: bob })
    emulator.directory.revokeSessions(user, 0)
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [50173] })
  })

  it('refuses a public client', async () => {
    const { status, body } = await exchange(
      { audience: webClient },
      { client_id: webClient, client_secret: '' },
    )
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'invalid_client', error_codes: [700025] })
  })

  it('decides by the first check that fails', async () => {
    const { body } = await exchange({ audience: todoApi, lifetimeSeconds: -310 }, { scope: 'api://nobody/x' })
    expect(body['error_codes']).toEqual([500133])
  })

  it('gives the user roles of the user, never those of the middle tier', async () => {
    emulator.directory.assignRole({
      tenantId: contoso,
      principalId: middleTier,
      resourceId: todoApi,
      role: 'Tasks.Read.All',
    })
    const { body } = await exchange()
    expect(claimsOf(body['access_token'] as string)).not.toHaveProperty('roles')
    const appOnly = await postToken(emulator, {
      grant_type: 'client_credentials',
      client_id: daemon,
      client_secret: daemonSecret,
      scope: `${graph}/.default`,
    })
    expect(appOnly.status).toBe(200)
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/on-behalf-of.txt')
})
