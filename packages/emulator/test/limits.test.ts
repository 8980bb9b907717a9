// How much of everything the emulator takes and keeps: so many, and not one more.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createEmulator,
  defaultDirectory,
  type DirectoryData,
  type Emulator,
  type NewRequestRecord,
} from '../src/index.ts'
import { parsePolicy } from '../src/directory/policy-schema.ts'
import { Faults } from '../src/faults/faults.ts'
import { parseFault } from '../src/faults/fault-schema.ts'
import { SignedInClients } from '../src/endpoints/authorize/signed-in-clients.ts'
import { UsedCodes } from '../src/grants/used-codes.ts'
import { RequestLog } from '../src/kernel/request-log.ts'
import { parseClaimsRequest } from '../src/tokens/claims-request.ts'
import { createBrowser } from './browser.ts'
import {
  agent,
  alice,
  authorizeUrl,
  claimsOf,
  contoso,
  daemon,
  middleTier,
  onBehalfOf,
  password,
  postToken,
  signIn,
  todoApi,
  webClient,
} from './scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
afterEach(() => emulator.requests.clear())

const many = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const text = (length: number): string => 'x'.repeat(length)

const isPolicy = (members: object): boolean => {
  try {
    parsePolicy({ kind: 'block', ...members }, defaultDirectory, 'policy')
    return true
  } catch {
    return false
  }
}
const isFault = (then: object): boolean => typeof parseFault({ when: {}, then }) !== 'string'

const withApplication = (members: object): DirectoryData => ({
  ...defaultDirectory,
  applications: defaultDirectory.applications.map((each) =>
    each.id === daemon ? { ...each, ...members } : each,
  ),
})

async function starts(directory: DirectoryData): Promise<boolean> {
  try {
    await (await createEmulator({ directory })).stop()
    return true
  } catch {
    return false
  }
}

describe('a number has its last that is taken', () => {
  it.each<[string, number, number, (value: number) => boolean | Promise<boolean>]>([
    ['characters of the name of a policy', 200, 201, (length) => isPolicy({ name: text(length) })],
    ['characters of the name of a policy, at least', 1, 0, (length) => isPolicy({ name: text(length) })],
    ['users of a policy', 1000, 1001, (count) => isPolicy({ users: many(count).map(() => alice) })],
    ['users of a policy, at least', 1, 0, (count) => isPolicy({ users: many(count).map(() => alice) })],
    ['agents of a policy', 1000, 1001, (count) => isPolicy({ agents: many(count).map(() => agent) })],
    ['agents of a policy, at least', 1, 0, (count) => isPolicy({ agents: many(count).map(() => agent) })],
    [
      'seconds since a sign-in, at least',
      1,
      0,
      (maxAgeSeconds) => isPolicy({ kind: 'sign_in_frequency', maxAgeSeconds }),
    ],
    ['milliseconds that a fault waits', 600_000, 600_001, (delayMs) => isFault({ delayMs })],
    ['milliseconds that a fault waits, at least', 0, -1, (delayMs) => isFault({ delayMs })],
    ['statuses of a fault', 599, 600, (status) => isFault({ status })],
    ['statuses of a fault, at least', 200, 199, (status) => isFault({ status })],
    [
      'requests that a fault passes over, at least',
      1,
      0,
      (nth) => typeof parseFault({ when: { nth }, then: { status: 500 } }) !== 'string',
    ],
    [
      'redirect URIs',
      256,
      257,
      (count) =>
        starts(
          withApplication({
            redirectUris: { web: many(count).map((each) => `https://x.example/${String(each)}`) },
          }),
        ),
    ],
  ])('%s: %i and not %i', async (_, taken, refused, takes) => {
    expect(await takes(taken)).toBe(true)
    expect(await takes(refused)).toBe(false)
  })
})

