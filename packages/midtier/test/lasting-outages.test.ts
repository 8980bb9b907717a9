// A permanent mistake does not look like an outage: it is told as what it is, with its remedy, by `warmUp`, the event, the health and the log.
import { createEmulator } from '@midtier/emulator'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  answer,
  clientSecret,
  createWebApi,
  isMidtierError,
  type Fetch,
  type Logger,
  type ObservedEvent,
  type WebApi,
  type WebApiOptions,
} from '../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  serveEntra,
  type MovableClock,
} from './authority/fake-authority.ts'
import { clientId, createSigner, signToken, tenantId, userClaims } from './jwt/token-builder.ts'

const signer = createSigner('entra-key')
const host = 'https://login.microsoftonline.com'
const issuer = `${host}/${tenantId}/v2.0`
const keysUrl = `${host}/${tenantId}/discovery/v2.0/keys`

let clock: MovableClock
let events: ObservedEvent[]
let lines: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[]
let logger: Logger

beforeEach(() => {
  clock = createClock()
  events = []
  lines = []
  logger = {
    error: (fields, message) => void lines.push({ level: 'error', fields, message }),
    warn: (fields, message) => void lines.push({ level: 'warn', fields, message }),
  }
})

function createApi(fetch: Fetch | undefined, options: Partial<WebApiOptions> = {}): WebApi {
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret('s3cret'),
    resilience: { maxRetries: 0 },
    ...(fetch === undefined ? {} : { fetch }),
    clock,
    logger,
    observer: (event) => void events.push(event),
    ...options,
  })
}

/** A tenant has two issuers, v2.0 and v1.0, and each has keys and lines of its own. */
const linesOfIssuer = (): typeof lines => lines.filter(({ fields }) => fields['authority'] === issuer)

interface Told {
  readonly message: string
  readonly reason?: string
  readonly remedy?: string
}

async function failureOf(work: Promise<unknown>): Promise<Told> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isMidtierError(error)) throw new Error('it did not fail as it should', { cause: error })
  return error as Told
}

/** As Node's http client and `fetch` fail: with the code at the end of the causes. */
const failing =
  (code: string): Fetch =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('inside'), { code }) }))

const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): Fetch =>
  () =>
    Promise.resolve(new Response(JSON.stringify(body), { status, headers }))

const tenantError = (error: string, codes: unknown): unknown => ({
  error,
  error_description: "AADSTS90002: Tenant 'alice@contoso.com' not found.",
  error_codes: codes,
})

const genuine = { issuer, jwks_uri: keysUrl, cloud_instance_name: 'microsoftonline.com' }

interface Case {
  readonly name: string
  readonly fetch: Fetch
  readonly reason: string
  /** In the message. */
  readonly says: RegExp
  readonly remedy: RegExp
}

const untrusted: readonly (readonly [string, RegExp])[] = [
  ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_GET_ISSUER_CERT', /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', /clock/],
  ['CERT_NOT_YET_VALID', /clock/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
]

