// What options resolve to, and what is refused, written down: one row for each way in which an option can be meant.
import { expect, it } from 'vitest'
import { clientSecret, type AnyWebApiOptions } from '../../src/index.ts'
import { resolveOptions } from '../../src/settings/settings.ts'
import { expectWritten, membersOf } from '../written.ts'

const tenantId = 'C0000000-0000-4000-8000-000000000001'
const clientId = 'A0000000-0000-4000-8000-000000000002'
const nothing = (): undefined => undefined
const clientCredential = clientSecret('s3cret')
const entra = { tenantId, clientId, clientCredential, clock: { nowMs: () => 1 } }
const openId = {
  authority: { issuer: 'https://id.example' },
  clientId: 'api',
  audience: 'api',
  clientCredential,
}
const api = { baseUrl: 'https://x.example/v1', scopes: ['api://x/.default'] }
const store = { get: nothing, set: nothing, delete: nothing, deletePartition: nothing }
const keyRing = { current: 'k1', keys: { k1: 'A'.repeat(43) } }
const telemetry = {
  observe: nothing,
  within: (_: unknown, work: () => unknown) => work(),
  activeTraceId: nothing,
}
const logger = { error: nothing, warn: nothing, info: nothing }
const profile = {
  name: 'own',
  target: 'audience',
  requires: 'scope',
  subjectTokenType: 'urn:x',
  clientAuthentication: 'client_secret_post',
  sessionEnded: [],
}
const resource = { identifier: 'https://mcp.example/mcp', scopes: ['https://mcp.example/mcp/read'] }
const several = { ...entra, tenantId: 'Organizations', allowedTenants: [tenantId] }

const meant: Readonly<Record<string, object>> = {
  'an API of Entra': entra,
  'of several tenants': several,
  'of several tenants, any of them': { ...several, allowedTenants: null },
  'of a tenant by its domain': { ...entra, tenantId: 'Contoso.onmicrosoft.com', resource },
  'of another issuer': openId,
  'of another issuer, with everything': {
    ...openId,
    audience: ['api', 'other'],
    authority: {
      issuer: 'https://id.example',
      metadataUrl: 'https://id.example/metadata',
      tokenEndpoint: 'https://id.example/token',
      tokenExchange: {
        ...profile,
        requestedTokenType: 'urn:y',
        sessionEnded: [{ error: 'a', errorDescription: 'b' }],
      },
    },
    downstreamApis: { x: { ...api, audience: 'x' } },
    resource,
  },
  'without a credential': { tenantId, clientId },
  'with a managed identity': {
    ...entra,
    clientCredential: { acquireToken: nothing },
    downstreamApis: { x: { ...api, token: 'app' } },
  },
  'with further audiences': { ...entra, audience: 'api://x' },
  'with any audience': { ...entra, audience: null },
  'with further registrations': {
    ...entra,
    acceptTokensWithoutPermissions: true,
    additionalRegistrations: [
      { tenantId, clientId, instance: 'https://login.microsoftonline.us/', audience: ['api://y'] },
      { issuer: 'https://id.example', audience: 'z' },
    ],
  },
  'with algorithms': { ...entra, algorithms: ['PS256', 'ES256', 'RS256'] },
  'with signing keys of its own': { ...entra, customSigningKeys: true },
  'that is an MCP server': { ...entra, resource },
  'that is an MCP server of several tenants': { ...several, resource },
  'that is an MCP server with a page': {
    ...entra,
    resource: { identifier: 'https://mcp.example', name: 'MCP', documentation: 'http://docs.example/x?y#z' },
  },
  'with a store': { ...entra, tokenCache: { store, keyRing } },
  'that calls others': {
    ...entra,
    downstreamApis: { x: api, y: { ...api, token: 'either', scopes: ['one', 'two'] }, z: undefined },
  },
  'that answers as Microsoft.Identity.Web': {
    ...entra,
    challengeStyle: 'identity-web',
    consentRedirectUri: 'https://x.example/consented',
  },
  'with revocations': { ...entra, revocations: { whenStoreFails: 'accept' } },
  'that tells an observer': { ...entra, observer: nothing },
  'that tells telemetry': { ...entra, telemetry },
  'that tells both': { ...entra, telemetry, observer: nothing },
  'that keeps a record': { ...entra, auditLogger: logger },
  'that logs refusals': { ...entra, logger, logRefusals: true },
  'that is silent': { ...entra, logger: false },
  'that finds callers, and waits': { ...entra, runWithCaller: nothing, waitUntil: nothing },
  'that sends by itself': { ...entra, fetch: nothing },
  'that works long': { ...entra, longRunning: { lifetimeSeconds: 61 } },
  'of an authority on this machine': { ...entra, instance: 'http://localhost:1/' },
}

