// Probes of readiness and liveness: for everybody, on every adapter, and a process becomes ready by them without a request.
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serveHealth as serveByNode } from '../../../src/adapters/node-http.ts'
import { serveHealth, type ServeHealthOptions } from '../../../src/adapters/fetch.ts'
import { serveHealth as serveByHono } from '../../../src/adapters/hono.ts'
import { ConfigurationError, createWebApi, type Observer, type WebApi } from '../../../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  down,
  serveEntra,
  type FakeAuthority,
  type MovableClock,
} from '../../authority/fake-authority.ts'
import { sendRaw } from '../../hostile-tokens/raw-request.ts'
import { clientId, createSigner, tenantId } from '../../jwt/token-builder.ts'
import { endNoProcess } from '../express-server.ts'
import { adapters } from './adapters.ts'
import { closeAll, start } from './listening.ts'

endNoProcess()
closeAll()

const signer = createSigner('entra-key')
let authority: FakeAuthority
let clock: MovableClock
let api: WebApi

beforeEach(() => {
  clock = createClock()
  authority = createFakeAuthority()
  serveEntra(authority, [signer])
  api = createWebApi({ tenantId, clientId, clock, fetch: authority.fetch, logger: false })
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** What was printed, one text for each line; nothing is. */
function silence(): readonly string[] {
  const printed: string[] = []
  vi.spyOn(console, 'error').mockImplementation((...parts: readonly unknown[]) => {
    printed.push(parts.map(String).join(' '))
  })
  return printed
}

/** What is fetched behind the back of a probe has been answered, or has failed. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe.each(adapters)('$name', (adapter) => {
  const serve = async (options?: ServeHealthOptions, healthOf = api): Promise<string> => {
    const { url } = await start(adapter, {
      healthOf: [healthOf, options],
      routes: [{ path: '/todo', protect: [healthOf], handle: ({ answerJson }) => answerJson(1) }],
    })
    return url
  }

  it('is ready while keys are at hand, and says nothing else', async () => {
    await api.warmUp()
    const answer = await fetch(`${await serve()}/readyz?verbose`)
    expect([answer.status, await answer.text()]).toEqual([200, '{"ready":true}'])
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('retry-after')).toBeNull()
  })

  it('becomes ready by being asked', async () => {
    const url = await serve()
    const first = await fetch(`${url}/readyz`)
    expect([first.status, await first.text()]).toEqual([503, '{"ready":false,"reasons":["signing_keys"]}'])
    expect(first.headers.get('retry-after')).toBe('1')
    expect(first.headers.get('cache-control')).toBe('no-store')
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200)
  })

  it('is alive whatever else there is', async () => {
    authority.weather = down
    const answer = await fetch(`${await serve()}/livez`)
    expect([answer.status, await answer.text()]).toEqual([200, '{"alive":true}'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(authority.requests).toEqual([])
  })

  it('answers HEAD, and no method that writes', async () => {
    await api.warmUp()
    const url = await serve()
    for (const path of ['/readyz', '/livez']) {
      const port = Number(new URL(url).port)
      const head = await sendRaw(port, { start: `HEAD ${path}`, lines: [], body: '' })
      expect([head.status, head.body]).toEqual([200, ''])
      const posted = await fetch(url + path, { method: 'POST', body: '{' })
      expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
  })

  it('is found where it was put, and stands in nobody’s way', async () => {
    const url = await serve({ path: '/healthz/ready', livenessPath: '/healthz' })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/healthz/ready`)).status).toBe(503)
    for (const path of ['/readyz', '/livez', '/healthz/ready/x'])
      expect((await fetch(url + path)).status, path).toBe(404)
    expect((await fetch(`${url}/todo`)).status).toBe(401)
  })

  it('is not ready where the application is not', async () => {
    await api.warmUp()
    let isReady: unknown = true
    const url = await serve({ isReady: () => isReady as boolean })
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    isReady = false
    const answer = await fetch(`${url}/readyz`)
    expect([answer.status, await answer.text()]).toEqual([503, '{"ready":false,"reasons":["application"]}'])
    expect(answer.headers.get('retry-after')).toBe('5')
    expect((await fetch(`${url}/livez`)).status).toBe(200)
  })

  it('is not ready, and says why to the owner alone, while the options cannot be read', async () => {
    const printed = silence()
    const later = createWebApi(() => ({ tenantId, clientId: 'no GUID' }))
    const url = await serve({}, later)
    for (let probe = 0; probe < 3; probe += 1) {
      const answer = await fetch(`${url}/readyz`)
      expect([answer.status, await answer.text()]).toEqual([
        503,
        '{"ready":false,"reasons":["configuration"]}',
      ])
    }
    expect(printed).toHaveLength(1)
    expect(printed[0]).toContain('clientId')
    expect((await fetch(`${url}/livez`)).status).toBe(200)
  })
})

describe('probes while the authority is down', () => {
  let handle: (request: Request) => Promise<Response>
  const probe = async (): Promise<Response> => {
    const answer = await handle(new Request('https://api.contoso.com/readyz'))
    await settle()
    return answer
  }

  let failures: number

  beforeEach(() => {
    failures = 0
    authority.weather = down
    const observer: Observer = ({ type }) => void (failures += type === 'operation_failed' ? 1 : 0)
    const { fetch } = authority
    api = createWebApi({ tenantId, clientId, clock, fetch, observer, logger: false })
    handle = serveHealth(api)
  })

  it('ask it once per cool-down, and say when that ends', async () => {
    expect((await probe()).status).toBe(503)
    const asked = authority.requests.length
    expect(asked).toBeGreaterThan(0)
    clock.advanceSeconds(0.5)
    for (let again = 0; again < 5; again += 1) expect((await probe()).status).toBe(503)
    expect(authority.requests).toHaveLength(asked)
    expect(failures).toBe(1)
    clock.advanceSeconds(2)
    await probe()
    expect(authority.requests.length).toBeGreaterThan(asked)
    expect((await probe()).headers.get('retry-after')).toBe('2') // the pause doubles
  })

  it('hand what they fetch to the host, which ends it otherwise', async () => {
    class Context {
      readonly kept: Promise<unknown>[] = []
      waitUntil(work: Promise<unknown>): void {
        this.kept.push(work)
      }
    }
    const worker = new Context()
    const served = handle as (...given: unknown[]) => Promise<Response>
    await served(new Request('https://api.contoso.com/readyz'), { waitUntil: 'no function' }, worker)
    expect(worker.kept).toHaveLength(1)
    expect(await worker.kept[0]).toBeUndefined() // also when it fails
    const onHono = new Hono().use(serveByHono(api))
    const hono = new Context()
    clock.advanceSeconds(60)
    await onHono.request('/readyz', {}, {}, hono as never)
    expect(hono.kept).toHaveLength(1)
    await hono.kept[0]
    clock.advanceSeconds(60)
    expect((await onHono.request('/readyz')).status).toBe(503)
    await settle()
    expect([worker.kept.length, hono.kept.length]).toEqual([1, 1])
  })

  it('hand it to waitUntil of the options as well, and mind nothing that a host throws', async () => {
    const kept: Promise<unknown>[] = []
    const waitUntil = (work: Promise<unknown>): void => {
      kept.push(work)
      throw new Error('outside of a request')
    }
    const { fetch } = authority
    const own = serveHealth(createWebApi({ tenantId, clientId, clock, fetch, logger: false, waitUntil }))
    const served = own as (...given: unknown[]) => Promise<Response>
    const answered = await served(new Request('https://api.contoso.com/readyz'), {}, { waitUntil })
    expect(answered.status).toBe(503)
    expect(kept).toHaveLength(2)
    expect(await Promise.all(kept)).toEqual([undefined, undefined])
  })

  it('become ready once it answers again', async () => {
    await probe()
    authority.weather = undefined
    clock.advanceSeconds(60)
    expect((await probe()).status).toBe(503)
    expect((await probe()).status).toBe(200)
  })

  it('stay ready while the last known keys are honoured', async () => {
    authority.weather = undefined
    await api.warmUp()
    authority.weather = down
    clock.advanceSeconds(35 * 60 * 60)
    expect((await probe()).status).toBe(200)
    clock.advanceSeconds(2 * 60 * 60)
    expect((await probe()).status).toBe(503)
  })
})

const failing = (): boolean => {
  throw new Error('no database')
}

describe('options of probes', () => {
  it.each([
    [{ path: 'readyz' }, /^serveHealth\.path: has to be a path/],
    [{ path: '/readyz?full' }, /^serveHealth\.path/],
    [{ path: '/:probe' }, /^serveHealth\.path/],
    [{ livenessPath: 5 }, /^serveHealth\.livenessPath/],
    [{ livenessPath: '/readyz' }, /^serveHealth\.livenessPath: is the path of readiness/],
    [{ isReady: true }, /^serveHealth\.isReady: has to be a function/],
    [{ paths: '/x' }, /did you mean 'path'/],
    [null, /^serveHealth: must be an object/],
  ])('are refused at once: %j', (options, says) => {
    const make = (): unknown => serveHealth(api, options as ServeHealthOptions)
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(says)
  })

  it.each([
    ['throws', failing, /no database/, true],
    ['gives a promise', () => Promise.resolve(true), /gave a promise/, true],
    ['gives a promise that fails', () => Promise.reject(new Error('no database')), /gave a promise/, true],
    ['gives nothing', () => undefined, /./, false],
  ])('count as not ready where isReady %s', async (_name, isReady, says, isSaid) => {
    const printed = silence()
    await api.warmUp()
    const handle = serveHealth(api, { isReady: isReady as unknown as () => boolean })
    for (let probe = 0; probe < 2; probe += 1)
      expect((await handle(new Request('https://host/readyz'))).status).toBe(503)
    expect(printed.map((line) => says.test(line))).toEqual(isSaid ? [true] : [])
  })

  it('hand on what is no probe, and refuse what cannot take it', async () => {
    const handle = serveHealth(api, {}, () => new Response('other'))
    expect(await (await handle(new Request('https://host/other'))).text()).toBe('other')
    expect((await serveHealth(api)(new Request('https://host/other'))).status).toBe(404)
    const without = { writeHead: (status: number) => ({ end: () => (statuses += `${status}`) }) }
    let statuses = ''
    await serveByNode(api)({ method: 'GET' } as never, without as never) // as a test makes a request, without a URL
    expect(statuses).toBe('404')
    expect(() => serveHealth(api, {}, 5 as never)).toThrow(/write serveHealth\(api, options, handler\)/)
    expect(() => serveByNode(api, {}, 5 as never)).toThrow(/write serveHealth\(api, options, listener\)/)
  })
})