const cases: readonly Case[] = [
  ...untrusted.map(([code, remedy]) => ({
    name: `a certificate that is not trusted: ${code}`,
    fetch: failing(code),
    reason: 'tls_untrusted',
    says: new RegExp(`login\\.microsoftonline\\.com.*\\(${code}\\)`),
    remedy,
  })),
  {
    name: 'a host that does not exist',
    fetch: failing('ENOTFOUND'),
    reason: 'host_not_found',
    says: /login\.microsoftonline\.com.*\(ENOTFOUND\)/,
    remedy: /instance/,
  },
  ...(
    [
      ['invalid_tenant', [90002]],
      ['invalid_tenant', undefined],
      ['invalid_request', [90002]],
      ['invalid_request', [90013]],
      ['invalid_request', [900023]],
    ] as const
  ).map(([error, codes]) => ({
    name: `a tenant that does not exist: ${error} ${codes?.join() ?? ''}`,
    fetch: answering(400, tenantError(error, codes)),
    reason: 'tenant_not_found',
    says: new RegExp(`status 400 \\(${error}${codes === undefined ? '' : `, AADSTS${codes.join()}`}\\)`),
    remedy: /tenantId/,
  })),
  {
    name: 'an address at which there is nothing',
    fetch: answering(404, {}),
    reason: 'address_not_found',
    says: /status 404/,
    remedy: /instance/,
  },
  {
    name: 'metadata of another issuer',
    fetch: answering(200, { ...genuine, issuer: 'https://sts.contoso.com/other' }),
    reason: 'issuer_mismatch',
    says: new RegExp(`'https://sts.contoso.com/other'.*'${issuer}'`),
    remedy: /instance/,
  },
  {
    name: 'keys on another origin',
    fetch: answering(200, { ...genuine, jwks_uri: 'https://keys.example/jwks?code=1' }),
    reason: 'issuer_mismatch',
    says: /'https:\/\/keys\.example'.*login\.microsoftonline\.com/,
    remedy: /origin/,
  },
]

describe('keys that no waiting brings', () => {
  it.each(cases)('$name', async ({ fetch, reason, says, remedy }) => {
    const api = createApi(fetch)
    const error = await failureOf(api.warmUp())
    expect(error).toMatchObject({
      code: 'authority_unavailable',
      reason,
      message: expect.stringMatching(says),
      remedy: expect.stringMatching(remedy),
    })
    expect(
      events.filter((event) => event.type === 'keys_failed' && event.authority === issuer),
    ).toMatchObject([{ reason, message: expect.stringMatching(says), remedy: expect.stringMatching(remedy) }])
    expect(api.health().issuers[0]).toMatchObject({ lastFailureReason: reason })
    for (let again = 0; again < 3; again += 1) {
      await failureOf(api.warmUp()) // in the cool-down: the same is told without asking
      clock.advanceSeconds(60)
      expect(await failureOf(api.warmUp())).toMatchObject({ reason, remedy: error.remedy })
    }
    expect(linesOfIssuer()).toMatchObject([
      {
        level: 'error',
        fields: { reason, remedy: error.remedy },
        message: expect.stringMatching(/Remedy: /),
      },
    ])
    const answered = answer(error)
    expect(answered).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } })
    expect(answered?.body).not.toMatch(/remedy|CERT|ENOTFOUND|contoso|keys\.example|tenantId/i)
    expect(JSON.stringify([lines, events, error])).not.toMatch(/alice/)
  })

  it.each([
    ['a connection that is refused', failing('ECONNREFUSED')],
    ['a name server that does not answer', failing('EAI_AGAIN')],
    ['a status of an outage', answering(503, {})],
    ['another refusal', answering(400, { error: 'invalid_request', error_codes: [900144] })],
    ['a page that stands in for the authority', answering(200, { welcome: 'sign in to the network' })],
  ])('are told from an outage: %s', async (_name, fetch) => {
    expect(await failureOf(createApi(fetch).warmUp())).toMatchObject({
      reason: 'unavailable',
      remedy: undefined,
    })
  })

  it('are told anew when it is another mistake, and the end of it as well', async () => {
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    let fetch = failing('ECONNREFUSED')
    const api = createApi((...request) => fetch(...request))
    await failureOf(api.warmUp())
    fetch = failing('CERT_HAS_EXPIRED')
    clock.advanceSeconds(60)
    await failureOf(api.warmUp())
    fetch = authority.fetch
    clock.advanceSeconds(60)
    await api.warmUp()
    expect(linesOfIssuer().map(({ level, fields }) => [level, fields['reason']])).toEqual([
      ['error', 'unavailable'],
      ['error', 'tls_untrusted'],
      ['warn', undefined],
    ])
  })

  it.each([
    ['long', `https://evil.example/${'x'.repeat(5_000)}`],
    ['several lines', 'https://evil.example/\n{"level":"error"}\u001b[2J\u202e'],
    ['a token', 'https://evil.example/eyJ0eXAiOiJKV1QifQ.eyJvaWQiOiJhIn0.c2lnbmF0dXJl'],
    ['a person', 'https://evil.example/alice@contoso.com'],
  ])('name the issuer of the metadata, which is somebody else’s text: %s', async (_name, named) => {
    const error = await failureOf(createApi(answering(200, { ...genuine, issuer: named })).warmUp())
    expect(error.message).toContain("another issuer: 'https:")
    expect(error.message.length).toBeLessThan(500)
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(error.message).not.toMatch(/[\x00-\x1f\x7f\u202e]|eyJ|alice/)
  })

  it('of an issuer with several documents are those of the document that failed', async () => {
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    const policies = ['a', 'b'].map((name) => `https://id.example/${name}/openid-configuration`)
    authority.serve(policies[0]!, { issuer: 'https://id.example', jwks_uri: 'https://id.example/keys' })
    authority.serve('https://id.example/keys', { keys: [signer.jwk()] })
    const api = createApi(
      (url, init) =>
        String(url) === policies[1] ? failing('ENOTFOUND')(url, init) : authority.fetch(url, init),
      {
        additionalRegistrations: policies.map((url) => ({
          issuer: 'https://id.example',
          metadataUrl: url,
          audience: clientId,
        })),
      },
    )
    await failureOf(api.warmUp())
    expect(api.health().issuers.at(-1)).toMatchObject({
      lastFailure: expect.stringContaining('ENOTFOUND'),
      lastFailureReason: 'host_not_found',
    })
  })
})

