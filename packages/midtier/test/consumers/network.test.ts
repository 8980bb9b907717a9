// Whoever watches the network, stands in for it or leads it elsewhere sees what midtier asks of authorities.
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type ConnectProxy, startConnectProxy } from '../behaviour/connect-proxy.ts'
import { consumer, type Consumer, test } from './consumer.ts'

const standIns = { nock: '14.0.9', msw: '2.15.0', undici: '7.30.2' }

// Keys, metadata and a token of an authority, and what asks for all of them.
const authority = `
  import { generateKeyPairSync } from 'node:crypto'
  import { clientSecret, createWebApi } from 'midtier'

  export const login = 'https://login.microsoftonline.com'
  export const tenantId = 'c0000000-0000-4000-8000-000000000001'
  export const secrets = ['client-secret-of-the-api', 'access-token-of-the-api']
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig' }

  export function answersOf(origin) {
    const metadata = { issuer: origin + '/' + tenantId + '/v2.0', jwks_uri: origin + '/' + tenantId + '/discovery/v2.0/keys' }
    return {
      ['/' + tenantId + '/v2.0/.well-known/openid-configuration']: metadata,
      ['/' + tenantId + '/discovery/v2.0/keys']: { keys: [key] },
      ['/' + tenantId + '/oauth2/v2.0/token']: { token_type: 'Bearer', access_token: secrets[1], expires_in: 3600 },
    }
  }

  export function create(options) {
    return createWebApi({
      tenantId,
      clientId: 'a0000000-0000-4000-8000-000000000002',
      clientCredential: clientSecret(secrets[0]),
      resilience: { maxRetries: 0 },
      ...options,
    })
  }

  export async function use(api) {
    await api.warmUp()
    return (await api.acquireTokenForClient({ scopes: ['https://graph.microsoft.com/.default'] })).accessToken
  }

  export const answers = answersOf(login)
`

function project(files: Readonly<Record<string, string>>, dependencies = standIns): Consumer {
  return consumer({ dependencies, files: { 'authority.mjs': authority, ...files } })
}

describe('what stands in for the network', () => {
  test('nock answers, and lets nothing out when it must not', async () => {
    const made = project({
      'index.mjs': `
        import nock from 'nock'
        import { answers, create, login, use } from './authority.mjs'
        nock.disableNetConnect()
        const told = await use(create()).catch((error) => error.cause.cause.cause.message)
        for (const [path, answer] of Object.entries(answers)) {
          nock(login).get(path).reply(200, answer)
          nock(login).post(path, /client_secret=client-secret-of-the-api/).reply(200, answer)
        }
        console.log(told, await use(create()))
      `,
    })
    expect(await made.run('node', ['index.mjs'])).toMatch(
      /^Nock: Disallowed net connect .* access-token-of-the-api\n$/,
    )
  })

  test('msw answers', async () => {
    const made = project({
      'index.mjs': `
        import { http, HttpResponse } from 'msw'
        import { setupServer } from 'msw/node'
        import { answers, create, login, use } from './authority.mjs'
        const asked = []
        const handlers = Object.entries(answers).map(([path, answer]) =>
          http.all(login + path, async ({ request }) => {
            asked.push(request.method + (await request.text()).includes('client_secret'))
            return HttpResponse.json(answer)
          }),
        )
        const rest = http.all('*', () => new HttpResponse(null, { status: 404 }))
        setupServer(...handlers, rest).listen({ onUnhandledRequest: 'error' })
        console.log(await use(create()), ...asked)
      `,
    })
    expect(await made.run('node', ['index.mjs'])).toBe('access-token-of-the-api GETfalse GETfalse POSTtrue\n')
  })

  test('MockAgent of undici answers, and lets nothing out when it must not', async () => {
    const made = project({
      'index.mjs': `
        import { MockAgent, setGlobalDispatcher } from 'undici'
        import { answers, create, login, use } from './authority.mjs'
        const agent = new MockAgent()
        agent.disableNetConnect()
        setGlobalDispatcher(agent)
        const told = await use(create()).catch((error) => error.cause.message)
        for (const [path, reply] of Object.entries(answers))
          agent.get(login).intercept({ path, method: () => true }).reply(200, reply)
        console.log(await use(create()), told)
      `,
    })
    expect(await made.run('node', ['index.mjs'])).toMatch(/^access-token-of-the-api .*dispatcher MockAgent/)
  })

  test.each(['before', 'after'])(
    'a global fetch that was replaced %s midtier was loaded answers',
    async (when) => {
      const stub = `globalThis.fetch = async (url) => Response.json(answers[new URL(url).pathname] ?? {})`
      const load = `const { answers, create, use } = await import('./authority.mjs')`
      const made = project({
        'index.mjs': [
          ...(when === 'before' ? [stub, load] : [load, stub]),
          'console.log(await use(create()))',
        ].join('\n'),
      })
      expect(await made.run('node', ['index.mjs'])).toBe('access-token-of-the-api\n')
    },
  )
})

