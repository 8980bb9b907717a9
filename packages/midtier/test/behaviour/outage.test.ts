import type { Fault } from '@midtier/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { alice, bob, startScenario, type Scenario } from './scenario.ts'

/**
 * The token endpoint hangs for longer than any test waits: while it does, less patience than the default is handed in. At other
 * times there is no hurry, for a busy machine is no outage.
 */
let isHanging = false
const impatientFetch = (input: string | URL, init: RequestInit = {}): Promise<Response> => {
  if (!isHanging || !String(input).endsWith('/token')) return fetch(input, init)
  const limits = [AbortSignal.timeout(300), ...(init.signal ? [init.signal] : [])]
  return fetch(input, { ...init, signal: AbortSignal.any(limits) })
}

const outages: readonly (readonly [string, Fault['then']])[] = [
  ['500', { status: 500 }],
  ['502 with the page of a proxy', { status: 502, body: '<html><h1>Bad Gateway</h1></html>' }],
  ['503', { status: 503, body: { error: 'temporarily_unavailable' } }],
  ['200 with a page', { status: 200, body: '<html>Sign in to the network</html>' }],
  ['429 with Retry-After', { status: 429, headers: { 'retry-after': '20' } }],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '20' } }],
  ['a hanging connection', { hang: true }],
  ['a reset connection', { drop: true }],
  ['truncated JSON', { truncate: true }],
]

/** While set, the middle tier's clock stands still at it: however slow the machine is, no pause passes by itself. */
let heldAtMs: number | undefined

let scenario: Scenario
let session = 0

beforeAll(async () => {
  scenario = await startScenario(({ clock }) => ({
    fetch: impatientFetch,
    clock: { nowMs: () => heldAtMs ?? clock.now() },
  }))
})
afterAll(() => scenario.stop())
beforeEach(() => {
  scenario.events.length = 0
})
afterEach(async () => {
  heldAtMs = undefined
  scenario.emulator.faults.clear()
  scenario.emulator.clock.advance(60) // past every pause
  await scenario.get('/whoami', await signIn(bob))
})

/** A token of a sign-in of its own, for which nothing is cached. */
const signIn = (user: string): Promise<string> =>
  scenario.token(user, { claims: { uti: `outage-${(session += 1)}` } })

const breakTokenEndpoint = (then: Fault['then'], user?: string) =>
  scenario.emulator.faults.add({
    when: { endpoint: 'token', ...(user === undefined ? {} : { user }) },
    then,
  })

const tokenRequests = () => scenario.events.filter(({ type }) => type === 'token_requested').length

async function expectUnavailable(response: Response): Promise<void> {
  expect(response.status, await response.text()).toBe(503)
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(response.headers.get('www-authenticate')).toBeNull()
}

describe.each(outages)('while the token endpoint answers with %s', (_name, then) => {
  it('what is cached keeps flowing, what is not gets 503 with Retry-After, and all is well soon after', async () => {
    const [warm, cold] = [await signIn(alice), await signIn(bob)]
    expect((await scenario.get('/whoami', warm)).status).toBe(200)
    const fault = breakTokenEndpoint(then)
    isHanging = 'hang' in then
    await expectUnavailable(await scenario.get('/whoami', cold))
    const answers = await Promise.all(Array.from({ length: 20 }, () => scenario.get('/whoami', warm)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    fault.remove()
    isHanging = false
    scenario.emulator.clock.advance('headers' in then ? 20 : 2)
    expect((await scenario.get('/whoami', cold)).status).toBe(200)
  })
})

describe('while the token endpoint is down', () => {
  it('a herd of callers asks it a few times each at most, then nobody does, and after a pause one for each user', async () => {
    heldAtMs = scenario.emulator.clock.now()
    breakTokenEndpoint({ status: 503 })
    const herd = await Promise.all(Array.from({ length: 20 }, (_, index) => signIn(index % 2 ? alice : bob)))
    for (const response of await Promise.all(herd.map((token) => scenario.get('/whoami', token))))
      await expectUnavailable(response)
    expect(tokenRequests()).toBeLessThanOrEqual(3 * herd.length)
    const asked = tokenRequests()
    await expectUnavailable(await scenario.get('/whoami', await signIn(alice)))
    expect(tokenRequests() - asked).toBe(0)
    heldAtMs += 2000 // longer than any two probes are apart
    const late = await Promise.all(herd.slice(0, 10).map((token) => scenario.get('/whoami', token)))
    for (const response of late) await expectUnavailable(response)
    expect(tokenRequests() - asked).toBe(2) // a probe for each of both users: they may share a mistake, and the endpoint be well
  })

  it('a token in its last minutes serves', async () => {
    const token = await scenario.token(alice, { lifetimeSeconds: 4 * 3600, claims: { uti: 'outage-late' } })
    await scenario.get('/whoami', token)
    const acquired = scenario.events.find((event) => event.type === 'token_acquired')
    const leftSeconds = ((acquired?.expiresAtMs ?? 0) - scenario.emulator.clock.now()) / 1000
    breakTokenEndpoint({ drop: true })
    scenario.emulator.clock.advance(leftSeconds - 120)
    const late = await scenario.get('/whoami', token)
    expect(late.status, await late.text()).toBe(200)
    expect(scenario.events.findLast((event) => event.type === 'token_acquired')).toMatchObject({
      origin: 'l1',
    })
  })

  it.each([
    ['drop', { drop: true }],
    ['500', { status: 500 }],
  ] as const)('for one user alone (%s), the others notice nothing', async (_kind, then) => {
    breakTokenEndpoint(then, bob)
    for (let call = 0; call < 3; call += 1)
      await expectUnavailable(await scenario.get('/whoami', await signIn(bob)))
    for (let call = 0; call < 5; call += 1)
      expect((await scenario.get('/whoami', await signIn(alice))).status).toBe(200)
  })
})

describe('a pause that the token endpoint asks for', () => {
  it('of one user is kept for that user without a request, announced to the caller, and felt by nobody else', async () => {
    breakTokenEndpoint({ status: 429, headers: { 'retry-after': '30' } }, bob)
    await expectUnavailable(await scenario.get('/whoami', await signIn(bob)))
    const asked = tokenRequests()
    for (let call = 0; call < 3; call += 1) {
      const refused = await scenario.get('/whoami', await signIn(bob))
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(20)
      await expectUnavailable(refused)
    }
    expect([asked, tokenRequests()]).toEqual([1, 1])
    expect(scenario.events.filter(({ type }) => type === 'authority_paused')).toMatchObject([
      { whom: 'caller', reason: 'throttled' },
    ])
    expect((await scenario.get('/whoami', await signIn(alice))).status).toBe(200)
  })
})
