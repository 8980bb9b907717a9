// Whose turn a refusal of the token endpoint is, for every row of its table, and what of its text is kept.
import { describe, expect, it } from 'vitest'
import { buildClientCredentials } from '../../../src/grants/client-credentials.ts'
import { buildOnBehalfOf } from '../../../src/grants/on-behalf-of.ts'
import {
  buildTokenError,
  isAssertionNotGenuine,
  isOutage,
  parseTokenError,
  type RefusedExchange,
} from '../../../src/grants/token-endpoint/token-error.ts'
import { InteractionRequiredError, type TokenErrorFacts } from '../../../src/kernel/errors/errors.ts'
import { Redacted } from '../../../src/kernel/redacted.ts'

const scopes = ['api://todolist/Todos.Read']
const onBehalfOf = buildOnBehalfOf({ assertion: new Redacted('the-assertion'), scopes })
const byItself = buildClientCredentials(scopes)

const facts = (more: Partial<TokenErrorFacts>): TokenErrorFacts => ({
  error: 'invalid_grant',
  errorNumbers: [],
  status: 400,
  scopes,
  ...more,
})

const reasonOf = (more: Partial<TokenErrorFacts>, grant = onBehalfOf): string =>
  buildTokenError(grant, facts(more)).reason

const claims = '{"access_token":{"acrs":null}}'

type Row = [reason: string, refusal: Partial<TokenErrorFacts>]

const rows: readonly Row[] = [
  ...['consent_required'].map((suberror): Row => ['consent_required', { suberror }]),
  ['consent_required', { error: 'consent_required' }],
  ...['interaction_required', 'access_denied', 'invalid_grant'].flatMap((error) =>
    [65001, 65004, 90094, 90095].map((number): Row => [
      'consent_required',
      { error, errorNumbers: [number] },
    ]),
  ),
  ['blocked', { suberror: 'message_only' }],
  ['blocked', { suberror: 'message_only', claims }],
  ...['bad_token', 'token_expired', 'user_password_expired'].map((suberror): Row => [
    'sign_in_required',
    { suberror, claims },
  ]),
  ['claims_required', { claims }],
  ['claims_required', { error: 'interaction_required', claims }],
  ['claims_required', { suberror: 'basic_action', claims }],
  ...['basic_action', 'additional_action', 'ui_not_allowed', 'interrupted_user'].map((suberror): Row => [
    'sign_in_required',
    { error: 'anything', suberror },
  ]),
  ...['interaction_required', 'login_required', 'bad_token'].map((error): Row => [
    'sign_in_required',
    { error },
  ]),
  ['sign_in_required', { errorNumbers: [50013] }],
  ...[50020, 50034, 50057, 50105, 50196, 51004, 90072].map((number): Row => [
    'blocked',
    { errorNumbers: [number] },
  ]),
  ['sign_in_required', { suberror: 'bad_token', errorNumbers: [50034] }],
  ['sign_in_required', {}],
  ['sign_in_required', { errorNumbers: [1, 2] }],
]

describe('a refusal of a grant for a person', () => {
  it.each(rows)('is %s: %j', (reason, refusal) => {
    const error = buildTokenError(onBehalfOf, facts(refusal))
    expect(error).toBeInstanceOf(InteractionRequiredError)
    expect(error.reason).toBe(reason)
  })

  it.each<Row>([
    ['misconfigured', { suberror: 'client_mismatch', claims }],
    ['misconfigured', { suberror: 'protection_policy_required', claims }],
    ...[500131, 501051, 5000224].map((number): Row => ['misconfigured', { errorNumbers: [number] }]),
    ['misconfigured', { error: 'access_denied' }],
    ['misconfigured', { error: 'access_denied', claims }],
    ['unknown_error', { error: 'slow_down' }],
    ['misconfigured', { error: 'slow_down', errorNumbers: [7000215] }],
  ])('is nothing that a person can help, but %s: %j', (reason, refusal) => {
    const error = buildTokenError(onBehalfOf, facts(refusal))
    expect(error).not.toBeInstanceOf(InteractionRequiredError)
    expect(error.reason).toBe(reason)
  })

  it('is about the words of the session where its grant knows them, both of them', () => {
    const knowing = { ...onBehalfOf, sessionEnded: [{ error: 'x', errorDescription: 'over' }] }
    expect(reasonOf({ error: 'x', errorDescription: 'over' }, knowing)).toBe('sign_in_required')
    expect(reasonOf({ error: 'x', errorDescription: 'else' }, knowing)).toBe('unknown_error')
    expect(reasonOf({ error: 'y', errorDescription: 'over' }, knowing)).toBe('unknown_error')
  })
})

