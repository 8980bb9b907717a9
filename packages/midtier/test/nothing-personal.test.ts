// Nobody is named and nothing is given away: every behaviour with a token full of people, and then all that is told is searched for them.
import { inspect } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  answer,
  clientSecret,
  createWebApi,
  isMidtierError,
  type Caller,
  type Fetch,
  type Logger,
  type Requirements,
  type WebApi,
} from '../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  serveEntra,
  type MovableClock,
} from './authority/fake-authority.ts'
import {
  appClaims,
  clientId,
  createSigner,
  nowSeconds,
  signToken,
  tenantId,
  userClaims,
} from './jwt/token-builder.ts'
import { printed, throwItsRequest } from './kernel/printed.ts'
import { createRecorder, type Recorder } from './telemetry/recorder.ts'
import { createOpenStore, onlyK1 } from './token-cache/open-store.ts'

const signer = createSigner('entra-key')

/** Whatever of a person an issuer may write into a token; one of each script. */
const person = {
  name: 'Ottoline Quackenbush-Łukaszewiczówna',
  preferred_username: 'ottoline.q@contoso.example',
  upn: 'oquackenbush@fabrikam.example',
  email: 'ottoline+private@mail.example',
  unique_name: 'live.com#ottoline@outlook.example',
  given_name: 'Ὀττολίνη',
  family_name: '欧阳修远',
  middle_name: 'ابن‌سینا',
  nickname: 'Оттолина',
  onprem_sid: 'S-1-5-21-2127521184-1604012920-1887927527-72713',
  samaccountname: 'OQUACK72',
  ipaddr: '203.0.113.77',
  phone_number: '+49 30 901820-77',
  verified_primary_email: ['primary77@contoso.example'],
  address: { street_address: 'Schönhauser Allee 177', locality: 'Pankow-Süd' },
  birthdate: '1977-07-17',
  employeeid: 'EMP-778899',
  app_displayname: 'Daemon of Ottoline',
  स्वामी: 'श्रीनिवासन्',
}
const secret = 'S3cr~et.of_the-Middle.Tier8Q77'
const downstreamToken = 'opaque-Downstream.Token77~abcdefgh'
const refreshToken = '0.Refresh-Token77_zyxwvutsrq'
const storePassword = 'Hunter2StorePassword77'

const token = signToken({ claims: userClaims({ ...person, uti: 'distinctive' }), signer })
const appToken = signToken({ claims: appClaims({ ...person }), signer })

const textsOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [String(value)]

/** A signature and a payload are looked for by their beginnings, for something may have been cut. */
const partsOf = (jwt: string): readonly string[] => {
  const [, payload = '', signature = ''] = jwt.split('.')
  return [payload.slice(0, 40), signature.slice(0, 24)]
}
const needles = [
  ...textsOf(person),
  ...person.name.split(' '),
  ...[token, appToken].flatMap(partsOf),
  ...[secret, downstreamToken, refreshToken].map((text) => text.slice(0, 16)),
  storePassword,
]

/** As it is, and as it is written where not every character may be. */
const spellings = (text: string): readonly string[] => [
  text,
  encodeURIComponent(text),
  Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(text).toString('base64url').slice(0, -1),
  Buffer.from(text).toString('hex'),
  text.replace(/[^\x20-\x7e]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`),
]

const foundIn = (haystack: string): readonly string[] => {
  const lower = haystack.toLowerCase()
  return needles.filter((needle) => spellings(needle).some((text) => lower.includes(text.toLowerCase())))
}

/** All that is told, in the order in which it was. */
let told: string[]
let clock: MovableClock
let store: ReturnType<typeof createOpenStore>
let tokenEndpoint: Fetch
let todo: Fetch
let storeFails: boolean
let recorder: Recorder

const tell = (kind: string, value: unknown): void => {
  told.push(`${kind}: ${inspect(value, { depth: 10, getters: true })} ${JSON.stringify(value)}`)
}

const echo = `for ${person.name} <${person.email}> (${person.upn}), ${token}, ${secret}`

const refuse =
  (error: string, number: number, more: object = {}): Fetch =>
  () =>
    Promise.resolve(
      Response.json(
        {
          error,
          error_codes: [number],
          error_description: `AADSTS${number}: User account '${person.upn}' {EmailHidden} assertion ${token} secret ${secret}`,
          ...more,
        },
        { status: 400 },
      ),
    )

const grant: Fetch = () =>
  Promise.resolve(
    Response.json({
      token_type: 'Bearer',
      access_token: downstreamToken,
      refresh_token: refreshToken,
      expires_in: 3_600,
    }),
  )

beforeEach(() => {
  told = []
  clock = createClock()
  store = createOpenStore()
  storeFails = false
  recorder = createRecorder()
  tokenEndpoint = grant
  todo = () => Promise.resolve(Response.json({}))
})

/** Tells what the store is asked, and fails if it has to. */
function failing<Given extends readonly unknown[], Result>(
  work: (...given: Given) => Result,
): (...given: Given) => Result {
  return (...given) => {
    tell('store', given[0])
    if (storeFails)
      throw new Error(`no redis://default:${storePassword}@cache:6379 password=${storePassword}`)
    return work(...given)
  }
}

