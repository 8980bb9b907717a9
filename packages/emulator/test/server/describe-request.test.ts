// What the request log has of a request that failed: who asked, for whom and for what, read off before it was handled.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RequestRecord } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import {
  alice,
  authorizeUrl,
  bob,
  contoso,
  daemon,
  legacyApi,
  middleTier,
  onBehalfOf,
  postToken,
  redeem,
  signIn,
  signInToWebClient,
  todoApi,
  webClient,
} from '../scenario.ts'

const unknown = 'a0000000-0000-4000-8000-00000000ffff'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const last = (): RequestRecord => emulator.requests.list().at(-1)!

/** The record of a token request that nobody can grant. */
async function recordOf(
  form: Record<string, string>,
  options: Parameters<typeof postToken>[2] = {},
): Promise<RequestRecord> {
  const { status } = await postToken(emulator, { grant_type: 'unheard_of', ...form }, options)
  expect(status).toBe(400)
  return last()
}

describe('a token request that fails', () => {
  it('names grant, client and tenant as they were sent, shortened', async () => {
    expect(await recordOf({ client_id: daemon })).toMatchObject({
      endpoint: 'token',
      grantType: 'unheard_of',
      clientId: daemon,
      tenant: contoso,
      error: [70003],
    })
    const long = await recordOf({ grant_type: 'g'.repeat(300), client_id: 'c'.repeat(300) })
    expect(long).toMatchObject({ grantType: 'g'.repeat(200), clientId: 'c'.repeat(200) })
    const agent = { 'user-agent': 'u'.repeat(300) }
    expect((await recordOf({}, { headers: agent })).headers).toMatchObject({ 'user-agent': 'u'.repeat(200) })
    expect(await recordOf({})).not.toMatchObject({ clientId: expect.anything() as unknown })
  })

  it('names the client of the Authorization header, but the one of the form first', async () => {
    const authorization = `Basic ${Buffer.from(`${daemon}:secret`).toString('base64')}`
    const headers = { authorization }
    expect((await recordOf({}, { headers })).clientId).toBe(daemon)
    expect((await recordOf({ client_id: middleTier }, { headers })).clientId).toBe(middleTier)
    expect((await recordOf({}, { headers: { authorization: `Bearer ${daemon}` } })).clientId).toBeUndefined()
    expect(JSON.stringify(emulator.requests.list())).not.toContain('secret')
  })

  it.each<[Record<string, string>, string | undefined]>([
    [{ scope: `openid  profile api://${todoApi}/Tasks.ReadWrite` }, 'To Do API'],
    [{ scope: `${todoApi}/.default` }, 'To Do API'],
    [{ scope: 'offline_access User.Read' }, 'Microsoft Graph'],
    [{ scope: 'openid profile email offline_access' }, undefined],
    [{ scope: 'api://nobody/x' }, undefined],
    [{ scope: '' }, undefined],
    [{}, undefined],
    [{ resource: 'api://legacy.contoso.com/', scope: 'User.Read' }, 'Microsoft Graph'],
    [{ resource: legacyApi }, 'Legacy web API'],
  ])('with %j names its API', async (form, resource) => {
    expect((await recordOf(form)).resource).toBe(resource)
  })

  it('names the API of a v1 request by resource, whatever its scope', async () => {
    const form = { resource: 'api://legacy.contoso.com/', scope: 'User.Read' }
    expect((await recordOf(form, { version: '' })).resource).toBe('Legacy web API')
  })

  it('names the user behind its code, its refresh token or its assertion', async () => {
    const page = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator), { username: bob })
    const code = page.location!.searchParams.get('code')!
    expect((await redeem(emulator, code, { changes: { code_verifier: 'x'.repeat(43) } })).status).toBe(400)
    expect(last()).toMatchObject({ user: bob, error: [501481] })
    const tokens = (await redeem(emulator, code)).body as Record<string, string>
    expect((await recordOf({ refresh_token: tokens['refresh_token']! })).user).toBe(bob)
    expect((await recordOf({ assertion: tokens['access_token']! })).user).toBe(bob)
    expect((await recordOf({ assertion: 'nonsense', code: 'nonsense' })).user).toBeUndefined()
  })

  it('has the correlation id of the header, the query or the form, in this order', async () => {
    const header = { headers: { 'client-request-id': 'of-header' } }
    const inForm = { 'client-request-id': 'of-form' }
    expect((await recordOf(inForm, header)).correlationId).toBe('of-header')
    expect((await recordOf(inForm)).correlationId).toBe('of-form')
    expect((await recordOf({})).correlationId).toBeUndefined()
    const url = `${emulator.origin}/${contoso}/oauth2/v2.0/token?client-request-id=of-query`
    await fetch(url, { method: 'POST', body: new URLSearchParams() })
    expect(last().correlationId).toBe('of-query')
    await fetch(url, { method: 'POST', body: new URLSearchParams(inForm) })
    expect(last().correlationId).toBe('of-form')
  })
})

describe('an authorization request that fails', () => {
  it('names its client, known or not, and its correlation id', async () => {
    const url = `${authorizeUrl(emulator, { client_id: unknown })}&client-request-id=of-query`
    await createBrowser(emulator.origin).open(url)
    expect(last()).toMatchObject({
      endpoint: 'authorize',
      clientId: unknown,
      tenant: contoso,
      correlationId: 'of-query',
      status: 400,
    })
  })
})

describe('a request to Graph that fails', () => {
  const ask = async (token: string): Promise<RequestRecord> => {
    await fetch(`${emulator.origin}/v1.0/users`, { headers: { authorization: `bearer ${token}` } })
    return last()
  }

  it('names the user and the client of the token, and what it says', async () => {
    const { body } = await signInToWebClient(emulator)
    const exchanged = await postToken(
      emulator,
      onBehalfOf(body['access_token'] as string, { scope: 'User.Read' }),
    )
    expect(await ask(exchanged.body['access_token'] as string)).toMatchObject({
      endpoint: 'graph',
      user: alice,
      clientId: middleTier,
      presented: { aud: 'https://graph.microsoft.com', scp: 'User.Read' },
      status: 403,
    })
  })

  it('names nobody where the token does not', async () => {
    const nobody = await ask('nonsense')
    expect(nobody.presented).toBeUndefined()
    const odd = await ask(await emulator.mint({ client: webClient, audience: todoApi, claims: { oid: 7 } }))
    for (const record of [nobody, odd]) {
      expect(record.user).toBeUndefined()
      expect(record.clientId).toBeUndefined()
    }
  })

  it('keeps no more of what it presents than a token can sensibly hold', async () => {
    const token = await emulator.mint({
      client: webClient,
      audience: todoApi,
      claims: { x: 'x'.repeat(8_000) },
    })
    expect((await ask(token)).presented).toMatchObject({ x: 'x'.repeat(8_000) })
  })
})
