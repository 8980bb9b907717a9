// Every member of the options and of requirements, given what is easily given by mistake: refused by its name, never by a TypeError.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  clientSecret,
  ConfigurationError,
  createManagedIdentity,
  createWebApi,
  imdsEndpoint,
  type AnyWebApiOptions,
  type Requirements,
  type WebApiOptions,
} from '../src/index.ts'

const clientId = 'a0000000-0000-4000-8000-000000000002'
const tenantId = 'c0000000-0000-4000-8000-000000000001'
const keyRing = { current: 'a', keys: { a: 'A'.repeat(43) } }
const store = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(true),
  deletePartition: () => Promise.resolve(),
}

const entra = { tenantId, clientId, clientCredential: clientSecret('s3cret') }
const openId = {
  authority: { issuer: 'https://id.example' },
  clientId: 'x',
  audience: 'https://api.example',
  clientCredential: clientSecret('s3cret'),
}

/** One good value for every option; the compiler sees to it that none is forgotten. */
const everyOption: Readonly<Record<Exclude<keyof WebApiOptions, 'authority'>, unknown>> = {
  ...entra,
  instance: 'https://login.microsoftonline.com/',
  audience: ['api://x'],
  allowedTenants: [tenantId],
  additionalRegistrations: [{ tenantId, clientId }],
  requirements: {},
  runWithCaller: (_caller: unknown, work: () => unknown) => work(),
  waitUntil: () => undefined,
  acceptTokensWithoutPermissions: false,
  algorithms: ['RS256'],
  customSigningKeys: false,
  clockToleranceSeconds: 300,
  maxTokenLength: 65_536,
  maxCachedTokens: 0,
  signingKeys: { refreshAfterSeconds: 43_200, keepSeconds: 86_400, cooldownSeconds: 30, timeoutMs: 5_000 },
  resource: {
    identifier: 'https://api.example/',
    scopes: ['api://x/y'],
    name: 'x',
    documentation: 'https://x',
  },
  tokenCache: { maxEntries: 1, maxBytes: 2 ** 20, store, keyRing, storeTimeoutMs: 500 },
  tokenRequestTimeoutMs: 10_000,
  resilience: {
    maxRetries: 2,
    retryBudgetMs: 1,
    failuresToOpen: 5,
    probeEveryMs: 1_000,
    longestPauseSeconds: 1,
  },
  longRunning: { lifetimeSeconds: 3_600 },
  downstreamApis: {
    x: {
      baseUrl: 'https://x.example/',
      scopes: ['api://x/.default'],
      token: 'onBehalfOf',
      timeoutMs: 1,
      maxResponseBytes: 1,
      maxRetries: 0,
      retryBudgetMs: 0,
    },
  },
  proxy: undefined, // beside a fetch, nobody would ask it
  challengeStyle: 'rfc6750',
  consentRedirectUri: 'https://x.example/',
  revocations: { freshnessSeconds: 30, longestTokenLifetimeSeconds: 3_600, whenStoreFails: 'refuse' },
  observer: () => undefined,
  telemetry: {
    observe: () => undefined,
    within: () => Promise.reject(new Error('contacted')),
    activeTraceId: () => '',
  },
  logger: false,
  logRefusals: false,
  auditLogger: { info: () => undefined },
  clock: { nowMs: () => 1 },
  fetch: () => Promise.reject(new Error('contacted')),
}

const everyRequirement: Readonly<Record<keyof Requirements, unknown>> = {
  scopes: ['access_as_user'],
  roles: { all: ['Admin'] },
  match: 'either',
  caller: 'user',
  allowedTenants: [tenantId],
  deniedTenants: [tenantId],
  allowedClients: [clientId],
  refuseGuests: true,
  clientStrength: 'secret',
  agents: [clientId],
  groups: [clientId],
  authenticationContext: 'c1',
  check: () => true,
}

const junk: Readonly<Record<string, unknown>> = {
  null: null,
  'an empty text': '',
  'a text': 'x',
  'minus one': -1,
  'a fraction': 0.5,
  'not a number': NaN,
  true: true,
  'an empty list': [],
  'a list of nothing': [null],
  'a list of numbers': [5],
  'an empty object': {},
  'an object of somebody else': { zzz: 1 },
  'a function': () => undefined,
  'a date': new Date(0),
  'a symbol': Symbol('x'),
}