function createApi(): WebApi {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  const write =
    (level: string): Logger['error'] =>
    (fields, message) => {
      tell(level, [fields, message])
    }
  const inner = store.store
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret(secret),
    downstreamApis: { todo: { baseUrl: 'https://todo.example/api/', scopes: ['api://todo/.default'] } },
    resilience: { maxRetries: 0 },
    longRunning: {},
    tokenCache: {
      keyRing: onlyK1,
      store: {
        get: failing((slot) => inner.get(slot)),
        set: failing((slot, text, ttlMs) => inner.set(slot, text, ttlMs)),
        delete: failing((slot) => inner.delete(slot)),
        deletePartition: failing((partition) => inner.deletePartition(partition)),
        publish: failing((message) => inner.publish?.(message)),
        subscribe: (listener) =>
          inner.subscribe?.(listener) ?? { ready: Promise.resolve(), close: () => undefined },
      },
    },
    fetch: (url, init) => {
      const headers = new Headers(init?.headers)
      headers.delete('authorization')
      tell('sent', [String(url), [...headers]])
      if (String(url).endsWith('/token')) return tokenEndpoint(url, init)
      return String(url).startsWith('https://todo.example/') ? todo(url, init) : authority.fetch(url, init)
    },
    clock,
    logger: { error: write('error'), warn: write('warn'), info: write('info') },
    logRefusals: true,
    auditLogger: { info: write('audit') },
    observer: (event) => {
      tell('event', event)
    },
    telemetry: recorder.telemetry,
  })
}

function callerOf(api: WebApi, bearer = token, requirements: Requirements = {}): Promise<Caller> {
  const header = (name: string): string | undefined =>
    ({
      authorization: `Bearer ${bearer}`,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      tracestate: `who=${encodeURIComponent(person.email)}`,
      baggage: `user=${encodeURIComponent(person.email)}`,
    })[name]
  return api.authenticate({ header, method: 'GET', url: '/' }, requirements)
}

const scopes = { scopes: ['User.Read'] }
const acquire = async (api: WebApi): Promise<unknown> => (await callerOf(api)).acquireToken(scopes)
const call = async (api: WebApi): Promise<unknown> =>
  (await callerOf(api)).downstream('todo').getJson('todos')
