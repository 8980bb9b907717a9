import https from 'node:https'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'
import { createEmulator, type Emulator } from '@midtier/emulator'
import {
  AuthorityUnavailableError,
  clientSecret,
  createWebApi,
  type WebApi,
  type WebApiOptions,
} from 'midtier'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from './connect-proxy.ts'
import { ids } from './scenario.ts'

let emulator: Emulator
let plainEmulator: Emulator
let proxies: ConnectProxy[] = []

beforeAll(async () => {
  emulator = await createEmulator({ httpsPort: 0 })
  plainEmulator = await createEmulator()
  // As packages that bring a company's certificates do it; NODE_EXTRA_CA_CERTS is read before any test is.
  https.globalAgent.options.ca = emulator.caCertificate!
})
afterEach(async () => {
  await Promise.all(proxies.map((proxy) => proxy.stop()))
  proxies = []
})
afterAll(async () => {
  delete https.globalAgent.options.ca
  await Promise.all([emulator.stop(), plainEmulator.stop()])
})

async function start(options?: ConnectProxyOptions): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(options)
  proxies.push(proxy)
  return proxy
}

function create(options: Partial<WebApiOptions>, authority = emulator): WebApi {
  return createWebApi({
    tenantId: ids.contoso,
    clientId: ids.middleTier,
    instance: authority.httpsOrigin ?? authority.origin,
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    resilience: { maxRetries: 0 },
    ...options,
  })
}

const forApplication = { scopes: [`api://${ids.todoApi}/.default`] }

const failureOf = (trying: Promise<unknown>): Promise<AuthorityUnavailableError> =>
  trying.then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(AuthorityUnavailableError)
      return error as AuthorityUnavailableError
    },
  )

describe('an authority behind a proxy', () => {
  it('is asked through a tunnel, which is used again', async () => {
    const proxy = await start()
    const api = create({ proxy: `http://127.0.0.1:${proxy.port}` })
    await api.warmUp()
    const tokens = [1, 2, 3].map(() => api.acquireTokenForClient({ ...forApplication, forceRefresh: true }))
    expect((await Promise.all(tokens)).every(({ accessToken }) => accessToken.length > 100)).toBe(true)
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(emulator.httpsOrigin!).host}`]))
    expect(new Set(proxy.told)).toEqual(new Set([undefined])) // it wants no credentials, and there are none
    const tunnels = proxy.asked.length
    await api.acquireTokenForClient({ ...forApplication, forceRefresh: true })
    expect(proxy.asked).toHaveLength(tunnels)
  })

  it('is told nothing that the proxy could read', async () => {
    const proxy = await start()
    await create({ proxy: `http://127.0.0.1:${proxy.port}` }).acquireTokenForClient(forApplication)
    expect(proxy.seen().length).toBeGreaterThan(500)
    expect(proxy.seen()).not.toMatch(/client_secret|POST|grant_type/)
  })

  it('is asked through one that wants credentials, which are written percent-encoded', async () => {
    const proxy = await start({ credentials: 'jörg:p@ss:word/%' })
    const url = `http://j%C3%B6rg:p%40ss%3Aword%2F%25@127.0.0.1:${proxy.port}`
    for (const form of [url, new URL(url)])
      expect((await create({ proxy: form }).acquireTokenForClient(forApplication)).accessToken).toBeTruthy()
    const settings = inspect(create({ proxy: url }), { depth: 20, showHidden: true })
    expect(settings).not.toMatch(/p@ss|p%40ss/)
  })

  it('of plain http on loopback is named in the request line', async () => {
    const proxy = await start({ credentials: 'u:p' })
    const api = create({ proxy: `http://u:p@127.0.0.1:${proxy.port}` }, plainEmulator)
    await api.acquireTokenForClient(forApplication)
    expect(proxy.asked).toEqual([`POST ${plainEmulator.origin}/${ids.contoso}/oauth2/v2.0/token`])
  })
})

describe('a proxy that does not do what it is for', () => {
  const through = (port: number): string => `through the proxy 127.0.0.1:${port}`

  it.each(['token', 'keys'] as const)('is named when it is not there (%s)', async (what) => {
    const gone = await startConnectProxy()
    await gone.stop()
    const { port } = gone
    const api = create({ proxy: `http://user:hunter2@127.0.0.1:${port}` })
    const error = await failureOf(what === 'token' ? api.acquireTokenForClient(forApplication) : api.warmUp())
    const told = inspect(error, { depth: 10 })
    expect(told).toContain(
      `${new URL(emulator.httpsOrigin!).host} could not be reached ${through(port)}, which could not be reached itself (ECONNREFUSED)`,
    )
    expect(told).not.toContain('hunter2')
  })

  it.each([
    [{ credentials: 'user:another' }, 'answered 407: it wants other credentials'],
    [{ status: 403 }, 'answered 403'],
    [{ status: 502 }, 'answered 502'],
  ])('is named with its answer (%j)', async (options, answer) => {
    const { port } = await start(options)
    const api = create({ proxy: `http://user:hunter2@127.0.0.1:${port}` })
    const error = await failureOf(api.acquireTokenForClient(forApplication))
    expect(error.message).toContain(`${through(port)}, which ${answer}`)
    expect(inspect(error, { depth: 10 })).not.toContain('hunter2')
  })

  it('is named with its answer for plain http too', async () => {
    const { port } = await start({ credentials: 'user:another' })
    const api = create({ proxy: `http://127.0.0.1:${port}` }, plainEmulator)
    const error = await failureOf(api.acquireTokenForClient(forApplication))
    expect(error.message).toContain(`${through(port)}, which answered 407`)
  })

  it('is named when it is silent, and is not waited for any longer than an authority', async () => {
    const { port } = await start({ silent: true })
    const api = create({ proxy: `http://127.0.0.1:${port}`, tokenRequestTimeoutMs: 200 })
    const error = await failureOf(api.acquireTokenForClient(forApplication))
    expect(error.message).toMatch(new RegExp(`did not answer within \\d+ ms ${through(port)}`))
  })

  it('does not vouch for an authority whose certificate nobody trusts', async () => {
    const { ca } = https.globalAgent.options
    delete https.globalAgent.options.ca
    try {
      const { port } = await start()
      const error = await failureOf(
        create({ proxy: `http://127.0.0.1:${port}` }).acquireTokenForClient(forApplication),
      )
      expect(error.message).toMatch(/could not be reached through .*\((SELF_SIGNED|UNABLE_TO)_[A-Z_]+\)$/)
    } finally {
      https.globalAgent.options.ca = ca
    }
  })
})

describe('a global agent that the owner put in the place of the one of Node', () => {
  it('is used for authorities, as for any request by node:https, unless the option says otherwise', async () => {
    let used = 0
    class ProxyingAgent extends https.Agent {
      override createConnection(
        ...of: Parameters<https.Agent['createConnection']>
      ): Duplex | null | undefined {
        used++
        return super.createConnection(...of)
      }
    }
    const mine = new ProxyingAgent({ ca: emulator.caCertificate! })
    const { globalAgent } = https
    https.globalAgent = mine
    try {
      await create({}).acquireTokenForClient(forApplication)
      expect(used).toBe(1)
      const direct = create({ proxy: false }).acquireTokenForClient(forApplication)
      expect((await failureOf(direct)).message).toContain('could not be reached')
      expect(used).toBe(1)
    } finally {
      https.globalAgent = globalAgent
    }
  })
})
