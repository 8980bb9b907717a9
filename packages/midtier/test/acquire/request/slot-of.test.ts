// The slot of a request that was made before, in the same words: only for that caller, and only where nothing else is asked for.
import { beforeEach, describe, expect, it } from 'vitest'
import { createOpenIdAuthority } from '../../../src/authority/authority.ts'
import {
  type AcquireOptions,
  type CallerFacts,
  createTokenRequests,
  type TokenRequests,
} from '../../../src/acquire/request/requests.ts'
import type { Slot } from '../../../src/token-cache/store.ts'
import { createCaller, createScenario, HandClock } from '../scenario.ts'

const clock = new HandClock()
const { requests, context } = createScenario()
const scopes = ['api://todolist/Todos.Read']
const two = ['api://todolist/Todos.Read', 'api://todolist/Todos.Write']
let caller: CallerFacts
const made = (options: AcquireOptions, who = caller, by: TokenRequests = requests): Slot =>
  by.onBehalfOf(who, options, context).slot

beforeEach(() => {
  caller = createCaller(clock, 'alice')
})

describe('a caller that asked before', () => {
  it('is given the slot of then, whatever list the same scopes stand in', () => {
    const slot = made({ scopes })
    expect(requests.slotOf(caller, { scopes: [...scopes] })).toBe(slot)
    expect(requests.slotOf(caller, { scopes: [scopes.join(' ')] })).toBe(slot)
  })

  it('has one for each list of scopes that it asked for', () => {
    const slots = [made({ scopes }), made({ scopes: two }), made({ scopes: ['User.Read'] })]
    expect(new Set(slots.map(({ key }) => key)).size).toBe(3)
    expect([scopes, two, ['User.Read']].map((list) => requests.slotOf(caller, { scopes: list }))).toEqual(
      slots,
    )
  })

  it.each([
    ['says that nothing else is meant', { audience: undefined, claims: undefined, signal: undefined }],
    ['does not want it anew', { forceRefresh: false, timeoutMs: undefined }],
  ])('and %s', (_, rest) => {
    const slot = made({ scopes })
    expect(requests.slotOf(caller, { scopes, ...rest })).toBe(slot)
  })

  it('is looked at closely when it asks for more than scopes', () => {
    made({ scopes })
    const { signal } = new AbortController()
    const more = [{ audience: '' }, { claims: '' }, { forceRefresh: true }, { signal }, { timeoutMs: 0 }]
    const odd = [
      { audience: null },
      { claims: null },
      { signal: null },
      { timeoutMs: null },
      { forceRefresh: 1 },
    ]
    const asked = [...more, ...odd].map((rest) => ({ scopes, ...rest }) as unknown as AcquireOptions)
    expect(asked.map((options) => requests.slotOf(caller, options))).toEqual(asked.map(() => undefined))
  })

  it.each([
    ['a text', scopes[0]],
    ['nothing', undefined],
    ['a list of lists', [scopes]],
    ['a list of lists and texts', [...two.slice(0, 1), [two[1]]]],
  ])('is looked at closely when its scopes are %s', (_, odd) => {
    made({ scopes })
    made({ scopes: two })
    expect(requests.slotOf(caller, { scopes: odd } as unknown as AcquireOptions)).toBeUndefined()
  })

  it.each([undefined, null, 'api://todolist/Todos.Read'])(
    'is looked at closely when its options are %j',
    (odd) => {
      made({ scopes })
      expect(requests.slotOf(caller, odd as unknown as AcquireOptions)).toBeUndefined()
    },
  )
})

describe('there is none', () => {
  it('for a caller that has not asked yet, though others have', () => {
    made({ scopes }, createCaller(clock, 'bob'))
    expect(requests.slotOf(caller, { scopes })).toBeUndefined()
  })

  it('for other scopes, though others asked for them', () => {
    made({ scopes })
    made({ scopes: two }, createCaller(clock, 'bob'))
    expect(requests.slotOf(caller, { scopes: two })).toBeUndefined()
  })

  it('under another token, whose tokens are others', () => {
    made({ scopes })
    const { assertion } = createCaller(clock, 'alice', 'another session')
    expect(requests.slotOf({ ...caller, assertion }, { scopes })).toBeUndefined()
  })
})

it('names an audience, where scopes do not say which API is meant, in a slot of its own', () => {
  const settings = { issuer: 'https://id.example', audience: 'us' }
  const other = createTokenRequests({
    clientId: 'us',
    authority: createOpenIdAuthority(settings),
    tenantId: '',
  })
  const slots = [made({ scopes }, caller, other), made({ scopes, audience: 'todolist' }, caller, other)]
  expect(slots[0]?.key).not.toBe(slots[1]?.key)
  expect(other.slotOf(caller, { scopes })).toBe(slots[0])
  expect(other.slotOf(caller, { scopes, audience: 'todolist' })).toBeUndefined()
})

it('is found for an agent that asked before, by itself or through its account, in the tenant of then', () => {
  const one = { id: '11111111-1111-4111-8111-111111111111', user: undefined }
  const other = { ...one, user: { objectId: '22222222-2222-4222-8222-222222222222' } }
  const options = { scopes: ['api://todolist/.default'] }
  const tenantId = '44444444-4444-4444-4444-444444444444'
  const slots = [one, other].map((acting) => requests.forAgent(acting, options, context).slot)
  expect(slots[0]?.key).not.toBe(slots[1]?.key)
  expect([one, other].map((acting) => requests.slotOfAgent(acting, options, undefined))).toEqual(slots)
  expect(requests.slotOfAgent({ ...one }, options, undefined)).toBeUndefined()
  expect(requests.slotOfAgent(one, { ...options, forceRefresh: true }, undefined)).toBeUndefined()
  expect(requests.slotOfAgent(one, options, tenantId)).toBeUndefined()
  const { slot } = requests.forAgent(one, { ...options, tenantId }, context)
  expect(requests.slotOfAgent(one, options, tenantId)).toBe(slot)
})
