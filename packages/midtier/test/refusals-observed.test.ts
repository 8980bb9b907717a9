// Nothing is refused in silence: every reason for which nothing is sent has one event, whichever way the refusal leaves by.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applicationTokenCredential, tokenCredential } from '../src/sdk/azure.ts'
import { graphAccessTokenProvider } from '../src/sdk/graph.ts'
import {
  clientSecret,
  createManagedIdentity,
  createWebApi,
  imdsEndpoint,
  isMidtierError,
  type Caller,
  type Fetch,
  type ObservedEvent,
  type OpenIdWebApiOptions,
  type WebApi,
  type WebApiOptions,
} from '../src/index.ts'
import { createClock, createFakeAuthority, serveEntra } from './authority/fake-authority.ts'
import {
  appClaims,
  clientId,
  createSigner,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
} from './jwt/token-builder.ts'
import { createOpenStore, onlyK1 } from './token-cache/open-store.ts'

const signer = createSigner('entra-key')
const clock = createClock()

interface Stage {
  readonly events: readonly ObservedEvent[]
  api(options?: Partial<WebApiOptions>): WebApi
  openIdApi(options?: Partial<OpenIdWebApiOptions>): WebApi
  caller(api: WebApi, claims?: Record<string, unknown>): Promise<Caller>
}

function setStage(): Stage {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  serveEntra(authority, [signer], { segment: otherTenantId })
  const events: ObservedEvent[] = []
  const fetch: Fetch = (input) => authority.fetch(String(input).replace(/\?appid=.*$/, ''))
  const shared = { fetch, clock, logger: false, clientCredential: clientSecret('s3cret') } as const
  const observer = (event: ObservedEvent): void => void events.push(event)
  return {
    events,
    api: (options = {}) =>
      createWebApi({
        tenantId,
        clientId,
        downstreamApis: { todo: { baseUrl: 'https://todo.example/api/', scopes: ['api://todo/.default'] } },
        ...shared,
        observer,
        ...options,
      }),
    openIdApi: (options = {}) =>
      createWebApi({
        authority: { issuer: 'https://id.example' },
        clientId: 'middle-tier',
        audience: 'https://api.example',
        ...shared,
        observer,
        ...options,
      }),
    async caller(api, claims = userClaims()) {
      const token = signToken({ claims, signer })
      const header = (name: string): string | undefined =>
        name === 'authorization' ? `Bearer ${token}` : undefined
      const caller = await api.authenticate({ header, method: 'GET', url: '/' })
      events.length = 0
      return caller
    },
  }
}

type Attempt = (stage: Stage) => unknown

const withCaller =
  (attempt: (caller: Caller) => unknown, claims?: Record<string, unknown>): Attempt =>
  async (stage) =>
    attempt(await stage.caller(stage.api(), claims))
const asking = (scopes: readonly string[], more: object = {}): Attempt =>
  withCaller((caller) => caller.acquireToken({ scopes, ...more }))
const graphHost =
  (url: string): ((caller: Caller) => unknown) =>
  (caller) =>
    graphAccessTokenProvider(caller, { AllowedHostsValidator: AnyHost }).getAuthorizationToken(url)

class AnyHost {
  isUrlHostValid(): boolean {
    return true
  }
}

async function* stream(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1)
}

const attempts: Readonly<Record<string, Attempt>> = {
  app_only_caller: withCaller((caller) => caller.acquireToken({ scopes: ['User.Read'] }), appClaims()),
  app_scope_not_default: (stage) => stage.api().acquireTokenForClient({ scopes: ['User.Read'] }),
  argument_invalid: withCaller((caller) => caller.acquireToken({ scopes: 'User.Read' as never })),
  audience_not_supported: asking(['User.Read'], { audience: 'x' }),
  body_not_replayable: withCaller((caller) => caller.downstream('todo').post('todos', stream())),
  body_not_sendable: withCaller((caller) => caller.downstream('todo').post('todos', { a: 1 } as never)),
  bound_token: withCaller((caller) =>
    tokenCredential(caller, { clock }).getToken('https://vault.azure.net/.default', {
      proofOfPossessionOptions: {},
    }),
  ),
  claims_malformed: asking(['User.Read'], { claims: '"' }),
  custom_signing_keys: async (stage) =>
    (await stage.caller(stage.api({ customSigningKeys: true, downstreamApis: {} }))).acquireToken({
      scopes: ['User.Read'],
    }),
  default_scope_mixed: asking(['api://todo/.default', 'api://todo/Read']),
  header_refused: withCaller((caller) =>
    caller.downstream('todo').getJson('todos', { headers: { cookie: 'a=b' } }),
  ),
  host_not_allowed: withCaller(graphHost('https://elsewhere.example/v1.0/me')),
  insecure_url: withCaller(graphHost('http://graph.microsoft.com/v1.0/me')),
  agents_not_supported: async (stage) => {
    const identity = createManagedIdentity({ endpoint: imdsEndpoint('http://127.0.0.1:9'), clock })
    const api = stage.api({ clientCredential: identity, downstreamApis: {} })
    return api.agent(clientId).acquireToken({ scopes: ['api://todo/.default'] })
  },
  managed_identity: async (stage) => {
    const identity = createManagedIdentity({ endpoint: imdsEndpoint('http://127.0.0.1:9'), clock })
    const api = stage.api({ clientCredential: identity, downstreamApis: {} })
    return (await stage.caller(api)).acquireToken({ scopes: ['User.Read'] })
  },
  method_refused: withCaller((caller) => caller.fetch('todo')('todos', { method: 'GET', body: 'x' })),
  other_registration: async (stage) => {
    const api = stage.api({ additionalRegistrations: [{ tenantId: otherTenantId, clientId }] })
    const claims = userClaims({
      tid: otherTenantId,
      iss: `https://login.microsoftonline.com/${otherTenantId}/v2.0`,
    })
    return (await stage.caller(api, claims)).acquireToken({ scopes: ['User.Read'] })
  },
  other_tenant: withCaller((caller) =>
    tokenCredential(caller, { clock }).getToken('https://vault.azure.net/.default', {
      tenantId: otherTenantId,
    }),
  ),
  path_refused: withCaller((caller) => caller.downstream('todo').getJson('../admin')),
  request_ended: withCaller((caller) =>
    tokenCredential(caller, { clock, signal: AbortSignal.abort() }).getToken(
      'https://vault.azure.net/.default',
    ),
  ),
  scopes_empty: asking([]),
  scopes_malformed: asking(['a"b']),
  session_unknown: (stage) =>
    stage
      .api({
        longRunning: {},
        tokenCache: { store: createOpenStore().store, keyRing: onlyK1 },
      })
      .longRunning.acquire('x'.repeat(43)),
  several_resources: asking(['api://todo/Read', 'api://mail/Read']),
  target_missing: (stage) => stage.openIdApi().acquireTokenForClient({ scopes: [], audience: undefined! }),
  tenant_not_concrete: (stage) =>
    stage.api().acquireTokenForClient({ scopes: ['api://todo/.default'], tenantId: 'common' }),
  tenant_not_supported: (stage) =>
    stage.openIdApi().acquireTokenForClient({ scopes: ['read'], tenantId: 'contoso' }),
  unknown_downstream_api: withCaller((caller) => caller.downstream('todos')),
}

