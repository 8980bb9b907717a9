// Single checks against everything that they can meet, written down: what is found of a credential, a store, a clock, a registration.
import { afterEach, expect, it, vi } from 'vitest'
import { examineNetwork } from '../../src/doctor/checks/network.ts'
import { examine } from '../../src/doctor/examine.ts'
import { nameOf, type Finding } from '../../src/doctor/finding.ts'
import { createSubject, type Circumstances } from '../../src/doctor/subject.ts'
import { satisfies } from '../../src/doctor/versions.ts'
import { clientSecret, ConfigurationError, type TokenStore } from '../../src/index.ts'
import { ids } from '../behaviour/scenario.ts'
import { expectWritten, withoutChance } from '../written.ts'
import { runtime } from './sound-set-up.ts'

const nowMs = Date.parse('2026-06-01T12:00:00Z')
const day = 86_400_000
const instance = 'https://login.microsoftonline.com/'
const secret = clientSecret('secret-for-local-use-only')
const entra = { tenantId: ids.contoso, clientId: ids.middleTier, clientCredential: secret }

/** The network: the authority with its keys, and what a test says of Graph and of the token endpoint. */
interface Network {
  readonly graph?: object | undefined
  readonly token?: () => Response
  readonly keys?: () => Response
  readonly served?: () => Response
  readonly authorityDate?: number | undefined
}

function networkOf({ graph = {}, token, keys, served, authorityDate }: Network) {
  return (input: string | URL, init?: RequestInit): Promise<Response> => {
    const { hostname, pathname } = new URL(input)
    if (!String(new Headers(init?.headers).get('accept')).includes('application/json')) throw new Error('406')
    const headers = authorityDate === undefined ? {} : { date: new Date(authorityDate).toUTCString() }
    const json = (value: unknown): Response => Response.json(value, { headers })
    const answer = (): Response => {
      if (hostname === 'graph.microsoft.com') return json({ value: [{ appId: ids.middleTier, ...graph }] })
      if (hostname === 'mcp.example') return served?.() ?? new Response('nothing here', { status: 404 })
      if (pathname.endsWith('/keys')) return keys?.() ?? json({ keys: [] })
      if (pathname.endsWith('/token'))
        return token?.() ?? Response.json({ error: 'invalid_client' }, { status: 401 })
      const issuer = `${instance}${ids.contoso}/v2.0`
      return json({ issuer, jwks_uri: `${instance}keys`, token_endpoint: `${instance}${ids.contoso}/token` })
    }
    return Promise.resolve().then(answer)
  }
}

interface Case extends Network {
  readonly options?: object
  readonly circumstances?: Partial<Circumstances>
  /** The checks that are of interest. */
  readonly of: readonly string[]
}

async function look({ options, circumstances, of, ...network }: Case): Promise<readonly string[]> {
  const all = {
    ...entra,
    clock: { nowMs: () => nowMs, passedMs: () => 0 },
    fetch: networkOf(network),
    ...options,
  }
  const findings = await examine(all, { runtime, graphToken: 'opaque', ...circumstances })
  return findings
    .filter(({ check }) => of.some((name) => check === name || check.startsWith(`${name}.`)))
    .map(tell)
}

function tell({ check, verdict, is, should, mend }: Finding): string {
  const more = [
    should === undefined ? '' : `; should: ${should}`,
    mend === undefined ? '' : `; mend: ${mend}`,
  ]
  return withoutChance(`${verdict} ${check}: ${is}${more.join('')}`)
}

const certificate = (validity: object | undefined, more: object = {}): object => ({
  clientCredential: {
    kind: 'vault',
    addTo: () => undefined,
    describe: () => Promise.resolve(validity),
    ...more,
  },
})
const validity = (fromDays: number, toDays: number, extraMs = 0): object => ({
  thumbprint: 'AAoLq80',
  notBeforeMs: nowMs + fromDays * day,
  notAfterMs: nowMs + toDays * day + extraMs,
})
const of = (...names: readonly string[]): { readonly of: readonly string[] } => ({ of: names })

