// What reaches the token endpoint: how the request is written, how the client proves itself, which pages may read the answer.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  postToken,
  todoApi,
  webClient,
  without,
  type Json,
} from '../scenario.ts'

const expired = 'a0000000-0000-4000-8000-0000000000e1'
const disabled = 'a0000000-0000-4000-8000-0000000000e2'
const odd = 'a0000000-0000-4000-8000-0000000000e3'
const oddSecret = 'a secret: with 100 % + é'
const application = { displayName: 'Test', tenantId: contoso }
const directory: DirectoryData = {
  ...defaultDirectory,
  applications: [
    ...defaultDirectory.applications,
    {
      ...application,
      id: expired,
      secrets: [
        { value: 'ended', expires: '2020-01-01T00:00:00Z' },
        { value: 'lasts', expires: '2999-01-01T00:00:00Z' },
      ],
    },
    { ...application, id: disabled, secrets: [{ value: 'secret' }], enabled: false },
    { ...application, id: odd, secrets: [{ value: oddSecret }] },
  ],
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ directory })
})
afterAll(() => emulator.stop())

const body = {
  grant_type: 'client_credentials',
  client_id: daemon,
  client_secret: daemonSecret,
  scope: `api://${todoApi}/.default`,
}
const path = `/${contoso}/oauth2/v2.0/token`
const form = 'application/x-www-form-urlencoded'

async function post(
  text: string,
  headers: Record<string, string> = {},
): Promise<{ response: Response; answer: Json }> {
  const init = { method: 'POST', body: text, headers: { 'content-type': form, ...headers } }
  const response = await fetch(`${emulator.origin}${path}`, init)
  return { response, answer: (await response.json()) as Json }
}

const encode = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
const basic = (authorization: string, more: Record<string, string> = {}): ReturnType<typeof postToken> =>
  postToken(
    emulator,
    { ...without(body, 'client_id', 'client_secret'), ...more },
    { headers: { authorization } },
  )

describe('the body of a token request', () => {
  it('is a form, whatever the case and the parameters of its type', async () => {
    const text = new URLSearchParams(body).toString()
    for (const type of [form, `${form.toUpperCase()} ; charset=utf-8`])
      expect((await post(text, { 'content-type': type })).response.status).toBe(200)
    for (const type of ['application/json', 'text/plain', `x-${form}`])
      expect((await post(text, { 'content-type': type })).answer['error_codes']).toEqual([900144])
  })

  it('has each parameter once', async () => {
    const text = `${new URLSearchParams(body).toString()}&scope=x`
    expect((await post(text)).answer['error_codes']).toEqual([9000411])
  })

  it('is read at the token endpoint with POST alone', async () => {
    for (const method of ['GET', 'PUT'])
      for (const each of [path, `/${contoso}/oauth2/token`]) {
        const response = await fetch(`${emulator.origin}${each}`, { method })
        expect(response.status).toBe(405)
        const answer = (await response.json()) as Json
        expect(answer['error_codes']).toEqual([900561])
        expect(answer['error_description']).toContain(`Received a ${method} request`)
      }
  })

  it('tells its length in advance, and is no larger than a quarter of a megabyte', async () => {
    const limit = 262_144
    const text = new URLSearchParams(body).toString()
    const padded = (length: number): string => `${text}&padding=`.padEnd(length, 'x')
    expect((await post(padded(limit))).response.status).toBe(200)
    const { response, answer } = await post(padded(limit + 1))
    expect(response.status).toBe(413)
    expect(answer).toEqual({ error: 'content_too_large' })
    expect(await postInChunks(text)).toEqual({ status: 411, text: '{"error":"length_required"}' })
  })
})