/** Reasons that it takes more than a fake authority to come to; they leave by the same way as their neighbours. */
const elsewhere = ['no_refresh_token']

function reasonsInSource(): readonly string[] {
  const folder = new URL('../src/', import.meta.url)
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  return texts.flatMap((text) =>
    [...text.matchAll(/new AcquisitionError\(\s*'(\w+)'/g)].map((match) => match[1] ?? ''),
  )
}

describe('what is refused before anything is sent', () => {
  it('is attempted here, for every reason in the source', () => {
    expect([...Object.keys(attempts), ...elsewhere].sort()).toEqual([...new Set(reasonsInSource())].sort())
  })

  it.each(Object.entries(attempts))('is observed once: %s', async (reason, attempt) => {
    const stage = setStage()
    const error = await (async () => attempt(stage))().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(isMidtierError(error) && error.code).toBe('acquisition_impossible')
    const told = stage.events.filter(({ type }) => type === 'operation_failed')
    expect(told).toEqual([expect.objectContaining({ code: 'acquisition_impossible', reason })])
  })

  it('is observed where an SDK client acts for the application itself', async () => {
    const stage = setStage()
    const credential = applicationTokenCredential(stage.api(), { tenantId })
    await expect(
      credential.getToken('https://vault.azure.net/.default', { tenantId: otherTenantId }),
    ).rejects.toMatchObject({ reason: 'other_tenant' })
    expect(stage.events).toMatchObject([{ type: 'operation_failed', reason: 'other_tenant' }])
  })

  it('is observed for what was not switched on', async () => {
    const stage = setStage()
    const api = stage.api({ clientCredential: undefined!, downstreamApis: {} })
    await expect(api.acquireTokenForClient({ scopes: ['api://todo/.default'] })).rejects.toThrow()
    await expect(api.longRunning.stop('key')).rejects.toThrow()
    await expect(api.revocations.revokeTenant(tenantId)).rejects.toThrow()
    expect(stage.events).toMatchObject(
      ['acquire_token', 'long_running', 'revoke'].map((operation) => ({
        type: 'operation_failed',
        operation,
        code: 'configuration_invalid',
      })),
    )
  })
})

describe('a request that is not let in', () => {
  const ask = async (fetch: Fetch, token: string): Promise<readonly ObservedEvent[]> => {
    const events: ObservedEvent[] = []
    const observer = (event: ObservedEvent): void => void events.push(event)
    const api = createWebApi({ tenantId, clientId, fetch, clock, logger: false, observer })
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    await expect(api.authenticate({ header, method: 'GET', url: '/' })).rejects.toSatisfy(isMidtierError)
    await api.close()
    return events.filter(({ type }) => /^(authentication|operation)_failed$/.test(type))
  }

  it('because of an outage is told once, as an authentication that failed', async () => {
    const down: Fetch = () => Promise.resolve(new Response('down', { status: 503 }))
    const events = await ask(down, signToken({ claims: userClaims(), signer }))
    expect(events).toMatchObject([{ type: 'authentication_failed', code: 'authority_unavailable' }])
  })

  it('because of its token is told as a refusal alone', async () => {
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    const fetch: Fetch = (input) => authority.fetch(String(input).replace(/\?appid=.*$/, ''))
    expect(await ask(fetch, 'nonsense')).toEqual([])
  })
})