const credentials: Readonly<Record<string, object>> = {
  none: { clientCredential: undefined },
  'a managed identity': { clientCredential: { acquireToken: () => undefined } },
  'a secret': {},
  'that does not tell': certificate(undefined),
  'without dates': certificate({ thumbprint: 'q80' }),
  'without a beginning': certificate({ thumbprint: 'q80', notAfterMs: nowMs }),
  'without an end': certificate({ thumbprint: 'q80', notBeforeMs: nowMs }),
  'whose thumbprint is none': certificate({ ...validity(-1, 90), thumbprint: '!' }),
  'that ends now': certificate(validity(-1, 0)),
  'that ends in a millisecond': certificate(validity(-1, 0, 1)),
  'that ended long ago': certificate(validity(-400, -300)),
  'that begins now': certificate(validity(0, 90)),
  'that begins tomorrow': certificate(validity(1, 90)),
  'that ends in 30 days': certificate(validity(-1, 30)),
  'that ends in 30 days and a bit': certificate(validity(-1, 30, 1)),
  'that cannot be had': certificate(undefined, {
    describe: () => Promise.reject(new ConfigurationError('clientCredential', 'is gone')),
  }),
  'whose code breaks': certificate(undefined, { describe: () => Promise.reject(new RangeError('s3cret')) }),
}

it('credentials are told as it is written', async () => {
  const lines: string[] = []
  for (const [name, options] of Object.entries(credentials))
    lines.push(
      `${name}:`,
      ...(await look({ options, ...of('credential', 'downstream') })).map((line) => `  ${line}`),
    )
  await expectWritten(lines, new URL('written/credentials.txt', import.meta.url))
})

it('clocks are told as it is written', async () => {
  const lines: string[] = []
  for (const aheadMs of [
    0,
    999,
    1_000,
    -1_000,
    119_000,
    120_000,
    300_000,
    301_000,
    -301_000,
    7_200_000,
    -2 * day,
  ]) {
    // The clock goes on between question and answer, by nothing here.
    const authorityDate = Math.floor((nowMs - aheadMs) / 1000) * 1000
    lines.push(`ahead by ${String(aheadMs)} ms:`, ...(await look({ authorityDate, ...of('clock') })))
  }
  const options = { clockToleranceSeconds: 0 }
  lines.push('without tolerance:', ...(await look({ authorityDate: nowMs - 1_000, options, ...of('clock') })))
  await expectWritten(lines, new URL('written/clocks.txt', import.meta.url))
})

const inDays = (days: number): string => new Date(nowMs + days * day).toISOString()
const secrets = (...ends: readonly unknown[]): object => ({
  passwordCredentials: ends.map((endDateTime) => ({ hint: 'sec', endDateTime })),
})
const mcp = {
  resource: { identifier: 'https://mcp.example/mcp', scopes: ['https://mcp.example/mcp/read', 'other'] },
}
const registered = [
  'app_id_uri',
  'consent_redirect_uri',
  'scopes',
  'roles',
  'secret',
  'application',
  'registration',
  'graph',
]

