import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  clientSecret,
  ConfigurationError,
  createManagedIdentity,
  createWebApi,
  imdsEndpoint,
  tokenExchangeProfiles,
  type AnyWebApiOptions,
  type OpenIdWebApiOptions,
  type WebApiOptions,
} from '../src/index.ts'

const clientId = 'a0000000-0000-4000-8000-000000000002'
const tenantId = 'c0000000-0000-4000-8000-000000000001'

const good: WebApiOptions = {
  tenantId: 'contoso.onmicrosoft.com',
  clientId,
  clientCredential: clientSecret('s3cret'),
  downstreamApis: { graph: { baseUrl: 'https://graph.microsoft.com/v1.0', scopes: ['User.Read'] } },
}

function refusal(options: unknown): ConfigurationError {
  try {
    createWebApi(options as WebApiOptions)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('the options were accepted')
}

type Row = [what: string, options: Record<string, unknown>, option: string, fix: string]

const wrong: readonly Row[] = [
  ['a misspelt option', { tennantId: 'x' }, 'tennantId', "did you mean 'tenantId'"],
  ['an option of somebody else', { zzz: 1 }, 'zzz', 'known options'],
  ['a missing tenant', { tenantId: undefined }, 'tenantId', 'missing'],
  ['a blank tenant', { tenantId: ' ' }, 'tenantId', 'GUID'],
  ['a tenant that is a URL', { tenantId: 'https://contoso.com' }, 'tenantId', 'GUID'],
  ['a client id that is no GUID', { clientId: 'my-api' }, 'clientId', 'GUID'],
  ['a plain http authority', { instance: 'http://login.example/' }, 'instance', 'https'],
  ['an authority with a password', { instance: 'https://a:b@login.example/' }, 'instance', 'password'],
  ['every tenant let in by accident', { tenantId: 'organizations' }, 'allowedTenants', 'null'],
  [
    'a tenant list of names',
    { tenantId: 'common', allowedTenants: ['contoso'] },
    'allowedTenants[0]',
    'GUID',
  ],
  ['a tenant list that is empty', { allowedTenants: [] }, 'allowedTenants', 'at least one'],
  ['an empty audience', { audience: '' }, 'audience', 'non-empty'],
  ['an audience that is a number', { audience: 7 }, 'audience', 'list of strings'],
  ['a tolerance in milliseconds', { clockToleranceSeconds: 300_000 }, 'clockToleranceSeconds', '900'],
  ['a proxy that is no URL', { proxy: 'proxy.contoso.com:8080' }, 'proxy', 'write http:// in front'],
  ['a proxy of another kind', { proxy: 'socks5://proxy.contoso.com' }, 'proxy', 'http or https'],
  ['a proxy that is an address alone', { proxy: '10.0.0.1:8080' }, 'proxy', 'write http:// in front'],
  ['a proxy that is no text', { proxy: 8080 }, 'proxy', 'http://proxy.contoso.com:8080'],
  ['a proxy switched on', { proxy: true }, 'proxy', 'false for none'],
  ['a blank proxy', { proxy: '' }, 'proxy', 'http://proxy.contoso.com:8080'],
  ['a proxy of another kind', { proxy: 'socks5://user:hunter2@proxy:1080' }, 'proxy', 'http or https'],
  ['a proxy with a path', { proxy: 'http://user:hunter2@proxy/hunter2' }, 'proxy', 'no path'],
  ['a proxy with a query', { proxy: 'http://user:hunter2@proxy?hunter2' }, 'proxy', 'query'],
  [
    'a proxy whose password is half encoded',
    { proxy: 'http://user:hunter2%@proxy' },
    'proxy',
    'percent-encoded',
  ],
  ['a proxy whose user name would end early', { proxy: 'http://us%3Aer:hunter2@proxy' }, 'proxy', 'colon'],
  ['a proxy beside a fetch', { proxy: 'http://user:hunter2@proxy', fetch }, 'proxy', 'leave out one'],
  ['no proxy beside a fetch', { proxy: false, fetch }, 'proxy', 'leave out one'],
  ['no algorithm', { algorithms: [] }, 'algorithms', 'RS256'],
  ['an algorithm with a shared secret', { algorithms: ['RS256', 'HS256'] }, 'algorithms', 'ES256'],
  ['the algorithm none', { algorithms: ['none'] }, 'algorithms', 'RS256'],
  ['one algorithm without a list', { algorithms: 'RS256' }, 'algorithms', 'RS256'],
  ['a token length beyond all reason', { maxTokenLength: 1_000_000 }, 'maxTokenLength', '256000'],
  ['a token length that nothing fits', { maxTokenLength: 10 }, 'maxTokenLength', '1024'],
  ['a cache that never ends', { maxCachedTokens: Infinity }, 'maxCachedTokens', 'whole number'],
  ['a cache switched off by false', { maxCachedTokens: false }, 'maxCachedTokens', 'whole number'],
  [
    'permissions waved through by a text',
    { acceptTokensWithoutPermissions: 'false' },
    'acceptTokensWithoutPermissions',
    'true or false',
  ],
  ['requirements with a typing error', { requirements: { scope: ['a'] } }, 'requirements.scope', 'scopes'],
  ['requirements without a name', { requirements: { scopes: [] } }, 'requirements.scopes', 'at least one'],
  [
    'keys of the application beside downstream APIs',
    { customSigningKeys: true },
    'customSigningKeys',
    'rules out downstreamApis',
  ],
  ['keys of the application by id', { customSigningKeys: clientId }, 'customSigningKeys', 'true or false'],
  ['a misspelt key option', { signingKeys: { refreshSeconds: 1 } }, 'signingKeys.refreshSeconds', 'unknown'],
  [
    'keys refreshed all the time',
    { signingKeys: { refreshAfterSeconds: 1 } },
    'signingKeys.refreshAfterSeconds',
    '60',
  ],
  ['keys kept for a year', { signingKeys: { keepSeconds: 31_536_000 } }, 'signingKeys.keepSeconds', '604800'],
  ['no cool-down', { signingKeys: { cooldownSeconds: 0 } }, 'signingKeys.cooldownSeconds', '1'],
  ['a time limit in seconds', { signingKeys: { timeoutMs: 5 } }, 'signingKeys.timeoutMs', '100'],
  [
    'a shared store without keys',
    { tokenCache: { store: { get: () => undefined } } },
    'tokenCache.keyRing',
    'sealed only',
  ],
  [
    'keys without a store',
    { tokenCache: { keyRing: { current: 'a', keys: {} } } },
    'tokenCache.store',
    'redisStore',
  ],
  [
    'a client where a store belongs',
    { tokenCache: { store: { get: () => undefined }, keyRing: { current: 'a', keys: {} } } },
    'tokenCache.store',
    'not the client',
  ],
  ['a cache without room', { tokenCache: { maxEntries: 0 } }, 'tokenCache.maxEntries', '1'],
  ['a misspelt cache option', { tokenCache: { maxEntires: 1 } }, 'tokenCache.maxEntires', 'maxEntries'],
  ['a token request without time', { tokenRequestTimeoutMs: 0 }, 'tokenRequestTimeoutMs', '120000'],
  [
    'a downstream API without scopes',
    { downstreamApis: { x: { baseUrl: 'https://x.example', scopes: [] } } },
    'downstreamApis.x.scopes',
    'empty',
  ],
  [
    'a downstream API whose scopes are one text',
    { downstreamApis: { x: { baseUrl: 'https://x.example', scopes: 'User.Read' } } },
    'downstreamApis.x.scopes',
    'name the scopes',
  ],
  [
    'a downstream API on plain http',
    { downstreamApis: { x: { baseUrl: 'http://x.example', scopes: ['a'] } } },
    'downstreamApis.x.baseUrl',
    'https',
  ],
  [
    'a downstream API of a policy that is none',
    { downstreamApis: { x: { baseUrl: 'https://x.example', scopes: ['a'], token: 'user' } } },
    'downstreamApis.x.token',
    'onBehalfOf, app, either',
  ],
  [
    'a downstream API that is retried for ever',
    { downstreamApis: { x: { baseUrl: 'https://x.example', scopes: ['a'], maxRetries: 100 } } },
    'downstreamApis.x.maxRetries',
    'from 0 to 5',
  ],
  [
    'a budget for retries that is no number',
    { downstreamApis: { x: { baseUrl: 'https://x.example', scopes: ['a'], retryBudgetMs: '10s' } } },
    'downstreamApis.x.retryBudgetMs',
    'whole number',
  ],
  [
    'a misspelt downstream option',
    { downstreamApis: { x: { baseURL: 'https://x', scopes: ['a'] } } },
    'downstreamApis.x.baseURL',
    'baseUrl',
  ],
]

const wrongAcquiring: readonly Row[] = [
  ['a misspelt limit', { resilience: { retries: 1 } }, 'resilience.retries', 'known options'],
  ['retries without an end', { resilience: { maxRetries: Infinity } }, 'resilience.maxRetries', '10'],
  [
    'a budget in seconds that never ends',
    { resilience: { retryBudgetMs: 0 } },
    'resilience.retryBudgetMs',
    '1',
  ],
  ['a breaker that never opens', { resilience: { failuresToOpen: 0 } }, 'resilience.failuresToOpen', '1'],
  ['probes all the time', { resilience: { probeEveryMs: 1 } }, 'resilience.probeEveryMs', '100'],
  [
    'a pause of a year',
    { resilience: { longestPauseSeconds: 31_536_000 } },
    'resilience.longestPauseSeconds',
    '86400',
  ],
  ['a secret as a text', { clientCredential: 's3cret' }, 'clientCredential', 'clientSecret'],
  [
    'long-running sessions of a managed identity',
    { clientCredential: createManagedIdentity({ endpoint: imdsEndpoint() }), longRunning: {} },
    'clientCredential',
    'federatedManagedIdentity',
  ],
  [
    'an audience where the scopes name the API',
    { downstreamApis: { x: { baseUrl: 'https://x.example', scopes: ['a'], audience: 'x' } } },
    'downstreamApis.x.audience',
    'scopes',
  ],
]

const additional = (...entries: readonly unknown[]): Record<string, unknown> => ({
  additionalRegistrations: entries,
})

const wrongRegistrations: readonly Row[] = [
  ['a registration that is no list', { additionalRegistrations: {} }, 'additionalRegistrations', 'list'],
  [
    'more registrations than one API has',
    additional(...Array.from({ length: 21 }, () => ({ tenantId, clientId }))),
    'additionalRegistrations',
    '20',
  ],
  [
    'a registration without a client',
    additional({ tenantId }),
    'additionalRegistrations[0].clientId',
    'client',
  ],
  [
    'a second registration without its tenants',
    additional({ tenantId, clientId }, { tenantId: 'common', clientId }),
    'additionalRegistrations[1].allowedTenants',
    'null',
  ],
  [
    'a registration with an option of the API',
    additional({ tenantId, clientId, clientCredential: 'x' }),
    'additionalRegistrations[0].clientCredential',
    'unknown',
  ],
  [
    'an issuer with an option of Entra',
    additional({ issuer: 'https://id.example', audience: 'x', clientId }),
    'additionalRegistrations[0].clientId',
    'unknown',
  ],
  [
    'an issuer without an audience',
    additional({ issuer: 'https://id.example' }),
    'additionalRegistrations[0].audience',
    'missing',
  ],
  [
    'an issuer that takes every audience',
    additional({ issuer: 'https://id.example', audience: null }),
    'additionalRegistrations[0].audience',
    'missing',
  ],
  [
    'an issuer on plain http',
    additional({ issuer: 'http://id.example', audience: 'x' }),
    'additionalRegistrations[0].issuer',
    'https',
  ],
  [
    'Entra as a generic issuer',
    additional({ issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`, audience: 'x' }),
    'additionalRegistrations[0].issuer',
    'tenantId',
  ],
  [
    'External ID as a generic issuer',
    additional({ issuer: `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`, audience: 'x' }),
    'additionalRegistrations[0].issuer',
    'tenantId',
  ],
]

const openId: OpenIdWebApiOptions = {
  authority: { issuer: 'https://id.example' },
  clientId: 'middle tier',
  clientCredential: clientSecret('s3cret'),
  audience: 'https://api.example',
}

const authority = (more: Record<string, unknown>): Record<string, unknown> => ({
  authority: { issuer: 'https://id.example', ...more },
})

const profile = tokenExchangeProfiles.rfc8693
const profileNames = Object.keys(tokenExchangeProfiles) as (keyof typeof tokenExchangeProfiles)[]

const wrongAtOtherIssuers: readonly Row[] = [
  ['a tenant', { tenantId }, 'tenantId', 'authority'],
  ['an instance', { instance: 'https://login.example/' }, 'instance', 'authority'],
  ['tenants that may call', { allowedTenants: null }, 'allowedTenants', 'authority'],
  ['keys of the application', { customSigningKeys: true }, 'customSigningKeys', 'authority'],
  ['long-running sessions', { longRunning: {} }, 'longRunning', 'authority'],
  ['an issuer as a text', { authority: 'https://id.example' }, 'authority', 'issuer:'],
  ['no issuer', { authority: {} }, 'authority.issuer', 'non-empty'],
  ['an issuer on plain http', authority({ issuer: 'http://id.example' }), 'authority.issuer', 'https'],
  [
    'Entra as the issuer',
    authority({ issuer: `https://login.microsoftonline.com/${tenantId}/v2.0` }),
    'authority.issuer',
    'tenantId',
  ],
  ['a misspelt member', authority({ tokenEndpont: 'x' }), 'authority.tokenEndpont', 'tokenEndpoint'],
  ['metadata on plain http', authority({ metadataUrl: 'http://x/' }), 'authority.metadataUrl', 'https'],
  [
    'a token endpoint on plain http',
    authority({ tokenEndpoint: 'http://id.example/token' }),
    'authority.tokenEndpoint',
    'https',
  ],
  ['an unknown kind', authority({ tokenExchange: 'adfs' }), 'authority.tokenExchange', 'keycloak'],
  [
    'a kind that every object has',
    authority({ tokenExchange: 'constructor' }),
    'authority.tokenExchange',
    'keycloak',
  ],
  [
    'a profile without its target',
    authority({ tokenExchange: { ...profile, target: undefined } }),
    'authority.tokenExchange.target',
    'audience, resource',
  ],
  [
    'a profile with a misspelt member',
    authority({ tokenExchange: { ...profile, require: 'scope' } }),
    'authority.tokenExchange.require',
    'requires',
  ],
  [
    'a profile with a refusal that is none',
    authority({ tokenExchange: { ...profile, sessionEnded: [{ error: 'invalid_request' }] } }),
    'authority.tokenExchange.sessionEnded[0].errorDescription',
    'non-empty',
  ],
  [
    'a profile with refusals that are no list',
    authority({ tokenExchange: { ...profile, sessionEnded: 'invalid_request' } }),
    'authority.tokenExchange.sessionEnded',
    'list',
  ],
  ['no audience', { audience: undefined }, 'audience', 'missing'],
  ['every audience', { audience: null }, 'audience', 'missing'],
  ['no client id', { clientId: ' ' }, 'clientId', 'non-empty'],
  [
    'a managed identity',
    { clientCredential: createManagedIdentity({ endpoint: imdsEndpoint() }) },
    'clientCredential',
    'federatedManagedIdentity',
  ],
  [
    'a downstream API that is named by nothing',
    { downstreamApis: { x: { baseUrl: 'https://x.example' } } },
    'downstreamApis.x',
    'the audience or a scope',
  ],
  [
    'a downstream API that is not named as this issuer wants it',
    {
      ...authority({ tokenExchange: 'auth0' }),
      downstreamApis: { x: { baseUrl: 'https://x.example', scopes: ['read'] } },
    },
    'downstreamApis.x',
    'auth0',
  ],
  [
    'a blank audience of a downstream API',
    { downstreamApis: { x: { baseUrl: 'https://x.example', audience: '' } } },
    'downstreamApis.x.audience',
    'non-empty',
  ],
]

const resource = (more: Record<string, unknown>): Record<string, unknown> => ({
  resource: { identifier: 'https://api.contoso.com/', ...more },
})

const wrongResources: readonly Row[] = [
  ['no identifier', { resource: {} }, 'resource.identifier', 'non-empty'],
  ['an App ID URI', resource({ identifier: `api://${clientId}` }), 'resource.identifier', 'https'],
  ['plain http', resource({ identifier: 'http://api.contoso.com' }), 'resource.identifier', 'https'],
  ['a fragment', resource({ identifier: 'https://api.contoso.com/#a' }), 'resource.identifier', 'fragment'],
  ['an empty query', resource({ identifier: 'https://api.contoso.com/?' }), 'resource.identifier', 'query'],
  [
    'white space',
    resource({ identifier: ' https://api.contoso.com/' }),
    'resource.identifier',
    'white space',
  ],
  ['an empty scope', resource({ scopes: [''] }), 'resource.scopes', 'non-empty'],
  [
    'documentation that is a script',
    resource({ documentation: 'javascript:x' }),
    'resource.documentation',
    'URL',
  ],
  ['a misspelt member', resource({ documentaton: 'x' }), 'resource.documentaton', 'documentation'],
]

describe('createWebApi', () => {
  it('accepts good options without contacting anybody', () => {
    const fetch = (): Promise<Response> => Promise.reject(new Error('contacted'))
    expect(() => createWebApi({ ...good, fetch })).not.toThrow()
  })

  it('accepts every option of validation together', () => {
    const options: WebApiOptions = {
      ...good,
      audience: ['https://api.contoso.com/', 'api://todolist'],
      allowedTenants: [tenantId.toUpperCase()],
      additionalRegistrations: [
        { tenantId: 'organizations', clientId, allowedTenants: [tenantId], audience: 'api://second' },
        { tenantId, clientId, instance: 'https://contoso.ciamlogin.com/' },
        { issuer: 'https://id.example/', metadataUrl: 'https://id.example/metadata', audience: ['a', 'b'] },
      ],
      requirements: { refuseGuests: true },
      acceptTokensWithoutPermissions: false,
      algorithms: ['RS256', 'PS256', 'ES256'],
      customSigningKeys: false,
      clockToleranceSeconds: 0,
      maxTokenLength: 16_384,
      maxCachedTokens: 0,
      signingKeys: { refreshAfterSeconds: 3_600, keepSeconds: 0, cooldownSeconds: 60, timeoutMs: 2_000 },
      resource: { identifier: 'https://api.contoso.com/', scopes: ['api://x/y'], name: 'X' },
    }
    expect(() => createWebApi(options)).not.toThrow()
  })

  it.each(wrong)('refuses %s, naming the option and the fix', (_, more, option, fix) => {
    const error = refusal({ ...good, ...more })
    expect(error.option).toBe(option)
    expect(error.message).toContain(fix)
    expect(inspect(error)).not.toContain('hunter2') // the password in some rows
  })

  it.each<WebApiOptions['proxy']>([
    'http://proxy:8080',
    new URL('https://us%20er:p%3Aw@[::1]/'),
    false,
    undefined,
  ])('accepts the proxy %s', (proxy) => {
    expect(() => createWebApi({ ...good, proxy })).not.toThrow()
  })

  it('accepts every option of acquiring together', () => {
    const options: WebApiOptions = {
      ...good,
      resilience: {
        maxRetries: 0,
        retryBudgetMs: 1_000,
        failuresToOpen: 10,
        probeEveryMs: 500,
        longestPauseSeconds: 60,
      },
    }
    expect(() => createWebApi(options)).not.toThrow()
  })

  it('accepts another issuer than Entra, with a known way to exchange tokens or one of its own', () => {
    const downstreamApis = { x: { baseUrl: 'https://x.example', audience: 'x', scopes: ['read'] } }
    const more = { tokenEndpoint: 'https://id.example/token', metadataUrl: 'https://id.example/meta?x=y' }
    for (const tokenExchange of [...profileNames, { ...profile, target: 'resource' } as const])
      expect(() =>
        createWebApi({
          ...openId,
          authority: { issuer: 'https://id.example/', ...more, tokenExchange },
          downstreamApis,
        }),
      ).not.toThrow()
  })

  it.each(wrongAcquiring)('refuses %s', (_, more, option, fix) => {
    const error = refusal({ ...good, ...more })
    expect(error.option).toBe(option)
    expect(error.message).toContain(fix)
  })

  it('cannot be given a tenant and another issuer, by the compiler as well', () => {
    // @ts-expect-error a tenant beside an issuer
    const both: AnyWebApiOptions = { ...openId, tenantId }
    // @ts-expect-error an issuer beside a tenant
    const theOtherWay: AnyWebApiOptions = { ...good, authority: { issuer: 'https://id.example' } }
    for (const options of [both, theOtherWay]) expect(refusal(options).option).toBe('tenantId')
  })

  it.each(wrongAtOtherIssuers)('refuses %s at another issuer than Entra', (_, more, option, fix) => {
    const error = refusal({ ...openId, ...more })
    expect(error.option).toBe(option)
    expect(error.message.startsWith(`${option}: `)).toBe(true)
    expect(error.message).toContain(fix)
  })

  it.each(wrongRegistrations)('refuses %s, naming the registration', (_, more, option, fix) => {
    const error = refusal({ ...good, ...more })
    expect(error.option).toBe(option)
    expect(error.message.startsWith(`${option}: `)).toBe(true)
    expect(error.message).toContain(fix)
  })

  it.each(wrongResources)('refuses a resource with %s', (_, more, option, fix) => {
    const error = refusal({ ...good, ...more })
    expect(error.option).toBe(option)
    expect(error.message).toContain(fix)
  })

  it('says at once when the client secret is missing from the environment', () => {
    expect(() => clientSecret(undefined)).toThrow(ConfigurationError)
  })

  it('shows no secret when its options or errors are printed', () => {
    expect(JSON.stringify(good)).not.toContain('s3cret')
  })
})