describe('with a real authority', () => {
  it('a tenant that it does not know', async () => {
    const emulator = await createEmulator()
    try {
      const api = createApi(undefined, {
        instance: emulator.origin,
        tenantId: '99999999-9999-4999-8999-999999999999',
      })
      expect(await failureOf(api.warmUp())).toMatchObject({
        reason: 'tenant_not_found',
        message: expect.stringContaining('AADSTS90002'),
      })
    } finally {
      await emulator.stop()
    }
  })

  it('a certificate that this process does not trust, for keys and for tokens', async () => {
    const emulator = await createEmulator({ httpsPort: 0 })
    try {
      const api = createApi(undefined, { instance: emulator.httpsOrigin! })
      const untrustedHere = {
        reason: 'tls_untrusted',
        message: expect.stringMatching(/\((?:UNABLE|SELF|DEPTH)[A-Z_]+\)/),
        remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      }
      expect(await failureOf(api.warmUp())).toMatchObject(untrustedHere)
      expect(await failureOf(forClient(api))).toMatchObject(untrustedHere)
    } finally {
      await emulator.stop()
    }
  })
})

function forClient(api: WebApi): Promise<unknown> {
  return api.acquireTokenForClient({ scopes: ['api://todo/.default'] })
}

describe('a token endpoint that no waiting brings back', () => {
  it.each([
    ...untrusted.map(([code, remedy]) => [code, failing(code), 'tls_untrusted', remedy] as const),
    ['ENOTFOUND', failing('ENOTFOUND'), 'host_not_found', /instance/] as const,
    ['404 with a page', answering(404, '<html>'), 'address_not_found', /instance/] as const,
    ['404 with nothing that it says', answering(404, {}), 'address_not_found', /instance/] as const,
  ])('%s', async (_name, fetch, reason, remedy) => {
    const api = createApi(fetch)
    // The more often it is asked the sooner it is left alone: the reason stays what it was.
    for (let turn = 0; turn < 12; turn += 1) {
      const error = await failureOf(forClient(api))
      expect(error).toMatchObject({
        code: 'authority_unavailable',
        reason,
        remedy: expect.stringMatching(remedy),
      })
      expect(answer(error)?.status).toBe(503)
    }
    expect(lines[0]).toMatchObject({
      level: 'error',
      fields: { status: 503, reason, remedy: expect.stringMatching(remedy) },
    })
    expect(events.find(({ type }) => type === 'acquisition_failed')).toMatchObject({
      reason,
      remedy: expect.stringMatching(remedy),
    })
  })

  it('is an outage again when that is what it is', async () => {
    let fetch = failing('ENOTFOUND')
    const api = createApi((...request) => fetch(...request))
    await failureOf(forClient(api))
    fetch = answering(503, {})
    for (let turn = 0; turn < 12; turn += 1)
      expect(await failureOf(forClient(api))).toMatchObject({ reason: 'unavailable', remedy: undefined })
  })

  it('that refuses with 404 has refused', async () => {
    const refusing = answering(404, { error: 'invalid_client', error_codes: [7000215] })
    expect(await failureOf(forClient(createApi(refusing)))).toMatchObject({ code: 'token_request_refused' })
  })

  it('that knows no such tenant is ours to mend', async () => {
    const refusing = answering(400, { error: 'invalid_tenant' })
    const error = await failureOf(forClient(createApi(refusing)))
    expect(error).toMatchObject({ code: 'token_request_refused', reason: 'misconfigured' })
    expect(answer(error)?.status).toBe(500)
  })

  it('is an error while old tokens still serve', async () => {
    let fetch = answering(200, {
      token_type: 'Bearer',
      access_token: 'a',
      expires_in: 7_200,
      refresh_in: 600,
    })
    const api = createApi((...request) => fetch(...request))
    await forClient(api)
    fetch = failing('CERT_HAS_EXPIRED')
    clock.advanceSeconds(3_700)
    await forClient(api)
    await expect.poll(() => lines.length).toBe(1)
    expect(lines[0]).toMatchObject({
      level: 'error',
      fields: {
        code: 'authority_unavailable',
        reason: 'tls_untrusted',
        remedy: expect.stringMatching(/clock/),
      },
    })
  })
})