const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
const tampered = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(342)}`

interface Behaviour {
  readonly name: string
  readonly arrange?: () => void
  readonly act: (api: WebApi) => Promise<unknown>
  /** Code of the error that it ends with; absent when it goes well. */
  readonly code?: string
}

const refused = (name: string, bearer: string): Behaviour => ({
  name: `refused: ${name}`,
  act: (api) => callerOf(api, bearer),
  code: 'bearer_refused',
})

const refusedByAuthority = (error: string, number: number, code: string, more: object = {}): Behaviour => ({
  name: `the authority refuses: ${error} ${number}`,
  arrange: () => (tokenEndpoint = refuse(error, number, more)),
  act: acquire,
  code,
})

const behaviours: readonly Behaviour[] = [
  { name: 'accepted', act: (api) => callerOf(api) },
  ...[token, appToken].map((bearer, index) => ({
    name: `printed by a handler: ${index === 0 ? 'a person' : 'an application'}`,
    act: async (api: WebApi) => {
      const caller = await callerOf(api, bearer)
      const { principal, account } = caller
      expect(principal.claims['name']).toBe(person.name) // for who asks for it by name
      expect(JSON.stringify(principal)).toContain(principal.objectId)
      const copies = [caller, principal, account, { ...principal }, structuredClone(principal), [{ caller }]]
      for (const copy of copies) tell('handler', copy)
    },
  })),
  { name: 'accepted again, as remembered', act: async (api) => [await callerOf(api), await callerOf(api)] },
  refused('another audience', signToken({ claims: userClaims({ ...person, aud: person.upn }), signer })),
  refused('expired', signToken({ claims: userClaims({ ...person, exp: nowSeconds - 4_000 }), signer })),
  refused('an issuer that is a person', signToken({ claims: userClaims({ ...person, iss: token }), signer })),
  refused('a signature of nobody', tampered),
  {
    name: 'refused: a scope that is missing',
    act: (api) => callerOf(api, token, { scopes: ['Other.Scope'] }),
    code: 'bearer_refused',
  },
  {
    name: 'refused: by a check of one’s own',
    act: (api) => callerOf(api, token, { check: () => false }),
    code: 'bearer_refused',
  },
  refused('no token at all', `${person.upn}-${secret}`),
  refused('a payload that is none', `${token}.${token}`),
  { name: 'on behalf of', act: acquire },
  { name: 'from the shared store', act: async (api) => [await acquire(api), await acquire(createApi())] },
  refusedByAuthority('interaction_required', 50076, 'interaction_required', { claims }),
  refusedByAuthority('invalid_grant', 65001, 'interaction_required', { suberror: 'consent_required' }),
  refusedByAuthority('invalid_grant', 50013, 'interaction_required'),
  refusedByAuthority('invalid_client', 7000215, 'token_request_refused'),
  refusedByAuthority('unauthorized_client', 700016, 'token_request_refused'),
  refusedByAuthority('brand_new', 1234567, 'token_request_refused'),
  refusedByAuthority(secret, 1234567, 'authority_unavailable'),
  {
    name: 'an outage with a page',
    arrange: () => (tokenEndpoint = () => Promise.resolve(new Response(echo, { status: 503 }))),
    act: acquire,
    code: 'authority_unavailable',
  },
  {
    name: 'a network whose errors hold the request',
    arrange: () => (tokenEndpoint = throwItsRequest),
    act: acquire,
    code: 'authority_unavailable',
  },
  { name: 'a store that fails', arrange: () => (storeFails = true), act: acquire },
  { name: 'a call', act: call },
  {
    name: 'an API that fails',
    arrange: () =>
      (todo = () => Promise.resolve(new Response(echo, { status: 500, statusText: 'for Ottoline' }))),
    act: call,
    code: 'downstream_failed',
  },
  {
    name: 'an API that fails with headers',
    arrange: () =>
      (todo = () =>
        Promise.resolve(
          new Response('', {
            status: 403,
            headers: { 'request-id': person.upn, 'client-request-id': token },
          }),
        )),
    act: call,
    code: 'downstream_failed',
  },
  {
    name: 'an API that answers with something else',
    arrange: () => (todo = () => Promise.resolve(new Response(echo))),
    act: call,
    code: 'downstream_failed',
  },
  {
    name: 'an API that cannot be reached',
    arrange: () => (todo = throwItsRequest),
    act: call,
    code: 'downstream_failed',
  },
  {
    name: 'an API that challenges',
    arrange: () =>
      (todo = () =>
        Promise.resolve(
          new Response(echo, {
            status: 401,
            headers: {
              'www-authenticate': `Bearer realm="${person.samaccountname}", error="insufficient_claims", claims="${btoa(claims)}"`,
            },
          }),
        )),
    act: async (api) => {
      const answered = await (await callerOf(api)).downstream('todo').get('todos')
      return answered.status
    },
    code: 'interaction_required',
  },
  {
    name: 'an error of one’s own, relayed',
    act: async (api) => {
      const caller = await callerOf(api)
      tokenEndpoint = refuse('invalid_grant', 50076, { claims })
      const error: unknown = await caller.acquireToken(scopes).catch((thrown: unknown) => thrown)
      throw caller.relayed(error)
    },
    code: 'interaction_required',
  },
  {
    name: 'an argument that is a person',
    act: async (api) => (await callerOf(api)).acquireToken({ scopes: [`${person.name}"`] }),
    code: 'acquisition_impossible',
  },
  { name: 'an application that calls', act: (api) => callerOf(api, appToken) },
  {
    name: 'an application that cannot act on behalf of',
    act: async (api) => (await callerOf(api, appToken)).acquireToken(scopes),
    code: 'acquisition_impossible',
  },
  {
    name: 'a token of the application',
    act: (api) => api.acquireTokenForClient({ scopes: ['api://todo/.default'] }),
  },
  {
    name: 'no token of the application',
    arrange: () => (tokenEndpoint = refuse('invalid_client', 7000222)),
    act: (api) => api.acquireTokenForClient({ scopes: ['api://todo/.default'] }),
    code: 'token_request_refused',
  },
  {
    name: 'long-running work',
    act: async (api) => {
      const key = await api.longRunning.start(await callerOf(api), scopes)
      clock.advanceSeconds(4_000)
      await api.longRunning.acquire(key)
      await api.longRunning.stop(key)
    },
  },
  {
    name: 'long-running work that ends',
    act: async (api) => {
      const key = await api.longRunning.start(await callerOf(api), scopes)
      clock.advanceSeconds(4_000)
      tokenEndpoint = refuse('invalid_grant', 70043)
      await api.longRunning.acquire(key)
    },
    code: 'interaction_required',
  },
  {
    name: 'forgetting',
    act: async (api) => {
      const { account } = await callerOf(api)
      await api.forget(account!)
    },
  },
]

describe('nothing that is told names a person or gives a credential away', () => {
  it.each(behaviours)('$name', async ({ arrange, act, code }) => {
    arrange?.()
    const error = await recorder
      .request(() => act(createApi()))
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
    expect(isMidtierError(error) ? error.code : error).toBe(code)
    if (error instanceof Error) {
      told.push(`error: ${printed(error)}`, `text: ${String(error)}`)
      tell('answer', answer(error))
    }
    expect(told.length).toBeGreaterThan(1)
    expect(recorder.spans().some(({ name }) => name.startsWith('midtier.'))).toBe(true)
    told.push(`spans and metrics: ${await recorder.everything()}`)
    expect(told.flatMap((text) => foundIn(text).map((needle) => `${needle} in ${text}`))).toEqual([])
  })

  it('would be found', () => {
    for (const needle of needles)
      for (const text of spellings(needle)) expect(foundIn(`x${text}y`), text).toContain(needle)
    tell('event', { deep: { deeper: { name: person.family_name } } })
    expect(foundIn(told.join())).toContain(person.family_name)
  })
})