const isShown = (line: string): boolean => !/^(?:log|refusals|.*\.(?:logger|clock))\b/.test(line)

it('what is meant is resolved as it is written', async () => {
  const lines: string[] = []
  const first = new Set<string>()
  for (const [name, options] of Object.entries(meant)) {
    const { downstreamApis, registration, ...settings } = resolveOptions(options as AnyWebApiOptions)
    expect(settings.validator.registrations[0]).toBe(registration)
    const told = membersOf({ ...settings, downstreamApis: Object.fromEntries(downstreamApis) }).filter(
      isShown,
    )
    // What is as in the first row is not said again.
    lines.push(name, ...told.filter((line) => !first.has(line)).map((line) => `  ${line}`), '')
    if (first.size === 0) for (const line of told) first.add(line)
  }
  await expectWritten(lines, new URL('written/settings.txt', import.meta.url))
})

const more = (options: object): object => ({ ...entra, ...options })
const issuer = (authority: unknown): object => ({ ...openId, authority })
const exchange = (members: object): object =>
  issuer({ issuer: 'https://id.example', tokenExchange: { ...profile, ...members } })
const calls = (options: object): object => more({ downstreamApis: { x: { ...api, ...options } } })

const refused: readonly object[] = [
  {},
  { tenantId },
  more({ clientId: 'x' }),
  more({ tenantId: 'not a tenant' }),
  more({ tenant: tenantId }),
  more({ tenantId: 'common' }),
  more({ allowedTenants: [] }),
  more({ allowedTenants: tenantId }),
  more({ allowedTenants: [tenantId, 'contoso.com'] }),
  more({ audience: '' }),
  more({ audience: ['x', ' '] }),
  more({ audience: 5 }),
  more({ instance: 'http://login.example/' }),
  more({ instance: 'https://login.example/?x' }),
  more({ acceptTokensWithoutPermissions: 'yes' }),
  more({ additionalRegistrations: {} }),
  more({ additionalRegistrations: Array.from({ length: 21 }, () => entra) }),
  more({ additionalRegistrations: [undefined] }),
  more({
    additionalRegistrations: [
      { tenantId, clientId },
      { tenantId, clientId: 'x' },
    ],
  }),
  more({ additionalRegistrations: [{ tenantId, clientId, allowedTenant: 'x' }] }),
  more({ additionalRegistrations: [{ issuer: 'https://id.example', audience: 'x', tenantId }] }),
  more({ additionalRegistrations: [{ issuer: 'https://id.example' }] }),
  issuer(null),
  issuer('https://id.example'),
  issuer({}),
  issuer({ issuer: 'https://login.microsoftonline.com/x/v2.0' }),
  issuer({ issuer: 'https://id.example', tokenEndpoint: 'https://user@id.example/' }),
  issuer({ issuer: 'https://id.example', tokenEndpoint: 'https://:password@id.example/' }),
  issuer({ issuer: 'https://id.example', tokenEndpoint: 'https://id.example/#x' }),
  issuer({ issuer: 'https://id.example', tokenExchange: 'rfc8694' }),
  issuer({ issuer: 'https://id.example', metadataURL: 'x' }),
  { ...openId, audience: undefined },
  ...['tenantId', 'instance', 'allowedTenants', 'customSigningKeys', 'longRunning'].map((name) => ({
    ...openId,
    [name]: 'x',
  })),
  exchange({ name: '' }),
  exchange({ target: 'aud' }),
  exchange({ requires: 'both' }),
  exchange({ subjectTokenType: '' }),
  exchange({ requestedTokenType: '' }),
  exchange({ clientAuthentication: 'none' }),
  exchange({ sessionEnded: {} }),
  exchange({ sessionEnded: [{ error: 'a', errorDescription: 'b' }, { error: 'a' }] }),
  exchange({ sessionEnded: [{ errorDescription: 'b' }] }),
  exchange({ scope: 'x' }),
  more({ clientCredential: 's3cret' }),
  more({ clientCredential: null }),
  more({ clientCredential: { acquireToken: nothing }, longRunning: {} }),
  { ...openId, clientCredential: { acquireToken: nothing } },
  more({ clientCredential: { acquireToken: nothing }, downstreamApis: { x: api } }),
  more({ clientCredential: undefined, downstreamApis: { x: api } }),
  more({ algorithms: [] }),
  more({ algorithms: 'RS256' }),
  more({ algorithms: ['RS256', 'none'] }),
  more({ customSigningKeys: true, downstreamApis: { x: api } }),
  more({ signingKeys: { refreshSeconds: 60 } }),
  more({ resource: { ...resource, identifier: 'https://mcp.example/ x' } }),
  more({ resource: { ...resource, identifier: 'https://mcp.example/?' } }),
  more({ resource: { ...resource, identifier: '' } }),
  more({ resource: { ...resource, documentation: 'ftp://x/' } }),
  more({ resource: { ...resource, name: '' } }),
  more({ resource: { ...resource, title: 'x' } }),
  more({ tokenCache: { store } }),
  more({ tokenCache: { keyRing } }),
  ...['get', 'set', 'delete', 'deletePartition'].map((method) =>
    more({ tokenCache: { keyRing, store: { ...store, [method]: undefined } } }),
  ),
  more({ tokenCache: { size: 1 } }),
  more({ resilience: { retries: 1 } }),
  more({ longRunning: { lifetime: 1 } }),
  more({ downstreamApis: [] }),
  calls({ baseUrl: 'x.example' }),
  calls({ scopes: [] }),
  calls({ scopes: 'x' }),
  calls({ audience: 'x' }),
  calls({ token: 'user' }),
  calls({ timeout: 5 }),
  more({ challengeStyle: 'msal' }),
  more({ consentRedirectUri: '/consented' }),
  more({ revocations: { whenStoreFails: 'ignore' } }),
  more({ revocations: { fresh: 1 } }),
  more({ observer: {} }),
  more({ telemetry: null }),
  ...['observe', 'within', 'activeTraceId'].map((member) =>
    more({ telemetry: { ...telemetry, [member]: undefined } }),
  ),
  more({ logger: true }),
  more({ logger: { error: nothing } }),
  more({ logRefusals: 1 }),
  more({ logger: false, logRefusals: true }),
  more({ logger: { ...logger, info: undefined }, logRefusals: true }),
  more({ auditLogger: {} }),
  more({ auditLogger: null }),
  more({ clock: {} }),
  more({ clock: { nowMs: () => NaN } }),
  more({ clock: { nowMs: () => 1, passedMs: () => NaN } }),
  more({ runWithCaller: true }),
  more({ waitUntil: true }),
  more({ fetch: true }),
  more({ fetch: nothing, proxy: 'http://proxy.example' }),
  ...[
    'proxy.example:8080',
    'proxy.example',
    5,
    'socks5://proxy.example',
    'http://proxy.example/x',
    'http://proxy.example/?x',
    'http://proxy.example/#x',
    'http://a%3Ab:c@proxy.example',
    'http://a%ff:c@proxy.example',
    'http://a:%ff@proxy.example',
  ].map((proxy) => more({ proxy })),
]

it('what cannot be meant is refused as it is written', async () => {
  const lines = refused.map((options) => {
    const { clock, clientCredential: credential, ...own } = options as Record<string, unknown>
    const said = Object.entries({
      ...own,
      ...(clock === entra.clock ? {} : { clock }),
      ...(credential === clientCredential ? {} : { credential }),
    })
      .filter(
        ([name, value]) =>
          (entra as Record<string, unknown>)[name] !== value &&
          (openId as Record<string, unknown>)[name] !== value,
      )
      .map(
        ([name, value]) =>
          `${name} ${(JSON.stringify(value) as string | undefined)?.slice(0, 300) ?? String(value)}`,
      )
    try {
      resolveOptions(options as AnyWebApiOptions)
    } catch (error) {
      expect(error).toMatchObject({ code: 'configuration_invalid' })
      return [said.join(', '), `  ${(error as Error).message}`]
    }
    throw new Error(`taken: ${said.join(', ')}`)
  })
  await expectWritten(lines.flat(), new URL('written/refusals.txt', import.meta.url))
})
