// In a process of its own, as every file of tests is: it changes what the whole process sends by.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  Agent,
  type Dispatcher,
  EnvHttpProxyAgent,
  getGlobalDispatcher,
  interceptors,
  MockAgent,
  Pool,
  ProxyAgent,
  RetryAgent,
  setGlobalDispatcher,
} from 'undici'
import {
  authorityFetch,
  createAuthorityFetch,
  hostFetch,
} from '../../src/kernel/http/authority-fetch.node.ts'
import { type AuthorityFetch, sendHttp } from '../../src/kernel/http/http.ts'
import { findDetour } from '../../src/kernel/http/platform-fetch.node.ts'

const nodes = globalThis.fetch
const ordinary = getGlobalDispatcher()

let server: Server
let url: string
/** How each request came: only `fetch` says its mode. */
let came: ('fetch' | 'http')[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    came.push(request.headers['sec-fetch-mode'] === undefined ? 'http' : 'fetch')
    response.end('real')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
})
afterEach(() => {
  vi.unstubAllGlobals()
  setGlobalDispatcher(ordinary)
  came = []
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

async function ask(by: AuthorityFetch | undefined = authorityFetch): Promise<string> {
  const request = { method: 'GET', url, headers: {}, timeoutMs: 10_000, maxResponseBytes: 100 } as const
  return (await sendHttp(by, request)).text
}

describe('a fetch as Node made it', () => {
  it('is recognised on this version of Node, so that the cheaper way is taken', async () => {
    expect(globalThis.fetch).toBe(nodes)
    expect([findDetour(), await ask(), came]).toEqual([undefined, 'real', ['http']])
  })

  it('is recognised after it was used, and after undici was loaded and its dispatcher set to what it is', async () => {
    await nodes(url)
    setGlobalDispatcher(new Agent())
    expect([findDetour(), await ask(), came]).toEqual([undefined, 'real', ['fetch', 'http']])
  })

  it('is recognised before anything was sent by it, when there is no dispatcher', async () => {
    const dispatcher = Symbol.for('undici.globalDispatcher.1')
    const before: unknown = Reflect.get(globalThis, dispatcher)
    for (const none of [undefined, null, 'text']) {
      Reflect.set(globalThis, dispatcher, none)
      try {
        expect(findDetour()?.via).toEqual(none === undefined ? undefined : expect.any(String))
      } finally {
        Reflect.set(globalThis, dispatcher, before)
      }
    }
    expect([findDetour(), await ask(), came]).toEqual([undefined, 'real', ['http']])
  })

  it('that is not there is not missed', async () => {
    vi.stubGlobal('fetch', undefined)
    expect([await ask(), came]).toEqual(['real', ['http']])
  })
})

describe('a fetch that was replaced', () => {
  it('is asked instead, and no cache may keep what it gets', async () => {
    const stub = vi.fn<typeof fetch>(async () => new Response('stubbed'))
    vi.stubGlobal('fetch', stub)
    expect([await ask(), await ask(hostFetch), came]).toEqual(['stubbed', 'stubbed', []])
    expect(stub.mock.calls[0]?.[1]).toMatchObject({ method: 'GET', cache: 'no-store', redirect: 'manual' })
  })

  it.each([
    ['a wrapper', async (...of: Parameters<typeof fetch>) => nodes(...of)],
    ['one that was bound', nodes.bind(globalThis)],
  ])('by %s is asked too', async (_what, replacement) => {
    vi.stubGlobal('fetch', replacement)
    expect([await ask(), came]).toEqual(['real', ['fetch']])
  })

  it('and put back is no longer in the way', async () => {
    vi.stubGlobal('fetch', async () => new Response('stubbed'))
    await ask()
    vi.unstubAllGlobals()
    expect([await ask(), came]).toEqual(['real', ['http']])
  })
})

describe('a global dispatcher that the owner configured', () => {
  const passOn = (dispatch: Dispatcher.Dispatch): Dispatcher.Dispatch => dispatch
  const proxy = 'http://127.0.0.1:9'
  it.each<[string, () => Dispatcher]>([
    ['a proxy', () => new ProxyAgent(proxy)],
    ['the proxy of the environment', () => new EnvHttpProxyAgent({ httpProxy: proxy })],
    ['an agent with a certificate authority', () => new Agent({ connect: { ca: 'PEM' } })],
    ['an agent with limits', () => new Agent({ connections: 1 })],
    ['an agent with a factory', () => new Agent({ factory: (origin) => new Pool(origin) })],
    ['an agent with interceptors', () => new Agent().compose(passOn)],
    ['an agent that follows redirects', () => new Agent().compose(interceptors.redirect())],
    ['an agent that retries', () => new RetryAgent(new Agent())],
    ['a mock', () => new MockAgent()],
  ])('is obeyed: %s', (_what, make) => {
    setGlobalDispatcher(make())
    expect(findDetour()).toBeDefined()
  })

  it('is what an authority is asked by', async () => {
    setGlobalDispatcher(new Agent({ connections: 1 }))
    expect([await ask(), came]).toEqual(['real', ['fetch']])
  })

  it('is seen when only the symbol of older versions has it', async () => {
    vi.stubGlobal('fetch', nodes)
    const mock = new MockAgent()
    setGlobalDispatcher(ordinary)
    Reflect.set(globalThis, Symbol.for('undici.globalDispatcher.1'), mock)
    expect(findDetour()).toEqual({ isStandIn: true, via: 'the global dispatcher MockAgent' })
  })

  it('that is a mock answers, and lets nothing out when it must not', async () => {
    const mock = new MockAgent()
    mock.disableNetConnect()
    setGlobalDispatcher(mock)
    mock.get(new URL(url).origin).intercept({ path: '/keys' }).reply(200, 'mocked')
    expect(await ask()).toBe('mocked')
    for (const by of [authorityFetch, hostFetch])
      await expect(ask(by)).rejects.toThrow('through the global dispatcher MockAgent (UND_MOCK_ERR')
    expect(came).toEqual([])
  })

  it('that is a proxy is named when it fails, and is not asked for what is on this host', async () => {
    setGlobalDispatcher(new ProxyAgent('http://user:hunter2@127.0.0.1:9'))
    await expect(ask()).rejects.toThrow(
      /^127\.0\.0\.1:\d+ could not be reached through the global dispatcher ProxyAgent/,
    )
    expect([await ask(hostFetch), came]).toEqual(['real', ['http']])
  })

  it('is passed by when the owner wants no proxy', async () => {
    setGlobalDispatcher(new ProxyAgent('http://127.0.0.1:9'))
    expect([await ask(createAuthorityFetch(false)), came]).toEqual(['real', ['http']])
  })
})