describe('a company proxy', () => {
  let proxy: ConnectProxy
  beforeAll(async () => {
    proxy = await startConnectProxy({ credentials: 'user:hunter2' })
  })
  afterAll(() => proxy.stop())

  // TLS with the emulator, whose authority of certificates a process has to be told before it starts.
  const files = {
    'trusting.mjs': `
      import { spawn } from 'node:child_process'
      import { once } from 'node:events'
      import { writeFileSync } from 'node:fs'
      import { createEmulator } from '@midtier/emulator'
      const emulator = await createEmulator({ httpsPort: 0 })
      writeFileSync('ca.pem', emulator.caCertificate)
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: 'ca.pem', INSTANCE: emulator.httpsOrigin }
      const child = spawn(process.execPath, ['index.mjs', ...process.argv.slice(2)], { env, stdio: 'inherit' })
      const [code] = await once(child, 'exit')
      await emulator.stop()
      process.exitCode = code
    `,
    'index.mjs': `
      import { clientSecret, createWebApi } from 'midtier'
      const [how] = process.argv.slice(2)
      if (how === 'dispatcher') {
        const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici')
        setGlobalDispatcher(new EnvHttpProxyAgent())
      }
      const api = createWebApi({
        tenantId: 'c0000000-0000-4000-8000-000000000001',
        clientId: 'a0000000-0000-4000-8000-000000000002',
        clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
        instance: process.env.INSTANCE,
        ...(how === 'option' && { proxy: process.env.LOGIN_PROXY }),
      })
      await api.warmUp()
      await api.acquireTokenForClient({ scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] })
      console.log('acquired')
    `,
  }

  const [major = 0] = process.versions.node.split('.').map(Number)
  const ways: readonly (readonly [
    what: string,
    how: string,
    env: (url: string) => Record<string, string>,
  ])[] = [
    ['the option', 'option', (url) => ({ LOGIN_PROXY: url })],
    ['the global dispatcher of undici', 'dispatcher', (url) => ({ HTTPS_PROXY: url, NO_PROXY: '' })],
    ...(major < 24
      ? []
      : ([
          [
            'the environment',
            'env',
            (url: string) => ({ NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: url, NO_PROXY: '' }),
          ],
        ] as const)),
  ]
  test.each(ways)('leads to authorities by %s', async (_what, how, env) => {
    const before = proxy.asked.length
    const made = project(files)
    const url = `http://user:hunter2@127.0.0.1:${proxy.port}`
    expect(await made.run('node', ['trusting.mjs', how], env(url))).toBe('acquired\n')
    const asked = proxy.asked.slice(before)
    expect(asked.length).toBeGreaterThan(0)
    for (const each of asked) expect(each).toMatch(/^CONNECT localhost:\d+$/)
  })
})