const registrations: Readonly<Record<string, Omit<Case, 'of'>>> = {
  'with nothing': {},
  'of somebody else': { graph: { appId: ids.todoApi } },
  'in another case': { graph: { appId: ids.middleTier.toUpperCase() } },
  'with URIs': { graph: { identifierUris: ['api://a', 'api://b', 5] } },
  'of an MCP server': { options: mcp, graph: { identifierUris: ['https://mcp.example/mcp'] } },
  'of an MCP server, of a host alone': { options: mcp, graph: { identifierUris: ['https://mcp.example'] } },
  'with scopes': {
    options: { requirements: { scopes: { all: ['read', 'write'] } } },
    circumstances: { requirements: { scopes: ['read', 'list'] } },
    graph: { api: { oauth2PermissionScopes: [{ value: 'read' }, { value: 'write', isEnabled: false }] } },
  },
  'with every scope': {
    options: { requirements: { scopes: ['read'] } },
    graph: { api: { oauth2PermissionScopes: [{ value: 'read' }, { value: 'other' }] } },
  },
  'with roles': {
    options: { requirements: { roles: ['Admin'] } },
    circumstances: { requirements: { roles: { all: ['Auditor'] } } },
    graph: { appRoles: [{ value: 'Admin' }] },
  },
  'with every role': {
    options: { requirements: { roles: ['Admin'] } },
    graph: { appRoles: [{ value: 'Admin' }] },
  },
  'with a page behind the consent': {
    options: { consentRedirectUri: 'http://localhost:8080/consented' },
    graph: { web: { redirectUris: ['http://localhost:1/consented'] } },
  },
  'with another page': {
    options: { consentRedirectUri: 'http://localhost:8080/consented' },
    graph: { web: { redirectUris: ['http://localhost/other', 'https://localhost:1/consented'] } },
  },
  'with a secret of another hint': {
    graph: { passwordCredentials: [{ hint: 'abc', endDateTime: inDays(90) }] },
  },
  'with a secret that has ended': { graph: secrets(inDays(-3)) },
  'with a secret that ends now': { graph: secrets(inDays(0)) },
  'with a secret that ends soon': { graph: secrets(inDays(30)) },
  'with two secrets': { graph: secrets(inDays(31), inDays(-1)) },
  'with a secret that never ends': { graph: secrets(undefined) },
  'with a secret that ends at no date': { graph: secrets('soon') },
  'with a certificate': { options: certificate(validity(-1, 90)) },
  'and no token': { circumstances: { graphToken: undefined } },
  'and an empty token': { circumstances: { graphToken: '' } },
  'of an unknown authority': { options: { instance: 'https://login.unknown.example/' } },
}

it('registrations are told as it is written', async () => {
  const lines: string[] = []
  for (const [name, each] of Object.entries(registrations))
    lines.push(`${name}:`, ...(await look({ ...each, of: registered })).map((line) => `  ${line}`))
  await expectWritten(lines, new URL('written/registrations.txt', import.meta.url))
})

const keyRing = { current: 'k1', keys: { k1: 'A'.repeat(43) } }
function memory(
  change: (whole: TokenStore, entries: Map<string, string>) => Partial<TokenStore> = () => ({}),
): object {
  const entries = new Map<string, string>()
  const whole: TokenStore = {
    get: ({ key }) => Promise.resolve(entries.get(key)),
    set: ({ key }, value) => Promise.resolve(void entries.set(key, value)),
    delete: ({ key }) => Promise.resolve(void entries.delete(key)),
    deletePartition: () => Promise.resolve(),
  }
  return { tokenCache: { keyRing, store: { ...whole, ...change(whole, entries) } } }
}
const coded = (code: unknown): Error => Object.assign(new Error('redis://:s3cret@host'), { code })
let passedMs = 0
/** Time that goes by with each operation. */
const slow = (ms: number): object => ({
  ...memory((whole) => ({
    get: (slot) => {
      passedMs += ms
      return whole.get(slot)
    },
    set: (slot, value, ttlMs) => {
      passedMs += ms
      return whole.set(slot, value, ttlMs)
    },
  })),
  clock: { nowMs: () => nowMs + passedMs, passedMs: () => passedMs },
})

const stores: Readonly<Record<string, object>> = {
  none: {},
  sound: memory(),
  'that takes 50 ms': slow(50),
  'that takes 50.1 ms': slow(50.1),
  'that forgets': memory(() => ({ set: () => Promise.resolve() })),
  'that keeps for ever': memory(() => ({ delete: () => Promise.resolve() })),
  'that refuses': memory(() => ({ set: () => Promise.reject(coded('ECONNREFUSED')) })),
  'that fails without a code': memory(() => ({ set: () => Promise.reject(coded(undefined)) })),
  'that fails with a number': memory(() => ({ get: () => Promise.reject(coded(7)) })),
  'that cannot delete a partition': memory(() => ({ deletePartition: () => Promise.reject(coded('EPERM')) })),
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as a client may
  'that throws no error': memory(() => ({ get: () => Promise.reject('redis://:s3cret@host') })),
}

