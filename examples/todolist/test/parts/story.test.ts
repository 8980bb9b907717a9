// How accounts of a call become hops.
import type { ObservedEvent, ObserverEvent } from 'midtier'
import { describe, expect, it } from 'vitest'
import type { BrowserCall } from '../../client/page/middle-tier.ts'
import type { AudienceOf, Hop } from '../../client/page/trace/hop.ts'
import { tellStory } from '../../client/page/trace/story.ts'
import type { CallTrace } from '../../client/page/trace/trace.ts'
import { collectTokens } from '../../client/page/trace/travelled-tokens.ts'

const scopes = ['api://todo/.default']
const audienceOf: AudienceOf = ({ scopes: asked }) => (asked === scopes ? 'todoApi' : 'graph')
const token = { claims: { aud: 'middle' }, raw: 'the token itself', fromCache: true, durationMs: 0 }
const call: BrowserCall = {
  api: 'middleTier',
  traceId: 't',
  spanId: 's',
  method: 'GET',
  path: '/todolist',
  token,
  number: 1,
  status: 200,
  startedAtMs: 0,
  durationMs: 50,
}

const events = {
  validated: {
    type: 'token_validated',
    kind: 'user',
    agent: undefined,
    claims: { aud: 'todo' },
    fromCache: false,
    durationMs: 1,
  },
  refused: { type: 'token_refused', status: 401, error: 'invalid_token', reason: 'wrong_audience' },
  requested: {
    type: 'token_requested',
    grant: 'on_behalf_of',
    agentId: undefined,
    tenantId: 'contoso',
    scopes,
    status: 200,
    error: undefined,
    errorNumbers: [],
    correlationId: 'c',
    durationMs: 30,
  },
  acquired: {
    type: 'token_acquired',
    grant: 'on_behalf_of',
    agentId: undefined,
    origin: 'authority',
    reason: 'not_cached',
    scopes,
    accountId: 'oid.tid',
    correlationId: 'c',
    expiresAtMs: 0,
    durationMs: 30,
  },
  called: {
    type: 'downstream_called',
    api: 'todolist',
    method: 'GET',
    path: '/api/tasks',
    status: 200,
    durationMs: 9,
    token: 'onBehalfOf',
    attempt: 1,
  },
} as const satisfies Record<string, ObserverEvent>

const observed = (...list: readonly ObserverEvent[]): readonly ObservedEvent[] =>
  list.map((event) => ({ ...event, atMs: 0, traceId: 't' }))

const trace = (part: Partial<CallTrace>): CallTrace => ({
  call,
  middleTier: [],
  todoApi: [],
  emulator: [],
  ...part,
})

const lines = (hops: readonly Hop[]): readonly string[] =>
  hops.map(
    ({ from, to, label, token: travelling }) =>
      `${from} > ${to}: ${label}${travelling ? ` [${travelling}]` : ''}`,
  )

