// What becomes of every kind of failure: the answer, what a tool says, what the observer and the log are told. Written down to be read.
import { describe, expect, it } from 'vitest'
import { renderErrors } from '../../src/adapters/mcp/tool-errors.ts'
import { answer } from '../../src/answer/answer.ts'
import { createExit } from '../../src/answer/outgoing-errors.ts'
import {
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  type BearerRefusal,
  type InteractionReason,
  type OutageOptions,
  type TokenErrorFacts,
  TokenRequestError,
  TokenStoreError,
} from '../../src/kernel/errors/errors.ts'
import type { ObserverEvent } from '../../src/kernel/observer.ts'
import type { WebApiOptions } from '../../src/options.ts'
import { noteRefused } from '../../src/protect/challenged-token.ts'
import type { Principal } from '../../src/protect/principal.ts'
import { resolveOptions } from '../../src/settings/settings.ts'
import { createClock } from '../authority/fake-authority.ts'
import { callerId, clientId, nowSeconds, tenantId, userClaims, userId } from '../jwt/token-builder.ts'
import { expectWritten } from '../written.ts'

const acrs = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
const nbf = '{"access_token":{"nbf":{"essential":true,"value":"1795348800"}}}'

const traceId = 'a'.repeat(32)

const facts = (more: Partial<TokenErrorFacts> = {}): TokenErrorFacts => ({
  error: 'invalid_grant',
  errorNumbers: [50076],
  status: 400,
  scopes: ['User.Read', 'Mail.Read'],
  ...more,
})
const supported = { suberror: 'basic_action', correlationId: 'correlation', traceId: 'trace-of-authority' }

const refuse = (refusal: Omit<BearerRefusal, 'description'>): BearerError =>
  new BearerError({ description: 'What is wrong.', ...refusal })
const wants = (reason: InteractionReason, more: Partial<TokenErrorFacts> = {}): InteractionRequiredError =>
  new InteractionRequiredError('The authority refused', reason, facts(more))
const down = (seconds: number, options: OutageOptions = {}): AuthorityUnavailableError =>
  new AuthorityUnavailableError('The token endpoint failed', seconds, options)
const failed = (status: number | undefined, more: object = {}): DownstreamError =>
  new DownstreamError('todo', `todo answered ${status ?? 'nothing'}`, status, 'secret body', more)

/** Made anew for each API: an error that has left is changed by that. */
const failures: Readonly<Record<string, () => Error>> = {
  'an option that is wrong': () => new ConfigurationError('clientId', 'is no GUID'),
  'no token': () => refuse({ status: 401, reason: 'token_missing' }),
  'a header that cannot be read': () =>
    refuse({ status: 400, error: 'invalid_request', reason: 'several_fields' }),
  'a token that is over': () =>
    refuse({ status: 401, error: 'invalid_token', reason: 'expired', expected: 'exp after 1', actual: '0' }),
  'a scope that is missing': () =>
    refuse({ status: 403, error: 'insufficient_scope', reason: 'scopes', scopes: ['Read', 'Other'] }),
  'a step-up': () =>
    noteRefused(
      refuse({ status: 401, error: 'insufficient_claims', reason: 'authentication_context', claims: acrs }),
      principalOf({}),
    ),
  'a second factor': () => wants('claims_required', { claims: acrs, ...supported }),
  'claims that are none': () => wants('claims_required', { claims: '{"redirect_uri":"x"}' }),
  'a second factor, for an API behind': () => wants('claims_required', { claims: acrs, origin: 'resource' }),
  'a new sign-in, for an API behind': () => wants('claims_required', { claims: nbf, origin: 'resource' }),
  'a consent': () => wants('consent_required', { errorNumbers: [65001] }),
  'a consent to nothing in particular': () => wants('consent_required', { scopes: [], errorNumbers: [] }),
  'a session that has ended': () => wants('sign_in_required'),
  'a policy': () => wants('blocked', { claims: acrs }),
  'nothing in the cache': () => wants('no_token_cached', { errorNumbers: [] }),
  'a wrong secret': () =>
    new TokenRequestError(
      'The authority refused',
      facts({ error: 'invalid_client', errorNumbers: [7000215], remedy: 'make a new one', ...supported }),
    ),
  'a registration that lacks something': () =>
    new TokenRequestError('The authority refused', facts({ error: 'unauthorized_client' })),
  'an error that nobody knows': () =>
    new TokenRequestError('The authority refused', facts({ error: 'slow_down' }), {
      reason: 'unknown_error',
    }),
  'an application that called': () => new AcquisitionError('app_only_caller', 'An application called'),
  'a caller of another registration': () => new AcquisitionError('other_registration', 'Another one'),
  'scopes of two APIs': () => new AcquisitionError('several_resources', 'Two of them'),
  'an authority that is down': () => down(5),
  'an authority that is down for a while': () => down(1.5, { retryAfterTold: true }),
  'an authority that is asked too often': () => down(60, { throttled: true }),
  'an authority that does not exist': () => down(5, { reason: 'host_not_found', remedy: 'check the host' }),
  'a store that is down': () => new TokenStoreError('get: broken pipe'),
  'an API that does not answer': () => failed(undefined),
  'an API that fails': () => failed(500, { requestId: 'request-1', clientRequestId: 'client-1' }),
  'an API that is down for a while': () => failed(503, { retryAfterSeconds: 1.5 }),
  'an API that has no such thing': () => failed(404),
  'an API that is asked too often': () => failed(429, { retryAfterSeconds: 7 }),
  'an API that is asked too often, without saying until when': () => failed(429),
  'an API whose gateway fails': () => failed(502),
  'an API that finds the token not good enough': () => failed(401, { retryAfterSeconds: 7 }),
}

