import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import {
  accessAsUser,
  alice,
  authorizeUrl,
  contoso,
  middleTier,
  middleTierSecret,
  onBehalfOf,
  password,
  postToken,
  redeem,
  signIn,
  verifier,
  webClient,
  type Json,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const get = async (path: string): Promise<{ headers: Headers; body: Json }> => {
  const response = await fetch(`${emulator.origin}${path}`)
  return { headers: response.headers, body: (await response.json()) as Json }
}

describe('the request log', () => {
  it('tells who asked for what, how it ended, and what was issued, but holds nothing that opens a door', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await signIn(browser, authorizeUrl(emulator))
    const code = page.location!.searchParams.get('code')!
    const { body } = await redeem(emulator, code)
    const refresh = {
      grant_type: 'refresh_token',
      client_id: webClient,
      refresh_token: body['refresh_token'] as string,
      scope: accessAsUser,
    }
    await postToken(emulator, refresh, { headers: { origin: 'http://localhost:3000' } })
    const exchange = await postToken(
      emulator,
      onBehalfOf(body['access_token'] as string, {
        scope: 'User.Read',
        'client-request-id': 'the-correlation',
      }),
    )
    await fetch(`${emulator.origin}/v1.0/me`, {
      headers: { authorization: `Bearer ${exchange.body['access_token'] as string}` },
    })
    await postToken(emulator, onBehalfOf('wrong', { client_secret: 'a-wrong-secret' }))

    const [record] = emulator.requests.list({ correlationId: 'the-correlation' })
    expect(record).toMatchObject({
      endpoint: 'token',
      grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      clientId: middleTier,
      user: alice,
      tenant: contoso,
      resource: 'Microsoft Graph',
      scopes: ['User.Read'],
      status: 200,
    })
    expect(record?.presented).toMatchObject({ aud: middleTier })
    expect(record?.issued).toMatchObject({ aud: 'https://graph.microsoft.com', appid: middleTier })
    expect(emulator.requests.list().at(-1)).toMatchObject({ status: 401, error: [7000215] })

    const log = JSON.stringify(emulator.requests.list())
    const tokens = [
      body['access_token'],
      body['refresh_token'],
      body['id_token'],
      exchange.body['access_token'],
    ] as string[]
    const parts = tokens.flatMap((token) => token.split('.')).filter((part) => part.length > 10)
    const secrets = [
      ...parts,
      code.slice(2),
      password,
      middleTierSecret,
      'a-wrong-secret',
      verifier,
      ...browser.cookies.values(),
    ]
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
  })

  it('is found by the trace of the caller, over HTTP', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const url = `${emulator.origin}/${contoso}/discovery/v2.0/keys`
    await fetch(url, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } })
    const { headers, body } = await get(`/_emulator/requests?traceId=${traceId}`)
    expect(body['requests']).toMatchObject([{ endpoint: 'keys', traceId, status: 200 }])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('keeps the last thousand requests', async () => {
    const template = emulator.requests.list()[0]!
    for (let count = 0; count < 1100; count += 1) emulator.requests.add({ ...template, id: String(count) })
    expect(emulator.requests.list()).toHaveLength(1000)
    expect(emulator.requests.list().at(-1)?.id).toBe('1099')
  })
})

describe('the directory over HTTP', () => {
  it('has no password and no secret', async () => {
    const { body } = await get('/_emulator/directory')
    const text = JSON.stringify(body)
    expect(text).toContain(alice)
    expect([password, middleTierSecret].filter((secret) => text.includes(secret))).toEqual([])
  })
})

describe('the pages', () => {
  it('of the emulator itself answer', async () => {
    expect((await get('/_emulator/health')).body).toEqual({ status: 'ok' })
    const home = await (await fetch(`${emulator.origin}/`)).text()
    expect(home).toContain('Alice Adams')
    const style = await fetch(`${emulator.origin}/_emulator/assets/style.css`)
    expect(style.headers.get('content-type')).toContain('text/css')
    expect((await fetch(`${emulator.origin}/_emulator/assets/..%2fpackage.json`)).status).toBe(404)
    expect((await fetch(`${emulator.origin}/error?code=50076`)).status).toBe(200)
  })

  it('refuse a body without end', async () => {
    const url = `${emulator.origin}/${contoso}/oauth2/v2.0/token`
    const response = await fetch(url, { method: 'POST', body: 'x'.repeat(300_000) })
    expect(response.status).toBe(413)
  })
})