/** Junk that is good nonetheless, because it says something. */
const meant = new Set([
  'auditLogger.info: a function',
  'audience: null',
  'audience: an empty list',
  'audience: a text',
  'allowedTenants: null',
  'additionalRegistrations: an empty list',
  'requirements: an empty object',
  'acceptTokensWithoutPermissions: true',
  'customSigningKeys: true',
  'signingKeys: an empty object',
  'tokenCache: an empty object',
  'resilience: an empty object',
  'longRunning: an empty object',
  'downstreamApis: an empty object',
  'revocations: an empty object',
  'observer: a function',
  'telemetry.observe: a function',
  'telemetry.within: a function',
  'telemetry.activeTraceId: a function',
  'runWithCaller: a function',
  'waitUntil: a function',
  'fetch: a function',
  'resource.scopes: a text',
  'resource.scopes: an empty list',
  'resource.scopes: null',
  'resource.name: a text',
  'authority.issuer: a text',
  'clientId: a text',
  'requirements.refuseGuests: true',
  'requirements.check: a function',
])

interface Slip {
  readonly name: string
  /** The member, as a path. */
  readonly option: string
  readonly options: unknown
}

function slipsOf(good: object, at: string, build: (changed: object) => unknown): Slip[] {
  return Object.entries(good).flatMap(([member, value]: [string, unknown]) => {
    const option = `${at}${member}`
    const own = Object.entries(junk).map(([what, wrong]) => ({
      name: `${option}: ${what}`,
      option,
      options: build({ ...good, [member]: wrong }),
    }))
    const isPlain = Object.getPrototypeOf(value ?? 0) === Object.prototype && member !== 'keyRing'
    const isPart = isPlain && !['clientCredential', 'store', 'clock', 'roles'].includes(member)
    if (!isPart) return own
    return [...own, ...slipsOf(value as object, `${option}.`, (part) => build({ ...good, [member]: part }))]
  })
}

const slips: readonly Slip[] = [
  ...slipsOf(everyOption, '', (options) => options),
  ...slipsOf(openId, '', (options) => options).filter(
    ({ option }) => option.startsWith('authority') || option === 'audience',
  ),
  ...slipsOf(everyRequirement, 'requirements.', (requirements) => ({ ...entra, requirements })),
]

function refusalOf(options: unknown): unknown {
  try {
    void createWebApi(options as AnyWebApiOptions).close()
    return undefined
  } catch (error) {
    return error
  }
}

describe('an option that was given by mistake', () => {
  it.each([everyOption, openId, { ...entra, requirements: everyRequirement }])(
    'is not among good ones %#',
    (good) => {
      expect(refusalOf(good)).toBeUndefined()
    },
  )

  // In one case of a few rows: thousands of cases would say no more.
  it('is refused by its name, whatever it is, or is meant', () => {
    const wrong: string[] = []
    for (const { name, option, options } of slips) {
      const error = refusalOf(options)
      if (error === undefined) {
        if (!meant.has(name) && !isEmptyPart(name)) wrong.push(`${name}: accepted`)
      } else if (!(error instanceof ConfigurationError)) wrong.push(`${name}: ${inspect(error)}`)
      else if (!isAbout(error.option, option)) wrong.push(`${name}: blamed on ${error.message}`)
    }
    expect(wrong).toEqual([])
  })
})

/** A date as a part has no member that could be wrong. */
function isEmptyPart(name: string): boolean {
  return name.endsWith(': a date') && meant.has(name.replace('a date', 'an empty object'))
}

/** A missing part can be said of the whole, and of what it needs beside. */
function isAbout(said: string, option: string): boolean {
  const plain = (path: string): string => path.replace(/\[\d+\]/g, '')
  return plain(said).startsWith(plain(option)) || plain(option).startsWith(plain(said))
}

type Row = [what: string, options: unknown, option: string, fix: string]
const graph = { baseUrl: 'https://graph.microsoft.com/v1.0/', scopes: ['User.Read'] }
const managedIdentity = createManagedIdentity({ endpoint: imdsEndpoint() })

