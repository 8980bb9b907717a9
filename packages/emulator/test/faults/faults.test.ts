import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, EmulatorOptionsError, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  bob,
  contoso,
  daemon,
  daemonSecret,
  middleTier,
  onBehalfOf,
  postToken,
  todoApi,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
afterEach(() => emulator.faults.clear())

const body = {
  grant_type: 'client_credentials',
  client_id: daemon,
  client_secret: daemonSecret,
  scope: `api://${todoApi}/.default`,
}
const ask = () => postToken(emulator, body)
const exchange = async (user: string, scope: string) => {
  const assertion = await emulator.mint({
    user,
    client: webClient,
    audience: middleTier,
    scopes: ['access_as_user'],
  })
  return postToken(emulator, onBehalfOf(assertion, { scope }))
}

describe('a fault', () => {
  it('answers with an AADSTS error and its headers until it is removed', async () => {
    const fault = emulator.faults.add({
      when: { endpoint: 'token' },
      then: { aadsts: 90055, headers: { 'retry-after': '7' } },
    })
    const throttled = await ask()
    fault.remove()
    expect(throttled.status).toBe(429)
    expect(throttled.headers.get('retry-after')).toBe('7')
    expect(throttled.body).toMatchObject({ error: 'temporarily_unavailable', error_codes: [90055] })
    expect((await ask()).status).toBe(200)
  })

  it.each<[string, object, string]>([
    [
      'a condition that there is not',
      { when: { endpoints: 'token' }, then: { status: 503 } },
      'when.endpoints',
    ],
    ['an effect that there is not', { when: {}, then: { state: 503 } }, 'then.state'],
    [
      'an endpoint that there is not',
      { when: { endpoint: 'tokens' }, then: { status: 503 } },
      'when.endpoint',
    ],
    ['a number that is no AADSTS code', { when: {}, then: { aadsts: 1 } }, 'then.aadsts'],
    ['a body where there is none', { when: {}, then: { status: 204, body: 'x' } }, 'then'],
    ['a header that HTTP does not have', { when: {}, then: { headers: { 'a b': 'c' } } }, 'then.headers'],
    ['a header of two lines', { when: {}, then: { headers: { a: 'b\r\nc: d' } } }, 'then.headers'],
  ])('is refused with %s, and hits nothing', (_, fault, member) => {
    expect(() => emulator.faults.add(fault as never)).toThrow(EmulatorOptionsError)
    expect(() => emulator.faults.add(fault as never)).toThrow(member)
    expect(emulator.faults.list()).toEqual([])
  })

  it('hits so many times, or only the n-th request', async () => {
    emulator.faults.add({ when: { endpoint: 'token', times: 1 }, then: { status: 503, body: 'down' } })
    const url = `${emulator.origin}/${contoso}/oauth2/v2.0/token`
    const post = async () => (await fetch(url, { method: 'POST', body: new URLSearchParams(body) })).status
    expect([await post(), await post()]).toEqual([503, 200])
    emulator.faults.clear()
    emulator.faults.add({ when: { endpoint: 'token', nth: 2 }, then: { status: 500 } })
    expect([await post(), await post(), await post()]).toEqual([200, 500, 200])
  })

  it('hits one user, one API or one client only', async () => {
    emulator.faults.add({ when: { user: alice, resource: 'To Do API' }, then: { aadsts: 53003 } })
    expect((await exchange(alice, `api://${todoApi}/.default`)).body).toMatchObject({
      suberror: 'message_only',
      error_codes: [53003],
    })
    expect((await exchange(alice, 'User.Read')).status).toBe(200)
    expect((await exchange(bob, `api://${todoApi}/.default`)).status).toBe(200)
    emulator.faults.add({ when: { clientId: daemon }, then: { aadsts: 7000222 } })
    expect((await ask()).body['error_codes']).toEqual([7000222])
  })

  it('drops the connection', async () => {
    emulator.faults.add({ when: { endpoint: 'token' }, then: { drop: true } })
    await expect(ask()).rejects.toThrow('fetch failed')
    expect(emulator.requests.list().at(-1)).toMatchObject({ endpoint: 'token', status: undefined })
  })

  it('sends half an answer', async () => {
    emulator.faults.add({ when: { endpoint: 'keys' }, then: { truncate: true } })
    const response = await fetch(`${emulator.origin}/${contoso}/discovery/v2.0/keys`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })

  it('hangs until the client gives up, and does not keep the emulator from stopping', async () => {
    const other = await createEmulator()
    other.faults.add({ when: { endpoint: 'discovery' }, then: { hang: true } })
    const url = `${other.origin}/${contoso}/v2.0/.well-known/openid-configuration`
    const hits = (count: number) =>
      expect.poll(() => other.faults.list()[0]?.hits, { timeout: 30_000 }).toBe(count)
    const patience = new AbortController()
    const left = fetch(url, { signal: patience.signal }).catch((error: unknown) => error)
    await hits(1)
    patience.abort()
    expect(await left).toMatchObject({ name: 'AbortError' })
    const hanging = fetch(url).catch((error: unknown) => error)
    await hits(2)
    await other.stop()
    expect(await hanging).toBeInstanceOf(TypeError)
  })

  it('delays, adds headers and lets the request go on', async () => {
    emulator.faults.add({ when: { endpoint: 'token' }, then: { delayMs: 5, headers: { 'x-extra': 'yes' } } })
    const { status, headers } = await ask()
    expect(status).toBe(200)
    expect(headers.get('x-extra')).toBe('yes')
  })

  it('that hits every request leaves the pages and endpoints alone by which it is switched off', async () => {
    emulator.faults.add({ when: {}, then: { drop: true } })
    await expect(ask()).rejects.toThrow(TypeError)
    expect((await fetch(`${emulator.origin}/`)).status).toBe(200)
    expect(emulator.faults.list()).toMatchObject([{ matched: 1, hits: 1 }])
    expect((await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' })).status).toBe(204)
    expect((await ask()).status).toBe(200)
  })

  it('cuts an answer off in its middle', async () => {
    const text = 'x'.repeat(100)
    emulator.faults.add({ when: { endpoint: 'keys' }, then: { body: text, truncate: true } })
    const response = await fetch(`${emulator.origin}/${contoso}/discovery/keys`)
    expect(response.headers.get('content-length')).toBe('100')
    const read: string[] = []
    const reading = (async () => {
      for await (const piece of response.body ?? []) read.push(Buffer.from(piece).toString())
    })()
    await expect(reading).rejects.toThrow()
    expect(read.join('')).toBe('x'.repeat(50))
  })

  it('answers with any body', async () => {
    emulator.faults.add({ when: { endpoint: 'token' }, then: { body: { access_token: 'x' } } })
    expect((await ask()).body).toEqual({ access_token: 'x' })
  })
})

describe('faults over HTTP', () => {
  const post = (fault: unknown, headers: Record<string, string> = {}) =>
    fetch(`${emulator.origin}/_emulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(fault),
    })

  it('can be added, listed and removed', async () => {
    const added = await post({ when: { endpoint: 'token' }, then: { aadsts: 90033 } })
    const { id } = (await added.json()) as { id: string }
    expect(added.status).toBe(201)
    expect((await ask()).status).toBe(503)
    const removed = await fetch(`${emulator.origin}/_emulator/faults/${id}`, { method: 'DELETE' })
    expect(removed.status).toBe(204)
    expect((await ask()).status).toBe(200)
  })

  it.each([
    'discovery',
    'keys',
    'instance',
    'authorize',
    'interaction',
    'token',
    'logout',
    'userinfo',
    'graph',
  ])('can be for requests to %s', async (endpoint) => {
    expect((await post({ when: { endpoint }, then: { status: 500 } })).status).toBe(201)
    expect(emulator.faults.list()).toMatchObject([{ when: { endpoint } }])
    expect((await post({ when: { endpoint: `${endpoint}s` }, then: { status: 500 } })).status).toBe(400)
  })

  it('are refused with a sentence when they make no sense', async () => {
    const answer = await post({ when: {}, then: { aadsts: 1 } })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: 'then.aadsts: is not a code of the AADSTS table' })
  })

  it('are refused from a web page of another origin', async () => {
    expect((await post({ when: {}, then: {} }, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post({ when: {}, then: {} }, { 'content-type': 'text/plain' })).status).toBe(403)
    expect(emulator.faults.list()).toEqual([])
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/faults.txt')
})