it('stores are told as it is written', async () => {
  const lines: string[] = []
  for (const [name, options] of Object.entries(stores))
    lines.push(
      `${name}:`,
      ...(await look({ options, ...of('store', 'store_latency', 'sealing') })).map((line) => `  ${line}`),
    )
  await expectWritten(lines, new URL('written/stores.txt', import.meta.url))
})

const url = 'https://mcp.example/mcp'
const servers: Readonly<Record<string, Omit<Case, 'of'>>> = {
  'that is none': { options: { resource: undefined }, circumstances: { url } },
  'that is not asked': {},
  'that is not there': { circumstances: { url } },
  'that answers without JSON': { circumstances: { url }, served: () => new Response('<html>') },
  'that answers with another status': {
    circumstances: { url },
    served: () => Response.json({ resource: url }, { status: 201 }),
  },
  'that hangs up': {
    circumstances: { url },
    served: () => {
      throw new TypeError('fetch failed')
    },
  },
  'that names nothing': { circumstances: { url }, served: () => Response.json({ resource: 5 }) },
  'that names another': { circumstances: { url }, served: () => Response.json({ resource: `${url}s` }) },
  'that is called otherwise': {
    circumstances: { url: `${url}s` },
    served: () => Response.json({ resource: url }),
  },
  'that is called otherwise, and says so': {
    circumstances: { url: `${url}s` },
    served: () => Response.json({ resource: `${url}s` }),
  },
  'as it should be': { circumstances: { url }, served: () => Response.json({ resource: url }) },
  'whose scopes nobody can ask for': { circumstances: { requirements: { scopes: ['write'] } } },
}

it('MCP servers are told as it is written', async () => {
  const lines: string[] = []
  const resource = { identifier: url, scopes: [`${url}/read`] }
  for (const [name, each] of Object.entries(servers)) {
    const options = { resource, ...each.options }
    lines.push(
      `${name}:`,
      ...(await look({ ...each, options, ...of('resource', 'resource_metadata') })).map(
        (line) => `  ${line}`,
      ),
    )
  }
  await expectWritten(lines, new URL('written/mcp-servers.txt', import.meta.url))
})

const proxy = 'http://proxy.example:8080'
const pem = 'x\n-----BEGIN CERTIFICATE-----\n'
const environments: Readonly<
  Record<string, readonly [environment: Record<string, string>, options?: object, file?: string]>
