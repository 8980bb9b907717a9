// The request log for programs: what is new since, grouped, asked for by a query, and pushed.
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmulatorEnv } from '../../../src/http/exchange.ts'
import { createEmulator, type Emulator, type RequestRecord } from '../../../src/index.ts'
import type { RequestLog } from '../../../src/kernel/request-log.ts'
import { streamEvents } from '../../../src/portal/log/live.ts'
import { contoso, onBehalfOf, postToken, signInToWebClient } from '../../scenario.ts'

let emulator: Emulator
let accessToken: string
beforeAll(async () => {
  emulator = await createEmulator()
  accessToken = (await signInToWebClient(emulator)).body['access_token'] as string
  await postToken(emulator, onBehalfOf(accessToken, { scope: 'User.Read' }))
})
afterAll(() => emulator.stop())

interface Listed {
  readonly requests: readonly RequestRecord[]
  readonly next: string
}

async function ask<Answer = Listed>(query = ''): Promise<Answer> {
  return (await (await fetch(`${emulator.origin}/_emulator/requests${query}`)).json()) as Answer
}

describe('what is new', () => {
  it('begins after the end of the last answer, and is everything for who comes from another emulator', async () => {
    const { requests, next } = await ask()
    expect((await ask(`?since=${next}`)).requests).toEqual([])
    await fetch(`${emulator.origin}/${contoso}/discovery/v2.0/keys`)
    expect((await ask(`?since=${next}`)).requests).toMatchObject([{ endpoint: 'keys' }])
    expect((await ask('?since=999999')).requests).toHaveLength(requests.length + 1)
    expect((await ask('?since=nonsense')).requests).toHaveLength(requests.length + 1)
  })

  it('is narrowed by a query as by a filter', async () => {
    const { requests } = await ask('?q=flow:on-behalf-of%20user:alice')
    expect(requests.map(({ resource }) => resource)).toEqual(['Microsoft Graph'])
    expect((await ask('?endpoint=token&q=flow:code')).requests).toHaveLength(1)
  })
})

describe('groups', () => {
  it('are sign-ins, each with its session and how every request ended', async () => {
    const { signIns } = await ask<{ signIns: readonly Record<string, unknown>[] }>(
      '?groups=sign-ins&q=user:alice',
    )
    expect(signIns).toHaveLength(1)
    expect(signIns[0]).toMatchObject({
      user: 'alice@contoso.onmicrosoft.com',
      application: 'To Do list web client',
      requests: [
        { endpoint: 'interaction', result: 'asked' },
        { endpoint: 'interaction', result: 'issued' },
        { endpoint: 'token', result: 'issued' },
        { endpoint: 'token', result: 'issued' },
      ],
    })
  })

  it('are sessions', async () => {
    const { sessions } = await ask<{ sessions: readonly { id: string; signIns: readonly unknown[] }[] }>(
      '?groups=sessions',
    )
    expect(sessions).toHaveLength(1)
    expect(sessions[0]?.id).toBe(emulator.requests.list().at(-1)?.sessionId ?? sessions[0]?.id)
    expect(sessions[0]?.signIns).toHaveLength(1)
  })
})

/** The next event of a stream, without its heartbeats. */
async function readEvent(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return text
    text += new TextDecoder().decode(value)
    if (text.includes('data: ')) return text
  }
}

async function listen(query = '', headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${emulator.origin}/_emulator/requests${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
  })
}

describe('a stream of requests', () => {
  it('pushes what comes, for nobody to store, with the place from which to go on', async () => {
    const { next } = await ask()
    const response = await listen(`?since=${next}`)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const reader = response.body!.getReader()
    await fetch(`${emulator.origin}/${contoso}/discovery/keys`)
    const event = await readEvent(reader)
    expect(event).toContain('event: requests\n')
    expect(event).toContain('"endpoint":"keys"')
    const id = /id: (\d+)/.exec(event)?.[1]
    expect(Number(id)).toBe(Number(next) + 1)
    // And what comes after that.
    await fetch(`${emulator.origin}/${contoso}/discovery/v2.0/keys`)
    expect(await readEvent(reader)).toContain(`id: ${String(Number(next) + 2)}\n`)
    await reader.cancel()

    await fetch(`${emulator.origin}/common/discovery/instance?authorization_endpoint=x&api-version=1.1`)
    const resumed = (await listen(`?since=0`, { 'last-event-id': id ?? '' })).body!.getReader()
    const missed = await readEvent(resumed)
    expect(missed).toContain('"endpoint":"instance"')
    expect(missed).not.toContain('/discovery/keys')
    await resumed.cancel()
  })

  it('pushes what the query asks for alone', async () => {
    const { next } = await ask()
    const reader = (await listen(`?since=${next}&q=flow:on-behalf-of`)).body!.getReader()
    await fetch(`${emulator.origin}/${contoso}/discovery/keys`)
    await postToken(emulator, onBehalfOf('nonsense'))
    const event = await readEvent(reader)
    expect(event).toContain('50027')
    expect(event).not.toContain('"endpoint":"keys"')
    await reader.cancel()
  })

  it('ends with the emulator', async () => {
    const other = await createEmulator()
    const response = await fetch(`${other.origin}/_emulator/requests`, {
      headers: { accept: 'text/event-stream' },
    })
    const reader = response.body!.getReader()
    await reader.read()
    await other.stop()
    await expect(reader.read()).rejects.toThrow()
  })

  it('is for the pages that may read the list', async () => {
    expect((await listen('', { origin: 'https://evil.example' })).status).toBe(403)
  })
})

describe('a stream whose events cannot be made', () => {
  it('ends, and listens to the log no more', async () => {
    let isListening = false
    const log = {
      sequence: 1,
      subscribe: () => {
        isListening = true
        return () => {
          isListening = false
        }
      },
    } as unknown as RequestLog
    const application = new Hono<EmulatorEnv>()
    application.get('/', (c) =>
      streamEvents(c, log, 0, () => {
        throw new Error('not to be told')
      }),
    )
    const response = await application.request('/')
    expect(isListening).toBe(true)
    await expect(response.text()).rejects.toThrow('not to be told')
    expect(isListening).toBe(false)
  })
})

describe('the memory of the log', () => {
  it('is bounded in bytes: large records make old ones leave before there are a thousand', async () => {
    const other = await createEmulator()
    const large = { claims: 'x'.repeat(100_000) }
    for (let count = 0; count < 300; count += 1)
      other.requests.add({
        id: String(count),
        time: '',
        method: 'GET',
        path: '/',
        endpoint: 'other',
        durationMs: 0,
        issued: large,
      })
    expect(other.requests.bytes).toBeLessThanOrEqual(16 * 1024 * 1024)
    expect(other.requests.list().length).toBeLessThan(170)
    expect(other.requests.list().at(-1)?.id).toBe('299')
    other.requests.clear()
    expect(other.requests.bytes).toBe(0)
    await other.stop()
  })
})
