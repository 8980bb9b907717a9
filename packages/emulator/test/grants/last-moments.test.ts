// The last moment at which each thing is good, and the first at which it is not, while the clock stands still.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import { begin, poll, signInForDevice } from '../device.ts'
import {
  alice,
  authorizeUrl,
  daemon,
  middleTier,
  onBehalfOf,
  password,
  postToken,
  redeem,
  signIn,
  signInToWebClient,
  todoApi,
  webClient,
} from '../scenario.ts'

// On a whole second: what tokens say is in seconds.
const start = 1_790_000_000
const secretExpires = new Date((start + 500) * 1000).toISOString()

let emulator: Emulator
beforeEach(async () => {
  const applications = defaultDirectory.applications.map((each) =>
    each.id === daemon ? { ...each, secrets: [{ value: 'short-lived', expires: secretExpires }] } : each,
  )
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
  emulator.clock.freeze()
  emulator.clock.advance(start - emulator.clock.now() / 1000)
})
afterEach(() => emulator.stop())

/** What is answered at some time after the start, in seconds: an AADSTS code, or a status. */
async function at(
  seconds: number,
  ask: () => Promise<{ status: number; body: Record<string, unknown> }>,
): Promise<unknown> {
  emulator.clock.advance(start + seconds - emulator.clock.now() / 1000)
  const { status, body } = await ask()
  return (body['error_codes'] as readonly number[] | undefined)?.[0] ?? status
}

const assertion = (claims: Record<string, unknown>): Promise<string> =>
  emulator.mint({ user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'], claims })

describe('good until', () => {
  it('five minutes after its end: an assertion; and from five minutes before its beginning', async () => {
    const ended = await assertion({ exp: start })
    const exchange = (token: string) => () => postToken(emulator, onBehalfOf(token))
    expect([await at(300, exchange(ended)), await at(301, exchange(ended))]).toEqual([200, 500133])
    const begins = await assertion({ nbf: start + 1000, exp: start + 9000 })
    expect([await at(699, exchange(begins)), await at(700, exchange(begins))]).toEqual([500133, 200])
  })

  it('ten minutes: a code', async () => {
    const codeOf = async (): Promise<string> =>
      (await signIn(createBrowser(emulator.origin), authorizeUrl(emulator))).location?.searchParams.get(
        'code',
      ) ?? ''
    const [one, another] = [await codeOf(), await codeOf()]
    expect(await at(600, () => redeem(emulator, one))).toBe(200)
    expect(await at(600.001, () => redeem(emulator, another))).toBe(70008)
  })

  it('a day, without its last moment: a refresh token of a page', async () => {
    const { body } = await signInToWebClient(emulator)
    const refresh = () =>
      postToken(
        emulator,
        { grant_type: 'refresh_token', client_id: webClient, refresh_token: body['refresh_token'] as string },
        { headers: { origin: 'http://localhost:3000' } },
      )
    expect([await at(86_399.999, refresh), await at(86_400, refresh)]).toEqual([200, 700084])
  })

  it('a quarter of an hour, without its last moment: the code of a device', async () => {
    const [one, another] = [(await begin(emulator)).body, (await begin(emulator)).body]
    for (const { user_code: code } of [one, another]) await signInForDevice(emulator, code as string)
    const ask = (body: Record<string, unknown>) => () => poll(emulator, body['device_code'] as string)
    expect([await at(899.999, ask(one)), await at(900, ask(another))]).toEqual([200, 70020])
  })

  it('its end, without it: a secret', async () => {
    const ask = () =>
      postToken(emulator, {
        ...{ grant_type: 'client_credentials', client_id: daemon, client_secret: 'short-lived' },
        scope: `api://${todoApi}/.default`,
      })
    expect([await at(499.999, ask), await at(500, ask)]).toEqual([200, 7000222])
  })

  it('its end, without it: a token at Graph, which tolerates nothing', async () => {
    const token = (await postToken(emulator, onBehalfOf(await assertion({}), { scope: 'User.Read' }))).body
    const lifetime = Number(token['expires_in'])
    const ask = async () => {
      const response = await fetch(`${emulator.origin}/v1.0/me`, {
        headers: { authorization: `Bearer ${token['access_token'] as string}` },
      })
      return { status: response.status, body: {} }
    }
    expect([await at(lifetime - 1, ask), await at(lifetime, ask)]).toEqual([200, 401])
  })

  it('an hour: a form', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.open(authorizeUrl(emulator))
    const submit = async () => {
      const answer = await browser.submit(page, { username: alice, password })
      return { status: answer.location === undefined ? answer.status : 200, body: {} }
    }
    expect(await at(3600, submit)).toBe(200)
    expect(await at(3600.001, submit)).toBe(400)
  })

  it('the age that a policy allows: a sign-in', async () => {
    emulator.policies.add({ kind: 'sign_in_frequency', resource: todoApi, maxAgeSeconds: 100 })
    const token = await assertion({})
    const ask = () => postToken(emulator, onBehalfOf(token))
    expect([await at(100, ask), await at(101, ask)]).toEqual([200, 70043])
  })

  it('the time from which on a request wants it: a sign-in', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const isKept = async (since: number): Promise<boolean> => {
      const claims = `{"access_token":{"nbf":{"essential":true,"value":"${String(since)}"}}}`
      return (await browser.open(authorizeUrl(emulator, { claims }))).location !== undefined
    }
    expect([await isKept(start), await isKept(start + 1)]).toEqual([true, false])
    // Claims that ask for it are no policy.
    expect(emulator.requests.list().at(-1)).not.toHaveProperty('policies')
  })

  it('the moment of a revocation, without it: what was issued before', async () => {
    const token = await assertion({})
    emulator.directory.revokeSessions(emulator.directory.findUser(alice)!, emulator.clock.now())
    expect(await at(0, () => postToken(emulator, onBehalfOf(token)))).toBe(50173)
    emulator.directory.revokeSessions(emulator.directory.findUser(alice)!, emulator.clock.now() - 1)
    expect(await at(0, () => postToken(emulator, onBehalfOf(token)))).toBe(200)
  })

  it('a revocation: a token that was made elsewhere, by the time that it says', async () => {
    const revoke = (atMs: number): void => {
      emulator.directory.revokeSessions(emulator.directory.findUser(alice)!, atMs)
    }
    const foreign = await assertion({ aio: undefined, sid: 'session-of-elsewhere' })
    const ask = (token: string) => () => postToken(emulator, onBehalfOf(token))
    revoke(start * 1000 - 1)
    expect(await at(0, ask(foreign))).toBe(200)
    expect(emulator.requests.list().at(-1)?.sessionId).toBe('session-of-elsewhere')
    revoke(start * 1000)
    expect(await at(0, ask(foreign))).toBe(50173)
    // One that says no time was issued before everything.
    revoke(1)
    expect(await at(0, ask(await assertion({ aio: undefined, iat: undefined })))).toBe(50173)
  })

  it('its age: the sign-in of a token that was made elsewhere, which began when it was issued', async () => {
    emulator.policies.add({ kind: 'sign_in_frequency', resource: todoApi, maxAgeSeconds: 100 })
    const foreign = await assertion({ aio: undefined })
    const ask = () => postToken(emulator, onBehalfOf(foreign))
    expect([await at(100, ask), await at(101, ask)]).toEqual([200, 70043])
  })
})