interface Api {
  readonly options?: Partial<WebApiOptions>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly only?: RegExp
}

const ofPeople = /step-up|second factor|sign-in|consent|session|policy/
const apis: Readonly<Record<string, Api>> = {
  'an API': {},
  'an API for clients that understand challenges': { claims: { xms_cc: ['cp1'] }, only: ofPeople },
  'an API in the style of Microsoft-Identity-Web': {
    options: { challengeStyle: 'identity-web', consentRedirectUri: 'https://api.contoso.com/consented' },
    only: ofPeople,
  },
  'an API with metadata': {
    options: {
      resource: {
        identifier: 'https://api.contoso.com/todos',
        scopes: [`api://${clientId}/Read`, `api://${clientId}/Write`],
      },
    },
    only: /no token|header|over|scope that|step-up|second factor$|consent$|session/,
  },
  'an API whose caller is over within the tolerance': {
    claims: { exp: nowSeconds - 60 },
    only: /session|sign-in/,
  },
}

function principalOf(claims: Readonly<Record<string, unknown>>): Principal {
  return {
    kind: 'user',
    agent: undefined,
    tenantId,
    objectId: userId,
    subject: 's',
    clientId: callerId,
    scopes: [],
    roles: [],
    issuer: 'https://issuer.example',
    version: '2.0',
    expiresAtMs: 0,
    claims: userClaims(claims),
  }
}

describe('every kind of failure', () => {
  it.each(Object.entries(apis))(
    'is answered as it is written down: %s',
    async (name, { options, claims, only }) => {
      const lines: string[] = []
      for (const [what, make] of Object.entries(failures))
        if (only?.test(what) ?? true) lines.push(what, ...(await tell(make(), options, claims)), '')
      await expectWritten(
        lines,
        new URL(`written/${name.replaceAll(' ', '-').toLowerCase()}.txt`, import.meta.url),
      )
    },
  )
})

async function tell(
  error: Error,
  options: Partial<WebApiOptions> = {},
  claims: Readonly<Record<string, unknown>> = {},
): Promise<readonly string[]> {
  const told: string[] = []
  const write = (level: string) => (fields: object, message: string) =>
    void told.push(`  log     ${level}: ${message} (${list(fields)})`)
  const logger = { error: write('error'), warn: write('warning'), info: write('info') }
  const exit = createExit(
    resolveOptions({ tenantId, clientId, clock: createClock(), logger, logRefusals: true, ...options }),
  )
  const observe = (event: ObserverEvent): void => void told.push(`  event   ${list(event)}`)
  const context = { traceId, observe }
  const operation = error instanceof BearerError ? 'authenticate' : 'call_downstream'
  if (error instanceof BearerError) exit.refuse(error, context)
  const departure = { operation, context, principal: principalOf(claims), api: 'todo' } as const
  const outward = exit.leave(error, departure)
  told.push(`  error   ${list(JSON.parse(JSON.stringify(outward)) as object)}`)
  const { status, headers, body } = answer(outward) ?? { status: 0, headers: {}, body: '{}' }
  const { 'content-type': contentType, 'cache-control': caching, ...others } = headers
  const { type, ...problem } = JSON.parse(body) as Record<string, unknown>
  expect([contentType, caching, type]).toEqual(['application/problem+json', 'no-store', 'about:blank'])
  told.push(
    `  answer  ${status}`,
    ...Object.entries(others).map(([header, value]) => `          ${header}: ${value}`),
    ...Object.entries(problem).map(([member, value]) => `          ${member} ${show(value)}`),
  )
  const tool = renderErrors((): never => {
    throw outward
  })
  const { content, _meta: meta, isError } = await tool()
  expect(isError).toBe(true)
  told.push(`  tool    ${content.map(({ type: kind, text }) => `${kind}: ${text}`).join()}`)
  expect(meta['midtier/problem']).toMatchObject({ ...problem, detail: expect.any(String) as unknown })
  const { detail, retryAfterSeconds } = meta['midtier/problem'] as Record<string, unknown>
  if (detail !== problem['detail']) told.push(`          with the detail: ${show(detail)}`)
  if (retryAfterSeconds !== undefined) told.push(`          again after ${show(retryAfterSeconds)} s`)
  return told.map(withNames)
}

function list(members: object): string {
  const told = Object.entries(members as Readonly<Record<string, unknown>>)
  return told
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${show(value)}`)
    .join('; ')
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function withNames(text: string): string {
  return text.replaceAll(traceId, 'TRACE').replaceAll(tenantId, 'TENANT').replaceAll(clientId, 'THIS-API')
}