> = {
  empty: [{}],
  'with a proxy': [{ HTTPS_PROXY: proxy }],
  'with a proxy in lower case': [{ https_proxy: proxy, HTTPS_PROXY: '' }],
  'with a proxy that Node.js goes by': [{ HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '1' }],
  'with a proxy that Node.js is told not to go by': [{ HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '0' }],
  'with a proxy beside one of the options': [
    { HTTPS_PROXY: proxy },
    { proxy: false, instance: 'http://localhost:1/' },
  ],
  'with a proxy before this machine': [{ HTTPS_PROXY: proxy }, { instance: 'http://127.0.0.1:1/' }],
  'with a proxy before this machine by another name': [
    { HTTPS_PROXY: proxy },
    { instance: 'http://localhost:1/' },
  ],
  'with a proxy before this machine, by IPv6': [{ HTTPS_PROXY: proxy }, { instance: 'http://[::1]:1/' }],
  'that checks certificates': [{ NODE_TLS_REJECT_UNAUTHORIZED: '1', NODE_EXTRA_CA_CERTS: '' }],
  'that checks none': [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  'with certificates': [{ NODE_EXTRA_CA_CERTS: '/ca.pem' }, {}, pem],
  'with a file that holds none': [{ NODE_EXTRA_CA_CERTS: '/ca.pem' }, {}, 'nothing'],
  'with a file that is not there': [{ NODE_EXTRA_CA_CERTS: '/ca.pem' }],
}

it('networks are told as it is written', async () => {
  const lines: string[] = []
  for (const [name, [environment, options = {}, file]] of Object.entries(environments)) {
    const circumstances = { runtime: { ...runtime, environment, readText: () => Promise.resolve(file) } }
    const subject = createSubject({ ...entra, ...options }, circumstances)
    lines.push(`${name}:`, ...(await examineNetwork(subject, [])).map((finding) => `  ${tell(finding)}`))
  }
  await expectWritten(lines, new URL('written/networks.txt', import.meta.url))
})

const refusals: Readonly<Record<string, () => Response>> = {
  invalid_client: () =>
    Response.json({ error: 'invalid_client', error_description: 'AADSTS7000222: expired' }, { status: 401 }),
  unauthorized_client: () => Response.json({ error: 'unauthorized_client' }, { status: 400 }),
  throttled: () => new Response('{}', { status: 429, headers: { 'retry-after': '7' } }),
  down: () => new Response('{}', { status: 503 }),
  'without an error': () => new Response('{}', { status: 400 }),
  'a token that is none': () =>
    Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60 }),
}

it('what the token endpoint says of the application is told as it is written', async () => {
  const lines: string[] = []
  const options = { resilience: { maxRetries: 0 } }
  for (const [name, token] of Object.entries(refusals))
    lines.push(
      `${name}:`,
      ...(
        await look({
          token,
          options,
          ...of(
            'application',
            'credential',
            'token_endpoint',
            'token_version',
            'audience',
            'downstream',
            'user_token',
          ),
        })
      ).map((line) => `  ${line}`),
    )
  await expectWritten(lines, new URL('written/token-endpoint.txt', import.meta.url))
})

const openId = {
  ...{ authority: { issuer: 'https://id.example' }, clientId: 'api', audience: 'api', tenantId: undefined },
  downstreamApis: {
    app: { baseUrl: 'https://x.example/', scopes: ['read'], audience: 'x', token: 'app' },
    user: { baseUrl: 'https://y.example/', scopes: ['write'] },
  },
}
const metadata = {
  issuer: 'https://id.example',
  jwks_uri: 'https://id.example/keys',
  token_endpoint: 'https://id.example/token',
}

it('an API of another issuer is told as it is written', async () => {
  const lines: string[] = []
  const asked: string[] = []
  const answers: Readonly<Record<string, (path: string) => Response>> = {
    'that gives tokens': () =>
      Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60 }),
    'that refuses': () => Response.json({ error: 'invalid_target' }, { status: 400 }),
    'that is down': () => new Response('', { status: 503 }),
    'of another name': () => Response.json({ ...metadata, issuer: 'https://other.example' }),
  }
  for (const [name, answer] of Object.entries(answers)) {
    const fetch = (input: string | URL, init?: RequestInit): Promise<Response> => {
      const { pathname } = new URL(input)
      const isToken = pathname === '/token'
      if (isToken) asked.push(String(new URLSearchParams(init?.body as string).get('audience')))
      const isAnswered = name === 'of another name' ? pathname.includes('/.well-known/') : isToken
      return Promise.resolve(isAnswered ? answer(pathname) : Response.json({ ...metadata, keys: [] }))
    }
    const options = { ...openId, fetch, resilience: { maxRetries: 0 } }
    lines.push(
      `${name}:`,
      ...(await look({ options, of: ['application', 'downstream', 'user_token', 'issuer'] })),
    )
  }
  expect(new Set(asked)).toEqual(new Set(['x']))
  await expectWritten(lines, new URL('written/other-issuers.txt', import.meta.url))
})