function postInChunks(text: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': form, 'transfer-encoding': 'chunked' }
    const sent = request(`${emulator.origin}${path}`, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

describe('a client', () => {
  it('has its credentials form-encoded in the Authorization header', async () => {
    const secret = new URLSearchParams({ secret: oddSecret }).toString().slice('secret='.length)
    expect((await basic(encode(odd, secret))).status).toBe(200)
    expect((await basic(encode(odd, encodeURIComponent(oddSecret)).replace('Basic', 'bAsIc  '))).status).toBe(
      200,
    )
  })

  it.each([
    ['text that is not encoded', encode(odd, oddSecret), 9002313],
    ['a name alone', `Basic ${Buffer.from(odd).toString('base64')}`, 9002313],
    ['no secret', encode(odd, ''), 7000215],
    ['another scheme', encode(odd, oddSecret).replace('Basic', 'Bearer'), 900144],
  ])('is refused with %s there', async (_, authorization, code) => {
    expect((await basic(authorization)).body['error_codes']).toEqual([code])
  })

  it('is the one of the Authorization header, not of the form', async () => {
    const { body: answer } = await basic(encode(daemon, daemonSecret), {
      client_id: odd,
      client_secret: 'wrong',
    })
    expect(claimsOf(answer['access_token'] as string)['azp']).toBe(daemon)
  })

  it.each<[string, Record<string, string>, number]>([
    ['no id', { client_id: '' }, 900144],
    ['an id with more around it', { client_id: `{${daemon}}` }, 700038],
    ['a secret that ended', { client_id: expired, client_secret: 'ended' }, 7000222],
    ['a secret that it never had', { client_id: expired, client_secret: 'never' }, 7000215],
    ['an application that was disabled', { client_id: disabled, client_secret: 'secret' }, 7000112],
    ['an assertion that is no token', { client_assertion: 'x', client_assertion_type: jwtType() }, 7000151],
    ['an assertion of no type', { client_assertion: 'a.b.c' }, 7000151],
  ])('is refused with %s', async (_, changes, code) => {
    expect((await postToken(emulator, { ...body, ...changes })).body['error_codes']).toEqual([code])
  })

  it('is accepted with any secret that has not ended, and whatever the case of its id', async () => {
    const lasting = { client_id: expired.toUpperCase(), client_secret: 'lasts' }
    expect((await postToken(emulator, { ...body, ...lasting })).status).toBe(200)
  })
})

function jwtType(): string {
  return 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
}

describe('the correlation id', () => {
  const id = '11111111-2222-4333-8444-555555555555'
  it('is given back to those who ask for it, in a header or in the form', async () => {
    const sent = { 'client-request-id': id }
    const asked = await postToken(emulator, body, {
      headers: { ...sent, 'return-client-request-id': 'true' },
    })
    expect(asked.headers.get('client-request-id')).toBe(id)
    const inForm = await postToken(
      emulator,
      { ...body, 'return-client-request-id': 'true' },
      { headers: sent },
    )
    expect(inForm.headers.get('client-request-id')).toBe(id)
    for (const headers of [sent, { ...sent, 'return-client-request-id': 'false' }])
      expect((await postToken(emulator, body, { headers })).headers.has('client-request-id')).toBe(false)
  })
})

describe('a page', () => {
  const preflight = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${emulator.origin}${path}`, { method: 'OPTIONS', headers })

  it('of a single-page application may ask with any header, and read the headers that clients need', async () => {
    const origin = 'http://localhost:3000'
    const asked = await preflight({ origin, 'access-control-request-headers': 'x-client-sku' })
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'x-client-sku',
      'access-control-max-age': '600',
      vary: 'Origin',
    })
    expect((await preflight({ origin })).headers.get('access-control-allow-headers')).toBe('content-type')
    const { headers } = await postToken(emulator, { ...body, client_id: webClient }, { headers: { origin } })
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.get('access-control-expose-headers')).toContain('retry-after')
  })

  it.each(['https://evil.example', 'https://localhost:3000', 'http://127.0.0.1:3000', 'null', 'localhost'])(
    'of %s may not',
    async (origin) => {
      const { headers } = await preflight({ origin })
      expect(headers.has('access-control-allow-origin')).toBe(false)
      expect(headers.get('vary')).toBe('Origin')
    },
  )
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/token-request.txt')
})
