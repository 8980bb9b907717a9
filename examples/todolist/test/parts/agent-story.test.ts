// How the account of a call in which an agent acts becomes hops and tokens.
import type { ObservedEvent, ObserverEvent } from 'midtier'
import { describe, expect, it } from 'vitest'
import { nameFacets, sayActing } from '../../client/page/trace/acting.ts'
import type { AudienceOf } from '../../client/page/trace/hop.ts'
import { tellStory } from '../../client/page/trace/story.ts'
import type { CallTrace } from '../../client/page/trace/trace.ts'
import { collectTokens } from '../../client/page/trace/travelled-tokens.ts'

const agentId = 'agent-id'
const claims = { azp: agentId, oid: 'alice-id', xms_act_fct: '9 3 11', xms_sub_fct: '2' }
const names = { [agentId]: 'Assistant', 'alice-id': 'Alice' }
const audienceOf: AudienceOf = ({ scopes: [scope] }) => (scope === 'proof' ? 'agentProof' : 'agentTodoApi')

const validated = (kind: 'onBehalfOf' | 'byItself'): ObserverEvent => ({
  type: 'token_validated',
  kind: kind === 'byItself' ? 'app' : 'user',
  agent: { id: agentId, blueprintId: 'blueprint-id', kind },
  ...{ claims, fromCache: false, durationMs: 1 },
})
const requested = (grant: 'on_behalf_of' | 'client_credentials', scope: string): ObserverEvent => ({
  ...{ type: 'token_requested', grant, agentId, tenantId: 'contoso', scopes: [scope], status: 200 },
  ...{ error: undefined, errorNumbers: [], correlationId: scope, durationMs: 1 },
})
const acquired = (scope: string): ObserverEvent => ({
  ...{
    type: 'token_acquired',
    grant: 'client_credentials',
    agentId,
    origin: 'authority',
    reason: 'not_cached',
  },
  ...{ scopes: [scope], accountId: undefined, correlationId: scope, expiresAtMs: 0, durationMs: 1 },
})
const called: ObserverEvent = {
  ...{ type: 'downstream_called', api: 'todolist', method: 'GET', path: '/api/tasks', status: 200 },
  ...{ durationMs: 1, token: 'onBehalfOf', attempt: 1 },
}

const observed = (...events: readonly ObserverEvent[]): readonly ObservedEvent[] =>
  events.map((event) => ({ ...event, atMs: 0, traceId: 't' }))
const trace = (middleTier: readonly ObserverEvent[], seen: ObserverEvent): CallTrace => ({
  call: {
    ...{ api: 'assistant', traceId: 't', spanId: 's', method: 'GET', path: '/assistant/tasks', number: 1 },
    ...{ status: 200, startedAtMs: 0, durationMs: 1, token: { claims: {}, fromCache: true, durationMs: 0 } },
  },
  middleTier: observed(...middleTier),
  todoApi: observed(seen),
  emulator: [],
})

const forAlice = trace(
  [requested('client_credentials', 'proof'), acquired('proof'), requested('on_behalf_of', 'todo'), called],
  validated('onBehalfOf'),
)
const byItself = trace([requested('client_credentials', 'todo'), called], validated('byItself'))

const lines = (of: CallTrace): readonly string[] =>
  tellStory(of, audienceOf).hops.map(({ label, token, proof }) =>
    [label, ...[token, proof].filter((each) => each !== undefined)].join(' + '),
  )

describe('the story of an agent', () => {
  it('for a person has what lets it act, and shows that beside the token of the person', () => {
    expect(lines(forAlice)).toEqual([
      "from MSAL's cache + assistant",
      'GET /assistant/tasks + assistant',
      'let the agent act',
      'new token + agentProof',
      'on behalf of + assistant + agentProof',
      'new token + agentTodoApi',
      'GET /api/tasks + agentTodoApi',
      'token valid',
      'agent for a person',
      '200',
      '200',
    ])
  })

  it('by itself shows nothing of the person', () => {
    expect(lines(byItself).slice(2, -2)).toEqual([
      'the agent itself + agentProof',
      'new token + agentTodoApi',
      'GET /api/tasks + agentTodoApi',
      'token valid',
      'agent by itself',
    ])
  })

  it('says who acts for whom as the API has seen it, and nothing where none was seen', () => {
    expect(tellStory(forAlice, audienceOf).acting).toEqual({ kind: 'onBehalfOf', claims })
    expect(tellStory(byItself, audienceOf).acting).toEqual({ kind: 'byItself', claims })
    expect(tellStory({ ...forAlice, todoApi: [] }, audienceOf).acting).toBeUndefined()
  })

  it('is told in words, with names', () => {
    expect(sayActing({ kind: 'onBehalfOf', claims }, names)).toMatch(/^Assistant acts for Alice: /)
    expect(sayActing({ kind: 'byItself', claims }, names)).toMatch(/^Assistant acts by itself, /)
    expect(sayActing({ kind: 'onBehalfOf', claims }, {})).toMatch(/^agent-id acts for alice-id: /)
  })

  it.each([
    ['9 3 11', 'has 11: an agent identity'],
    ['13 2', 'has 13: the user account of an agent'],
    ['2', 'neither 11 nor 13: a person'],
    ['111 113', 'neither 11 nor 13: a person'],
    [undefined, undefined],
  ])('reads the facets %s as %s', (facets, meaning) => {
    expect(nameFacets(facets)).toBe(meaning)
  })
})

it('collects the token of the page, what lets the agent act, and what the agent gets with it', () => {
  const record = {
    id: '1',
    time: '',
    method: 'POST',
    path: '/token',
    endpoint: 'token',
    durationMs: 1,
    sequence: 1,
  } as const
  const emulator = [{ ...record, correlationId: 'proof', issued: { sub: agentId } }]
  const events = [acquired('proof'), acquired('todo')]
  const tokens = collectTokens([{ ...trace(events, validated('onBehalfOf')), emulator }], audienceOf)
  expect(tokens.map(({ audience, claims: shown }) => [audience, shown])).toEqual([
    ['assistant', {}],
    ['agentProof', { sub: agentId }],
    ['agentTodoApi', claims],
  ])
})