describe('the story of a call', () => {
  it('with an exchange goes by way of the authority', () => {
    const { validated, requested, acquired, called } = events
    const story = tellStory(
      trace({ middleTier: observed(validated, requested, acquired, called), todoApi: observed(validated) }),
      audienceOf,
    )
    expect(lines(story.hops)).toEqual([
      "browser > browser: from MSAL's cache [middleTier]",
      'browser > middleTier: GET /todolist [middleTier]',
      'middleTier > middleTier: token valid',
      'middleTier > authority: on behalf of [middleTier]',
      'authority > middleTier: new token [todoApi]',
      'middleTier > todoApi: GET /api/tasks [todoApi]',
      'todoApi > todoApi: token valid',
      'todoApi > middleTier: 200',
      'middleTier > browser: 200',
    ])
    expect(story).toMatchObject({ exchanges: 1, cacheHits: 0 })
  })

  it('with a cached token does without the authority', () => {
    const { validated, acquired, called } = events
    const story = tellStory(
      trace({
        middleTier: observed(validated, { ...acquired, origin: 'l1' }, called),
        todoApi: observed(validated),
      }),
      audienceOf,
    )
    expect(lines(story.hops)).toContain('middleTier > middleTier: from memory [todoApi]')
    expect(story.hops.some(({ to }) => to === 'authority')).toBe(false)
    expect(story).toMatchObject({ exchanges: 0, cacheHits: 1 })
  })

  it('that is refused at the door ends there', () => {
    const story = tellStory(
      trace({ call: { ...call, status: 401 }, middleTier: observed(events.refused) }),
      audienceOf,
    )
    expect(lines(story.hops).slice(2)).toEqual([
      'middleTier > middleTier: refused: wrong audience',
      'middleTier > browser: 401',
    ])
    expect(story.hops.at(-1)?.tone).toBe('refused')
  })

  it('names the number of an error that the authority gave', () => {
    const refused = { ...events.requested, status: 400, error: 'invalid_grant', errorNumbers: [65001] }
    const story = tellStory(trace({ middleTier: observed(events.validated, refused) }), audienceOf)
    expect(lines(story.hops)).toContain('authority > middleTier: AADSTS65001, no consent')
    expect(story.exchanges).toBe(0)
  })

  it('that ends with a challenge says what is asked for', () => {
    const story = tellStory(
      trace({ call: { ...call, status: 401, challenge: 'insufficient_claims' } }),
      audienceOf,
    )
    expect(lines(story.hops).at(-1)).toBe('middleTier > browser: 401 insufficient_claims')
    expect(story).toMatchObject({ outcome: '401', failed: true })
  })

  it('whose API wants other claims tells of the attempt to have a token with them', () => {
    const challenged = {
      type: 'downstream_challenged',
      api: 'graph',
      path: '/v1.0/me',
      claims: ['nbf'],
      next: 'acquire',
    } as const
    const story = tellStory(trace({ middleTier: observed(events.validated, challenged) }), audienceOf)
    expect(lines(story.hops)).toContain('middleTier > middleTier: asked for nbf: a new token')
  })

  it('without any account but the browser’s own still tells what the browser saw', () => {
    const story = tellStory(trace({ call: { ...call, status: undefined } }), audienceOf)
    expect(lines(story.hops).slice(1)).toEqual([
      'browser > middleTier: GET /todolist [middleTier]',
      'middleTier > browser: no answer',
    ])
  })

  it('shortens the ids in paths', () => {
    const path = '/todolist/3f2a11b0-0000-4000-8000-000000000001'
    expect(tellStory(trace({ call: { ...call, path } }), audienceOf).title).toBe('GET /todolist/3f2a…')
  })
})

describe('the tokens of a call', () => {
  const graphScopes = ['User.Read']

  it('carry the claims that the receiving API has seen', () => {
    const middleTier = observed(events.acquired, { ...events.acquired, scopes: graphScopes })
    const graph = {
      id: '1',
      time: '',
      method: 'GET',
      path: '/v1.0/me',
      endpoint: 'graph',
      durationMs: 1,
      sequence: 1,
      presented: { aud: 'g' },
    } as const
    const tokens = collectTokens(
      [trace({ middleTier, todoApi: observed(events.validated), emulator: [graph] })],
      audienceOf,
    )
    expect(tokens.map(({ audience, claims, origin }) => [audience, claims, origin])).toEqual([
      ['middleTier', { aud: 'middle' }, 'browser_cache'],
      ['todoApi', { aud: 'todo' }, 'exchange'],
      ['graph', { aud: 'g' }, 'exchange'],
    ])
  })

  it('fall back to what the authority issued, however long ago', () => {
    const middleTier = observed({ ...events.acquired, origin: 'l1' })
    const issued = {
      id: '1',
      time: '',
      method: 'POST',
      path: '/token',
      endpoint: 'token',
      durationMs: 1,
      sequence: 1,
      correlationId: 'c',
      issued: { aud: 'then' },
    } as const
    const [, todo] = collectTokens([trace({ middleTier, emulator: [issued] })], audienceOf)
    expect(todo).toMatchObject({ audience: 'todoApi', claims: { aud: 'then' }, origin: 'memory' })
  })

  it('are never told in the raw, but for the one that this browser holds', () => {
    const tokens = collectTokens([trace({ middleTier: observed(events.acquired) })], audienceOf)
    expect(tokens.map(({ raw }) => raw)).toEqual([token.raw, undefined])
  })
})