it('tokens of users that are none are told as it is written', async () => {
  const lines: string[] = []
  for (const userToken of ['opaque', 'a.b.c', 'e30.e30.e30', ''])
    lines.push(`${userToken}:`, ...(await look({ circumstances: { userToken }, of: ['user_token'] })))
  await expectWritten(lines, new URL('written/user-tokens.txt', import.meta.url))
})

it('runtimes are told as it is written', async () => {
  const lines: string[] = []
  const supported = { node: '>=20.19', express: '>=4.21 <6', hono: '^4.6', koa: '*' }
  const versions: Readonly<Record<string, string>> = { express: '6.0.0', hono: '4.5.9', koa: '1.0.0' }
  for (const nodeVersion of ['20.19.0', '20.18.9', '24.0.0']) {
    const circumstances = {
      runtime: { ...runtime, nodeVersion, supported, installed: (name: string) => versions[name] },
    }
    lines.push(`${nodeVersion}:`, ...(await look({ circumstances, of: ['node', 'package'] })))
  }
  const packages = { express: '*' }
  const circumstances = { runtime: { ...runtime, supported: packages, installed: () => undefined } }
  lines.push('any:', ...(await look({ circumstances, of: ['node', 'package'] })))
  await expectWritten(lines, new URL('written/runtimes.txt', import.meta.url))
})

afterEach(() => {
  vi.useRealTimers()
})

it('a check that never ends is given up after three minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let looked = false
  let looking: Promise<readonly string[]> | undefined
  await new Promise<void>((resolve) => {
    const describe = (): Promise<never> => {
      resolve()
      return new Promise(() => undefined)
    }
    looking = look({ options: certificate(undefined, { describe }), ...of('credential') })
  })
  void looking?.then(() => (looked = true))
  await vi.advanceTimersByTimeAsync(179_999)
  expect(looked).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  vi.useRealTimers()
  expect((await looking)?.[0]).toBe(
    'failed credential: silent for 180 seconds; should: the check comes to an end; mend: see what of the options it waits for: a function that never answers',
  )
})

it("options that break, and are not wrong, are nobody else's finding", async () => {
  const clock = {
    nowMs: (): never => {
      throw new RangeError('odd')
    },
  }
  await expect(look({ options: { clock }, of: [] })).rejects.toThrow(RangeError)
})

it.each([
  [new TypeError('s3cret'), 'TypeError'],
  [Object.assign(new Error('s3cret'), { code: 'EPERM' }), 'Error (EPERM)'],
  [Object.assign(new Error('s3cret'), { code: 5 }), 'Error'],
  ['s3cret', 'string'],
])('%o is called by its name and code', (error, name) => {
  expect(nameOf(error)).toBe(name)
})

it('what was handed in and breaks costs its own findings alone', async () => {
  const broken = (): never => {
    throw Object.assign(new RangeError('s3cret'), { code: 'ODD' })
  }
  const lines = [
    ...(await look({
      circumstances: { runtime: { ...runtime, installed: broken } },
      ...of('runtime', 'authority'),
    })),
    ...(await look({
      options: certificate(undefined, { describe: broken }),
      ...of('credential', 'authority'),
    })),
    ...(await look({
      options: certificate(undefined, { addTo: broken }),
      ...of('own_token', 'application', 'authority'),
    })),
  ]
  await expectWritten(lines, new URL('written/broken-checks.txt', import.meta.url))
})

it.each([
  ['1.2.3', '*', true],
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '1.2.3', false],
  ['1.2.3', '>=1.2.3', true],
  ['1.2.2', '>=1.2.3', false],
  ['1.10.0', '>=1.9', true],
  ['2.0.0-rc.1', '>=1.9 <3', true],
  ['3.0.0', '>=1.9 <3', false],
  ['2.99.99', '>=1.9 <3', true],
  ['1.9.0', '^1.9', true],
  ['2.0.0', '^1.9', false],
  ['1.8.9', '^1.9', false],
  ['1', '>=1.0.0', true],
])('version %s in %s: %s', (version, range, is) => {
  expect(satisfies(version, range)).toBe(is)
})