describe('a refusal of a grant for an application by itself', () => {
  it.each([
    'access_denied',
    'bad_token',
    'consent_required',
    'interaction_required',
    'invalid_client',
    'invalid_grant',
    'invalid_request',
    'invalid_resource',
    'invalid_scope',
    'invalid_target',
    'invalid_tenant',
    'login_required',
    'unauthorized_client',
    'unsupported_grant_type',
  ])('is the owner’s to mend: %s', (error) => {
    expect(reasonOf({ error, claims }, byItself)).toBe('misconfigured')
  })

  it('is nobody’s until somebody has read about it', () => {
    expect(reasonOf({ error: 'slow_down' }, byItself)).toBe('unknown_error')
  })
})

describe('what is no refusal of the person', () => {
  it.each([
    ['temporarily_unavailable', true],
    ['server_error', true],
    ['invalid_grant', false],
  ])('%s is an outage: %s', (error, outage) => {
    expect(isOutage(facts({ error }))).toBe(outage)
  })

  it.each<[Partial<TokenErrorFacts>, boolean]>([
    [{ errorNumbers: [1, 50013] }, true],
    [{ errorNumbers: [500131] }, false],
    [{ error: 'invalid_request', errorNumbers: [50013] }, false],
  ])('%j says that an assertion is not genuine: %s', (refusal, notGenuine) => {
    const error = new InteractionRequiredError('x', 'sign_in_required', facts(refusal))
    expect(isAssertionNotGenuine(error)).toBe(notGenuine)
  })
})

describe('the message of a refusal', () => {
  const message = (more: Partial<TokenErrorFacts>): string => buildTokenError(byItself, facts(more)).message
  const begin = 'The authority refused the client_credentials grant'

  it.each<[string, Partial<TokenErrorFacts>]>([
    [`${begin} (invalid_grant)`, {}],
    [`${begin} (invalid_grant, x)`, { suberror: 'x' }],
    [`${begin} (invalid_grant)`, { errorDescription: '' }],
    [`${begin} (invalid_grant)`, { errorDescription: ' Trace ID: 1' }],
    [`${begin} (invalid_grant): No.`, { errorDescription: ' No. Trace ID: 1 Correlation ID: 2' }],
  ])('is %s', (words, refusal) => {
    expect(message(refusal)).toBe(words)
  })
})

describe('the body of a refusal', () => {
  const exchange: RefusedExchange = { status: 400, scopes, correlationId: 'ours', secrets: ['s3cret'] }
  const parse = (body: Record<string, unknown>): TokenErrorFacts | undefined =>
    parseTokenError({ error: 'invalid_grant', ...body }, exchange)
  const plain = { error: 'invalid_grant', errorNumbers: [], correlationId: 'ours', status: 400, scopes }

  it('has the members that it came with, and no others', () => {
    expect(parse({})).toEqual(plain)
    expect(
      parse({
        suberror: 'bad_token',
        trace_id: 't-1',
        correlation_id: 'theirs',
        claims,
        error_codes: [1, 2],
        error_description: 'a',
      }),
    ).toEqual({
      ...plain,
      suberror: 'bad_token',
      traceId: 't-1',
      correlationId: 'theirs',
      claims,
      errorNumbers: [1, 2],
      errorDescription: 'a',
    })
  })

  it.each([[undefined], [''], [5], ['a b'], ['s3cret'], ['x'.repeat(65)]])('has no error: %j', (error) => {
    expect(parse({ error })).toBeUndefined()
  })

  it.each([
    ['suberror', 'a-b'],
    ['suberror', 'x'.repeat(65)],
    ['trace_id', 'a b'],
    ['trace_id', 's3cret'],
    ['trace_id', 5],
    ['correlation_id', 'a\nb'],
    ['correlation_id', 'x'.repeat(65)],
    ['claims', 5],
    ['claims', 'no claims'],
    ['error_description', 5],
    ['error_codes', 5],
    ['error_codes', ['1', 0.5, null]],
  ])('is as if it had no %s when that is %j', (name, value) => {
    expect(parse({ [name]: value })).toEqual(plain)
  })

  it('keeps sixteen numbers and 2 048 characters', () => {
    const numbers = Array.from({ length: 17 }, (_, index) => index)
    const facts = parse({ error_codes: numbers, error_description: 'x '.repeat(1500) })
    expect(facts?.errorNumbers).toEqual(numbers.slice(0, 16))
    expect(facts?.errorDescription).toHaveLength(2048)
  })
})