const rows: readonly Row[] = [
  ['no options', undefined, 'options', 'tenantId'],
  ['no tenant', { ...entra, tenantId: undefined }, 'tenantId', 'missing'],
  [
    'an API to call without a credential',
    { tenantId, clientId, downstreamApis: { graph } },
    'clientCredential',
    'clientSecret',
  ],
  [
    'an API to call on behalf of users with a managed identity',
    { ...entra, clientCredential: managedIdentity, downstreamApis: { graph } },
    'downstreamApis.graph.token',
    "token: 'app'",
  ],
  [
    'an instance with the tenant in it',
    { ...entra, instance: `https://login.microsoftonline.com/${tenantId}` },
    'instance',
    'tenantId',
  ],
  [
    'an instance with a version',
    { ...entra, instance: 'https://login.microsoftonline.com/common/v2.0/' },
    'instance',
    'no path',
  ],
  ['Date for a clock', { ...entra, clock: Date }, 'clock', 'nowMs'],
  ['a function for a clock', { ...entra, clock: () => 1 }, 'clock', 'nowMs'],
  ['a clock that tells a date', { ...entra, clock: { nowMs: () => new Date(0) } }, 'clock', 'number'],
  ['a logger for an observer', { ...entra, observer: console }, 'observer', 'event'],
  ['an observer for telemetry', { ...entra, telemetry: () => undefined }, 'telemetry', 'openTelemetry()'],
  ['an agent for fetch', { ...entra, fetch: { dispatch: () => true } }, 'fetch', 'fetch'],
  [
    'a scope as a text',
    { ...entra, requirements: { scopes: 'x' } },
    'requirements.scopes',
    "['access_as_user']",
  ],
  [
    'any instead of all',
    { ...entra, requirements: { scopes: { any: ['x'] } } },
    'requirements.scopes.any',
    'all',
  ],
  [
    'a scope as clients ask for it',
    { ...entra, requirements: { scopes: ['api://todolist/access_as_user'] } },
    'requirements.scopes',
    "write 'access_as_user'",
  ],
  [
    'a scope by a URL of the API',
    {
      ...entra,
      requirements: { scopes: { all: ['Files.Read', 'https://contoso.com/todolist/Tasks.Read'] } },
    },
    'requirements.scopes',
    "write 'Tasks.Read'",
  ],
  [
    'the default scope',
    { ...entra, requirements: { scopes: ['api://x/.default'] } },
    'requirements.scopes',
    'by its name',
  ],
  [
    'a key ring without keys',
    { ...entra, tokenCache: { store, keyRing: { current: 'a' } } },
    'tokenCache.keyRing.keys',
    'bytes',
  ],
]

describe('a mistake that would show with a request alone', () => {
  it.each(rows)('is refused at start-up: %s', (_, options, option, fix) => {
    const error = refusalOf(options)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect((error as ConfigurationError).option).toBe(option)
    expect((error as ConfigurationError).message).toContain(fix)
  })

  it('is refused where the route is defined as well', () => {
    const api = createWebApi(entra)
    expect(() => {
      api.checkRequirements({ scopes: ['api://todolist/access_as_user'] })
    }).toThrow("write 'access_as_user'")
    expect(() => {
      api.checkRequirements('access_as_user' as unknown as Requirements)
    }).toThrow(/^requirements: must be an object/)
  })

  it('is none where it works: an app-only API of a managed identity, scopes of another issuer, a resource alone', () => {
    const options: AnyWebApiOptions[] = [
      {
        tenantId,
        clientId,
        clientCredential: managedIdentity,
        downstreamApis: { graph: { ...graph, token: 'app' } },
      },
      {
        tenantId,
        clientId,
        clientCredential: managedIdentity,
        downstreamApis: { graph: { ...graph, token: 'either' } },
      },
      { ...openId, requirements: { scopes: ['https://api.example/read'] } },
      {
        tenantId,
        clientId,
        additionalRegistrations: [{ issuer: 'https://id.example', audience: 'x' }],
        requirements: { scopes: ['https://api.example/read'] },
      },
      { tenantId, clientId, resource: { identifier: 'https://api.example/' }, downstreamApis: {} },
    ]
    expect(options.map(refusalOf)).toEqual(options.map(() => undefined))
  })
})
