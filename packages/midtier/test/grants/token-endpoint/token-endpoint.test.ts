import { readFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { buildClientCredentials } from '../../../src/grants/client-credentials.ts'
import type { Grant } from '../../../src/grants/grant.ts'
import { buildOnBehalfOf } from '../../../src/grants/on-behalf-of.ts'
import { buildRefreshToken } from '../../../src/grants/refresh-token.ts'
import {
  clientVersion,
  requestToken,
  type TokenEndpoint,
} from '../../../src/grants/token-endpoint/token-endpoint.ts'
import type { TokenResponse } from '../../../src/grants/token-endpoint/token-response.ts'
import type { ClientCredential } from '../../../src/client-auth/client-credential.ts'
import { clientSecret } from '../../../src/client-auth/secret.ts'
import {
  AuthorityUnavailableError,
  InteractionRequiredError,
  TokenRequestError,
} from '../../../src/kernel/errors/errors.ts'
import { createCallContext, type ObservedEvent } from '../../../src/kernel/observer.ts'
import { Redacted } from '../../../src/kernel/redacted.ts'
import {
  type Answer,
  createStubAuthority,
  granted,
  html,
  inTurn,
  json,
  policyClaims,
  recorded,
  refused,
  throttled,
} from '../stub-authority.ts'

const scopes = ['api://todolist/Todos.Read']
const onBehalfOf = buildOnBehalfOf({ assertion: new Redacted('the-assertion'), scopes })
const clientCredentials = buildClientCredentials(['api://todolist/.default'])
const secret = 'the~secret+with/odd=signs'

function createExchange(answer: Answer, overrides: Partial<TokenEndpoint> = {}) {
  const authority = createStubAuthority(answer)
  const events: ObservedEvent[] = []
  const endpoint: TokenEndpoint = {
    clientId: 'client-id',
    clientCredential: clientSecret(secret),
    clientAuthentication: 'client_secret_post',
    clientCapabilities: ['cp1'],
    tokenEndpoint: (tenant) => `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    timeoutMs: 1000,
    maxResponseBytes: 65_536,
    fetch: authority.fetch,
    clock: { nowMs: () => Date.parse('2026-08-13T21:24:29Z') },
    ...overrides,
  }
  const context = createCallContext(
    (event) => events.push(event),
    () => 0,
    undefined,
  )
  const request = (grant: Grant = onBehalfOf, claims?: string): Promise<TokenResponse> =>
    requestToken(endpoint, grant, {
      tenantId: 'tenant-id',
      accountId: 'o-1.t-1',
      agentId: undefined,
      claims,
      context,
    })
  return { authority, events, request }
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(Error)
  return failure as Error
}

async function refusalOf(work: Promise<unknown>): Promise<TokenRequestError> {
  const failure = await failureOf(work)
  if (failure instanceof TokenRequestError) return failure
  throw failure
}

describe('the token request', () => {
  it('is the on-behalf-of exchange of Entra', async () => {
    const { authority, request } = createExchange(granted())
    await request()
    const { url, headers, body } = authority.requests[0]!
    expect(url).toBe('https://login.microsoftonline.com/tenant-id/oauth2/v2.0/token')
    expect(Object.fromEntries(body)).toEqual({
      client_id: 'client-id',
      client_secret: secret,
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: 'the-assertion',
      scope: 'api://todolist/Todos.Read openid profile',
      claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}',
    })
    expect(headers.get('content-type')).toMatch('application/x-www-form-urlencoded')
  })

  it('says who asks and asks for the request id back', async () => {
    const { authority, request } = createExchange(granted())
    const { correlationId } = await request()
    const { headers } = authority.requests[0]!
    expect(headers.get('client-request-id')).toBe(correlationId)
    expect(headers.get('return-client-request-id')).toBe('true')
    expect(headers.get('x-client-sku')).toBe('midtier')
    expect(headers.get('x-ms-lib-capability')).toBe('retry-after, h429')
    expect(headers.get('x-anchormailbox')).toBe('Oid:o-1@t-1')
    const manifest = JSON.parse(
      await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as {
      version: string
    }
    expect([headers.get('x-client-ver'), clientVersion]).toEqual([manifest.version, manifest.version])
  })

  it("asks for an app-only token without a user's scopes", async () => {
    const { authority, request } = createExchange(granted())
    expect((await request(clientCredentials)).scopes).toEqual(['api://todolist/.default'])
    expect(authority.requests[0]?.body.get('scope')).toBe('api://todolist/.default')
    expect(authority.requests[0]?.body.get('grant_type')).toBe('client_credentials')
  })

  it('asks for a refresh token only where one is wanted', async () => {
    const { authority, request } = createExchange(granted())
    await request(
      buildOnBehalfOf({ assertion: new Redacted('the-assertion'), scopes, wantsRefreshToken: true }),
    )
    await request(buildRefreshToken(new Redacted('the-refresh-token'), scopes))
    for (const { body } of authority.requests)
      expect(body.get('scope')).toBe('api://todolist/Todos.Read openid profile offline_access')
    expect(authority.requests[1]?.body.get('refresh_token')).toBe('the-refresh-token')
  })
})

describe('a token answer', () => {
  it('is read with its numbers as v2 and as v1 write them', async () => {
    const { request } = createExchange(
      inTurn(granted({ refresh_in: 1800 }), granted({ expires_in: '3599', refresh_in: '1800' })),
    )
    expect(await request()).toMatchObject({ expiresInSeconds: 3600, refreshInSeconds: 1800, scopes })
    expect(await request()).toMatchObject({ expiresInSeconds: 3599, refreshInSeconds: 1800 })
  })

  it('says what was granted rather than what was asked for', async () => {
    const { request } = createExchange(
      granted({ scope: 'api://todolist/Todos.Read api://todolist/Todos.Write' }),
    )
    expect((await request()).scopes).toEqual(['api://todolist/Todos.Read', 'api://todolist/Todos.Write'])
  })

  it.each([
    ['no lifetime', { expires_in: undefined }],
    ['a lifetime that is no number', { expires_in: 'soon' }],
    ['no token', { access_token: undefined }],
    ['a token that would be two header lines', { access_token: 'a\r\nX-Admin: 1' }],
    ['a token of another type', { token_type: 'pop' }],
    ['no token type', { token_type: undefined }],
  ])('is an outage with %s', async (_name, members) => {
    await expect(createExchange(granted(members)).request()).rejects.toBeInstanceOf(AuthorityUnavailableError)
  })

  it('shows no token to who prints it', async () => {
    const { request } = createExchange(granted({ refresh_token: 'the-refresh-token' }))
    const token = await request()
    expect(`${inspect(token, { depth: 9, showHidden: true })}${JSON.stringify(token)}`).not.toMatch(
      /token-1|the-refresh-token/,
    )
  })
})

describe('a refusal', () => {
  it.each([
    ['65001 consent_required', recorded.consentMissing, 'consent_required'],
    ['50076 basic_action with claims', recorded.mfaDemanded, 'claims_required'],
    ['50076 in the shape of v1', recorded.mfaDemandedV1, 'claims_required'],
    ['53003 message_only, claims or not', recorded.blockedByPolicy, 'blocked'],
    ['50173 bad_token', recorded.sessionRevoked, 'sign_in_required'],
    ['70043 token_expired', recorded.signInTooOld, 'sign_in_required'],
    ['500133 expired assertion', recorded.assertionExpired, 'sign_in_required'],
    [
      '50013 signature of the assertion',
      refused(400, 'invalid_grant', 50013, 'Assertion failed signature validation.'),
      'sign_in_required',
    ],
    ['a number of next year', refused(400, 'invalid_grant', 999999, 'Something new.'), 'sign_in_required'],
    [
      'basic_action without claims',
      refused(400, 'invalid_grant', 50079, 'Enrol.', { suberror: 'basic_action' }),
      'sign_in_required',
    ],
    ['50105 not assigned', refused(400, 'invalid_grant', 50105, 'Not assigned.'), 'blocked'],
  ])('%s needs the person', async (_name, answer, reason) => {
    const failure = await failureOf(createExchange(answer).request())
    expect(failure).toBeInstanceOf(InteractionRequiredError)
    expect(failure).toMatchObject({ reason, code: 'interaction_required' })
  })

  it.each([
    ['7000215 wrong secret', recorded.wrongSecret],
    ['500131 another audience', recorded.otherAudience],
    ['500011 unknown resource', recorded.unknownResource],
    ['client_mismatch', refused(400, 'invalid_grant', 700005, 'Mismatch.', { suberror: 'client_mismatch' })],
  ])('%s is ours to fix', async (_name, answer) => {
    const failure = await failureOf(createExchange(answer).request())
    expect(failure).toBeInstanceOf(TokenRequestError)
    expect(failure).not.toBeInstanceOf(InteractionRequiredError)
  })

  it('carries the facts that support asks for', async () => {
    const { authority, request } = createExchange(recorded.mfaDemanded)
    const failure = await refusalOf(request())
    expect(failure.facts).toMatchObject({
      error: 'invalid_grant',
      suberror: 'basic_action',
      errorNumbers: [50076],
      claims: policyClaims,
      correlationId: authority.requests[0]?.headers.get('client-request-id'),
      traceId: '3f1b2a5e-90c1-4c38-8d4b-5a2f6d7e9000',
      status: 400,
      scopes,
    })
    expect(failure.message).toMatch(
      /^The authority refused the on_behalf_of grant \(invalid_grant, basic_action\): AADSTS50076: Due to/,
    )
    expect(failure.message).not.toContain('Trace ID')
  })

  it.each([
    ['65004 by an interaction_required', refused(400, 'interaction_required', 65004, 'Declined.')],
    ['90094 by an invalid_grant', refused(400, 'invalid_grant', 90094, 'Admin consent.')],
  ])('%s is a missing consent', async (_name, answer) => {
    const failure = await failureOf(createExchange(answer).request())
    expect(failure).toMatchObject({ reason: 'consent_required' })
  })

  it('of a client that asks in a loop is not answered with another challenge', async () => {
    const failure = await failureOf(createExchange(refused(400, 'invalid_grant', 50196, 'Loop.')).request())
    expect(failure).toMatchObject({ reason: 'blocked' })
  })

  it('tells the owner what to do about it, by the number', async () => {
    const failure = await refusalOf(createExchange(recorded.wrongSecret).request())
    const remedy =
      'create a new client secret (App registrations, Certificates & secrets), and configure its value, not its id, as clientCredential'
    expect(failure.message).toMatch(/AADSTS7000215: Invalid client secret .* Remedy: /)
    expect(failure.message.endsWith(` Remedy: ${remedy}`)).toBe(true)
    expect(failure.toJSON()).toMatchObject({ remedy, errorNumbers: [7000215], error: 'invalid_client' })
  })

  it('has no remedy for a number of next year', async () => {
    const failure = await refusalOf(createExchange(refused(400, 'invalid_grant', 999999, 'New.')).request())
    expect(failure.message).not.toContain('Remedy')
    expect(failure.toJSON()).not.toHaveProperty('remedy')
  })

  it('has its claims written anew, with the members of a claims request alone', async () => {
    const claims = '{ "access_token": { "acrs": null }, "client_id": "evil" }'
    const { request } = createExchange(refused(400, 'invalid_grant', 50076, 'MFA.', { claims }))
    expect((await refusalOf(request())).facts.claims).toBe('{"access_token":{"acrs":null}}')
  })

  it('cannot hide a secret in its claims by spelling it in another way', async () => {
    const claims = '{"access_token":{"x":"\\u0074he-assertion"}}'
    const { request } = createExchange(refused(400, 'invalid_grant', 50076, 'MFA.', { claims }))
    expect((await refusalOf(request())).facts.claims).toBeUndefined()
  })

  it('passes on no claims that are not a claims request', async () => {
    const { request } = createExchange(
      refused(400, 'invalid_grant', 50076, 'MFA.', { claims: 'x", evil="1' }),
    )
    expect((await refusalOf(request())).facts.claims).toBeUndefined()
  })

  it('never repeats what was sent, however the authority echoes it', async () => {
    const echo: Answer = ({ body }) => {
      const all = `${body.get('client_secret') ?? ''} ${body.get('assertion') ?? ''} ${body.toString()}\r\nforged log line`
      return json(400, {
        error: 'invalid_grant',
        error_description: all,
        suberror: 'the-assertion',
        trace_id: 'the-assertion',
        claims: '{"access_token":{"x":"the-assertion"}}',
        error_codes: [1],
      })
    }
    const failure = await refusalOf(createExchange(echo).request())
    const printed = `${inspect(failure, { depth: 9, showHidden: true })}${JSON.stringify(failure)}${String(failure.stack)}`
    expect(printed).toContain('[redacted]')
    expect(printed).not.toMatch(/the-assertion|the~secret|the%7Esecret/)
    expect(failure.facts.errorDescription).not.toMatch(/[\r\n]/)
  })
})

describe('a secret that was sent', () => {
  it.each([
    ...['client_secret', 'client_assertion', 'assertion', 'refresh_token', 'subject_token'],
    ...['user_federated_identity_credential', 'a_proof_of_tomorrow'],
  ])('is taken out of what the authority says, however it is spelled: %s', async (name) => {
    const value = 'open sesame/ä'
    const echo: Answer = () =>
      json(400, {
        error: 'invalid_grant',
        error_description: `${value} ${encodeURIComponent(value)} ${new URLSearchParams({ x: value }).toString().slice(2)}`,
      })
    const credential: ClientCredential = {
      kind: 'secret',
      addTo: (parameters) => parameters.append(name, value),
    }
    const failure = await refusalOf(createExchange(echo, { clientCredential: credential }).request())
    expect(failure.facts.errorDescription).toBe('[redacted] [redacted] [redacted]')
  })

  it('is whatever a grant holds as one, under any name', async () => {
    const echo: Answer = () =>
      json(400, { error: 'invalid_grant', error_description: 'open sesame, plain words' })
    const parameters = { ticket: new Redacted('open sesame'), hint: 'plain words' }
    const failure = await refusalOf(createExchange(echo).request({ ...onBehalfOf, parameters }))
    expect(failure.facts.errorDescription).toBe('[redacted], plain words')
  })

  it('is the credentials of the Authorization header, too', async () => {
    let sent = ''
    const echo: Answer = ({ headers }) => {
      sent = headers.get('authorization') ?? ''
      return json(400, { error: 'invalid_grant', error_description: `not understood: ${sent}` })
    }
    const overrides = { clientAuthentication: 'client_secret_basic' } as const
    const failure = await refusalOf(createExchange(echo, overrides).request())
    expect(sent).toMatch(/^Basic \S{20,}$/)
    expect(failure.facts.errorDescription).toBe('not understood: Basic [redacted]')
  })

  it('is taken out whole where another one begins it', async () => {
    const echo: Answer = () => json(400, { error: 'invalid_grant', error_description: 'open sesame seed' })
    const parameters = { first: new Redacted('open'), second: new Redacted('open sesame seed') }
    const failure = await refusalOf(createExchange(echo).request({ ...onBehalfOf, parameters }))
    expect(failure.facts.errorDescription).toBe('[redacted]')
  })

  it('is nothing that anybody may read: the client, its claims, the type of its proof', async () => {
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const credential: ClientCredential = {
      kind: 'assertion',
      addTo: (parameters) => parameters.append('client_assertion_type', type),
    }
    const echo: Answer = ({ body }) =>
      json(400, {
        error: 'invalid_grant',
        error_description: `client-id ${body.get('claims') ?? ''} ${type}`,
      })
    const failure = await refusalOf(createExchange(echo, { clientCredential: credential }).request())
    expect(failure.facts.errorDescription).toMatch(/^client-id \{.*"cp1".*\} urn:ietf:\S+:jwt-bearer$/)
  })
})

describe('an outage', () => {
  it.each([
    ['429 with Retry-After', throttled('17'), 17],
    ['429 without', throttled(), 60],
    ['429 with an absurd Retry-After', throttled('999999'), 3600],
    [
      '503 with a date, by the clock of the authority',
      html(503, { date: 'Tue, 01 Jan 2030 00:00:00 GMT', 'retry-after': 'Tue, 01 Jan 2030 00:00:20 GMT' }),
      20,
    ],
    ['503 with HTML', html(503), 5],
    ['503 with a date', html(503, { 'retry-after': 'Thu, 13 Aug 2026 21:25:29 GMT' }), 60],
    ['503 with an error of Entra', recorded.overloaded, 5],
    ['408', html(408), 5],
    ['a 400 that says temporarily_unavailable', refused(400, 'temporarily_unavailable', 90033, 'Later.'), 5],
    ["a proxy's page", html(403), 5],
    ['a 400 without an error', () => json(400, { message: 'no' }), 5],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      5,
    ],
    ['an endless answer', () => new Response('x'.repeat(70_000)), 5],
    ['truncated JSON', () => new Response('{"token_type":"Bearer","access_tok'), 5],
    [
      'silence',
      () =>
        Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
        ),
      5,
    ],
  ])('is what %s is, for everybody', async (_name, answer, retryAfterSeconds) => {
    const failure = await failureOf(createExchange(answer).request())
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(failure).toMatchObject({ retryAfterSeconds })
  })

  it.each([
    [404, 'address_not_found'],
    [403, 'unavailable'],
    [405, 'unavailable'],
    [500, 'unavailable'],
  ])('of the status %i has the reason %s', async (status, reason) => {
    const failure = await failureOf(createExchange(html(status)).request())
    expect(failure).toMatchObject({ code: 'authority_unavailable', reason })
  })

  it.each([408, 429, 500, 502, 503, 504, 599])(
    'is what a status of %i says, though the body has a refusal: nobody is sent to sign in for it',
    async (status) => {
      const refusal = refused(status, 'invalid_grant', 50173, 'Signed out.', { suberror: 'bad_token' })
      expect(await failureOf(createExchange(refusal).request())).toBeInstanceOf(AuthorityUnavailableError)
    },
  )

  it.each([400, 401, 403])('is not what a refusal with a status of %i says', async (status) => {
    const refusal = refused(status, 'invalid_grant', 50173, 'Signed out.', { suberror: 'bad_token' })
    expect(await failureOf(createExchange(refusal).request())).toBeInstanceOf(InteractionRequiredError)
  })

  it('names the code of the network and nothing else of its error', async () => {
    const leaky = (): Promise<Response> =>
      Promise.reject(
        Object.assign(new Error('the-assertion'), { code: 'ECONNRESET', config: { body: 'the-assertion' } }),
      )
    const { events, request } = createExchange(leaky)
    const failure = await failureOf(request())
    expect(failure.message).toBe('login.microsoftonline.com could not be reached (ECONNRESET)')
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('the-assertion')
    expect(events).toMatchObject([
      { type: 'token_requested', status: undefined, error: 'authority_unavailable' },
    ])
  })

  it('ends a wait at the time limit', async () => {
    const { request } = createExchange(granted(), {
      timeoutMs: 5,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) =>
          init.signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    })
    await expect(request()).rejects.toThrow('did not answer within 5 ms')
  })
})

describe('a rejected credential', () => {
  const rotating = (others: number) => {
    let left = others
    let current = 'old'
    return {
      kind: 'secret',
      addTo: (parameters: URLSearchParams) => parameters.set('client_secret', current),
      rejected: () => {
        left -= 1
        current = 'new'
        return left >= 0
      },
    }
  }

  it('is replaced once, when another is at hand', async () => {
    const answer: Answer = (seen) =>
      seen.body.get('client_secret') === 'new' ? granted()(seen) : recorded.wrongSecret(seen)
    const { authority, request } = createExchange(answer, { clientCredential: rotating(1) })
    expect((await request()).accessToken.reveal()).toBe('token-1')
    expect(authority.requests).toHaveLength(2)
  })

  it('is not tried a third time', async () => {
    const { authority, request } = createExchange(recorded.wrongSecret, { clientCredential: rotating(9) })
    await expect(request()).rejects.toBeInstanceOf(TokenRequestError)
    expect(authority.requests).toHaveLength(2)
  })

  it('is not replaced when none is left', async () => {
    const { authority, request } = createExchange(recorded.wrongSecret, { clientCredential: rotating(0) })
    await expect(request()).rejects.toMatchObject({ facts: { errorNumbers: [7000215] } })
    expect(authority.requests).toHaveLength(1)
  })
})

describe('an exchange that is followed', () => {
  it('is one piece of work, and its event says how long it took', async () => {
    let ms = 1_000
    const followed: string[] = []
    const clock = { nowMs: () => ms }
    const slowly: Answer = (...given) => {
      ms += 250
      return granted()(...given)
    }
    const { events, request } = createExchange(slowly, {
      clock,
      within: (span, work) => {
        followed.push(span)
        return work()
      },
    })
    const { accessToken } = await request()
    expect(accessToken.reveal()).not.toBe('')
    expect(followed).toEqual(['exchange'])
    expect(events).toEqual([
      {
        type: 'token_requested',
        grant: 'on_behalf_of',
        agentId: undefined,
        tenantId: 'tenant-id',
        scopes,
        status: 200,
        error: undefined,
        errorNumbers: [],
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        durationMs: 250,
        atMs: 0,
        traceId: undefined,
      },
    ])
  })

  it('is told of nobody where nobody listens, and named an outage where no answer came', async () => {
    const { events, request } = createExchange(html(503))
    await expect(request()).rejects.toMatchObject({ code: 'authority_unavailable' })
    expect(events).toMatchObject([{ status: 503, error: 'authority_unavailable', errorNumbers: [] }])
    const silent = createExchange(() => Promise.reject(new TypeError('fetch failed')))
    await expect(silent.request()).rejects.toMatchObject({ code: 'authority_unavailable' })
    expect(silent.events).toMatchObject([{ status: undefined, error: 'authority_unavailable' }])
  })
})