describe('what is kept', () => {
  it('are a thousand faults', () => {
    const faults = new Faults()
    for (const nth of many(1000)) faults.add({ when: { nth: nth + 1 }, then: { status: 500 } })
    expect(() => faults.add({ when: {}, then: { status: 500 } })).toThrow('there can be at most 1000 faults')
    faults.clear()
    expect(faults.list()).toEqual([])
  })

  it('are the last thousand requests', () => {
    const log = new RequestLog()
    const record = (id: number): NewRequestRecord => ({
      id: String(id),
      time: '2026-01-01T00:00:00.000Z',
      method: 'GET',
      path: '/',
      endpoint: 'other',
      durationMs: 1,
    })
    for (const id of many(1000)) log.add(record(id))
    expect(log.list()).toHaveLength(1000)
    log.add(record(1000))
    expect(log.list().map(({ id }) => Number(id))).toEqual(many(1000).map((id) => id + 1))
  })

  it('are the last ten thousand codes', () => {
    const codes = new UsedCodes()
    for (const id of many(10_000)) expect(codes.redeem(String(id))).toBe(true)
    expect(codes.redeem('0')).toBe(false)
    expect(codes.redeem('one more')).toBe(true)
    expect(codes.redeem('1')).toBe(false)
    expect(codes.redeem('0')).toBe(true)
  })

  it('are the last ten thousand sessions, and the last fifty applications of each', () => {
    const clients = new SignedInClients()
    const signIn = (clientId: string) => ({ clientId, tenantId: contoso, version: 2 as const })
    for (const id of many(51)) clients.add('0', signIn(String(id)))
    for (const id of many(10_000)) clients.add(String(id), signIn(webClient))
    expect(clients.take('0')).toHaveLength(50)
    for (const id of ['0', 'one more', 'another']) clients.add(id, signIn(webClient))
    expect(clients.take('1')).toEqual([])
    expect(clients.take('2')).toEqual([])
    expect(clients.take('3')).toEqual([signIn(webClient)])
    // Who is told is told once.
    expect(clients.take('3')).toEqual([])
  })

  it('are ten values of a claims request', () => {
    const values = many(11).map((each) => `c${String(each + 1)}`)
    const { authContexts } = parseClaimsRequest(JSON.stringify({ access_token: { acrs: { values } } }))
    expect(authContexts).toEqual(values.slice(0, 10))
  })

  it('are three hundred characters of a path, and sixteen thousand of what was presented', async () => {
    const users = '/v1.0/users/'
    await fetch(emulator.origin + users + text(400))
    expect(emulator.requests.list().at(-1)?.path).toBe(users + text(300 - users.length))
    const presented = async (padding: number): Promise<number | object> => {
      const assertion = await emulator.mint({
        user: alice,
        tenant: contoso,
        client: webClient,
        audience: middleTier,
        scopes: ['access_as_user'],
        claims: { padding: text(padding) },
      })
      expect((await postToken(emulator, onBehalfOf(assertion))).status).toBe(200)
      const shown = emulator.requests.list().at(-1)?.presented ?? {}
      return 'padding' in shown ? JSON.stringify(shown).length : shown
    }
    const least = Number(await presented(0))
    expect(await presented(16_384 - least)).toBe(16_384)
    expect(await presented(16_385 - least)).toEqual({ omitted: 'too many claims' })
  })
})

describe('groups of a user', () => {
  it.each([
    [200, ['groups']],
    [201, ['_claim_names', '_claim_sources']],
  ])('are told as long as there are 200: %i', async (count, names) => {
    const groups = many(count).map((each) => `group-${String(each)}`)
    const [first, ...others] = defaultDirectory.users
    const applications = defaultDirectory.applications.map((each) =>
      each.id === todoApi ? { ...each, optionalClaims: { accessToken: ['groups'] } } : each,
    )
    const directory = { ...defaultDirectory, applications, users: [{ ...first!, groups }, ...others] }
    const own = await createEmulator({ directory })
    const claims = claimsOf(await own.mint({ client: daemon, user: alice, audience: todoApi }))
    await own.stop()
    expect(
      Object.keys(claims)
        .filter((name) => /^(groups|_claim_)/.test(name))
        .sort(),
    ).toEqual([...names].sort())
  })
})

describe('a browser', () => {
  const people = many(9).map((each) => ({
    id: `c0000000-0000-4000-8000-0000000001a${String(each)}`,
    tenantId: contoso,
    username: `person${String(each)}@contoso.onmicrosoft.com`,
    displayName: `Person ${String(each)}`,
    password,
  }))

  it('is signed in with the last eight accounts, for 90 days', async () => {
    const own = await createEmulator({ directory: { ...defaultDirectory, users: people } })
    const browser = createBrowser(own.origin)
    for (const { username } of people)
      await signIn(browser, authorizeUrl(own, { prompt: 'login' }), { username })
    const picker = await browser.open(authorizeUrl(own, { prompt: 'select_account' }))
    const again = await browser.open(authorizeUrl(own, { prompt: 'login' }))
    const page = await browser.submit(again, { username: people[8]!.username, password })
    await own.stop()
    const shown = people.filter(({ displayName }) => picker.html.includes(displayName))
    expect(shown).toEqual(people.slice(1))
    expect(page.headers.getSetCookie().map((line) => /Max-Age=(\d+)/.exec(line)?.[1])).toEqual(['7776000'])
  })
})