describe('a token endpoint that has to be found first', () => {
  const own = 'https://id.example'
  const openIdApi = (fetch: Fetch): WebApi =>
    createWebApi({
      authority: { issuer: own },
      clientId: 'middle-tier',
      audience: 'https://api.example',
      clientCredential: clientSecret('s3cret'),
      resilience: { maxRetries: 0 },
      fetch,
      clock,
      logger,
      observer: (event) => void events.push(event),
    })

  it.each([
    ['ENOTFOUND', failing('ENOTFOUND'), 'host_not_found', /ENOTFOUND/],
    ['404', answering(404, {}), 'address_not_found', /404/],
    [
      'another issuer',
      answering(200, { issuer: 'https://other.example', token_endpoint: `${own}/token` }),
      'issuer_mismatch',
      /'https:\/\/other\.example'.*'https:\/\/id\.example'/,
    ],
  ])('%s, told in the cool-down as well', async (_name, fetch, reason, says) => {
    const api = openIdApi(fetch)
    for (let turn = 0; turn < 3; turn += 1)
      expect(
        await failureOf(api.acquireTokenForClient({ scopes: ['read'], audience: 'https://api2.example' })),
      ).toMatchObject({
        reason,
        message: expect.stringMatching(says),
        remedy: expect.stringMatching(/issuer/),
      })
  })
})

it('a caller is told nothing but to wait', async () => {
  const api = createApi(failing('SELF_SIGNED_CERT_IN_CHAIN'))
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${signToken({ claims: userClaims(), signer })}` : undefined
  const error = await failureOf(api.authenticate({ header, method: 'GET', url: '/' }))
  const { status, body } = answer(error) ?? {}
  expect(status).toBe(503)
  expect(body).not.toMatch(/SELF_SIGNED|CA_CERTS|login\.microsoft/)
  expect(lines.at(-1)).toMatchObject({ fields: { status: 503, reason: 'tls_untrusted' } })
})
