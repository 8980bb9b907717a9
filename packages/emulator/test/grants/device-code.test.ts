// The device code flow (RFC 8628) by its requests: what a device is told while its user signs in elsewhere, and afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import { begin, poll, signInForDevice } from '../device.ts'
import { expectDecisions } from '../decisions.ts'
import {
  accessAsUser,
  alice,
  authorizeUrl,
  blueprint,
  blueprintSecret,
  bob,
  claimsOf,
  contoso,
  fabrikam,
  middleTier,
  middleTierSecret,
  signIn,
  todoApi,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

async function pending(): Promise<{ deviceCode: string; userCode: string }> {
  const { body } = await begin(emulator)
  return { deviceCode: body['device_code'] as string, userCode: body['user_code'] as string }
}

describe('the device authorization endpoint', () => {
  it('answers as Entra does, with an address here and no complete one', async () => {
    const { status, body } = await begin(emulator)
    const { user_code: userCode } = body as { user_code: string }
    const address = `${emulator.origin}/devicelogin`
    expect(status).toBe(200)
    expect(userCode).toMatch(/^[A-Z0-9]{9}$/)
    expect(body).toEqual({
      user_code: userCode,
      device_code: expect.stringMatching(/^[\w-]{64}$/) as string,
      verification_uri: address,
      expires_in: 900,
      interval: 5,
      message: `To sign in, use a web browser to open the page ${address} and enter the code ${userCode} to authenticate.`,
    })
  })

  it('answers with strings and verification_url at the v1 endpoint, whose codes its token endpoint takes', async () => {
    const { body } = await begin(
      emulator,
      { resource: `api://${middleTier}`, scope: 'openid' },
      { version: '' },
    )
    expect(body).toMatchObject({
      expires_in: '900',
      interval: '5',
      verification_url: `${emulator.origin}/devicelogin`,
    })
    expect(body).not.toHaveProperty('verification_uri')
    await signInForDevice(emulator, body['user_code'] as string)
    const form = { grant_type: 'device_code', code: body['device_code'] as string }
    const { status, body: tokens } = await poll(emulator, '', form, { version: '' })
    expect(status).toBe(200)
    expect(claimsOf(tokens['access_token'] as string)).toMatchObject({
      aud: middleTier,
      scp: 'access_as_user',
    })
  })

  it.each<[string, Record<string, string>, number]>([
    ['no client', { client_id: '' }, 900144],
    ['an unknown client', { client_id: '11111111-2222-4333-8444-555555555555' }, 700016],
    ['no scope', { scope: '' }, 900144],
    ['an unknown scope', { scope: `api://${middleTier}/nothing` }, 650053],
    ['two APIs', { scope: `${accessAsUser} api://${todoApi}/Tasks.ReadWrite` }, 28000],
    ['claims that are none', { claims: '[' }, 9002313],
  ])('refuses %s', async (_, changes, code) => {
    expect((await begin(emulator, changes)).body['error_codes']).toEqual([code])
  })

  it.each([
    ['an unknown tenant', 'nobody.example', 90002],
    ['personal accounts', 'consumers', 9001023],
  ])('refuses %s', async (_, tenant, code) => {
    expect((await begin(emulator, {}, { tenant })).body['error_codes']).toEqual([code])
  })

  it('refuses a client of one tenant at common, and what is no form', async () => {
    const answer = await begin(
      emulator,
      { client_id: 'a0000000-0000-4000-8000-000000000004' },
      { tenant: 'common' },
    )
    expect(answer.body['error_codes']).toEqual([50194])
    const response = await fetch(`${emulator.origin}/${contoso}/oauth2/v2.0/devicecode`, { method: 'POST' })
    expect(await response.json()).toMatchObject({ error: 'invalid_request', error_codes: [900144] })
  })
})

describe('a device that polls', () => {
  it('waits, gets the tokens of the user who signed in, and gets them once', async () => {
    const { deviceCode, userCode } = await pending()
    const early = await poll(emulator, deviceCode)
    expect(early.status).toBe(400)
    expect(early.body).toMatchObject({
      error: 'authorization_pending',
      error_codes: [70016],
      error_uri: `${emulator.origin}/error?code=70016`,
    })
    const done = await signInForDevice(emulator, userCode)
    expect(done.html).toContain(`<strong>${alice}</strong> is signed in on your device`)
    const { status, body } = await poll(emulator, deviceCode)
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)).toMatchObject({
      ...{ aud: middleTier, scp: 'access_as_user', azpacr: '0', preferred_username: alice },
    })
    expect(claimsOf(body['id_token'] as string)['preferred_username']).toBe(alice)
    expect(body['refresh_token']).toEqual(expect.any(String))
    expect((await poll(emulator, deviceCode)).body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [54005],
    })
  })

  it('is told that its user declined, at the question or at the consent', async () => {
    const { deviceCode, userCode } = await pending()
    const page = await signInForDevice(emulator, userCode, { confirmation: 'cancel' })
    expect(page.html).toContain('You declined the sign-in')
    const declined = { error: 'authorization_declined', error_codes: [70018] }
    expect((await poll(emulator, deviceCode)).body).toMatchObject(declined)
    const { body } = await begin(emulator, { scope: 'Mail.Read' })
    await signInForDevice(emulator, body['user_code'] as string, { consent: 'decline' })
    expect((await poll(emulator, body['device_code'] as string)).body).toMatchObject(declined)
  })

  it('is too late after a quarter of an hour, and so is its user', async () => {
    const [slow, late] = [await pending(), await pending()]
    await signInForDevice(emulator, slow.userCode)
    emulator.clock.advance(899)
    expect((await poll(emulator, late.deviceCode)).body['error']).toBe('authorization_pending')
    emulator.clock.advance(1)
    const expired = { error: 'expired_token', error_codes: [70020] }
    expect((await poll(emulator, slow.deviceCode)).body).toMatchObject(expired)
    expect((await poll(emulator, late.deviceCode)).body).toMatchObject(expired)
    expect((await signInForDevice(emulator, late.userCode)).html).toContain('That code didn’t work')
    emulator.clock.advance(-900)
  })

  it('may be slow: until the code is over, the tokens wait', async () => {
    const { deviceCode, userCode } = await pending()
    await signInForDevice(emulator, userCode)
    emulator.clock.advance(890)
    expect((await poll(emulator, deviceCode)).status).toBe(200)
    emulator.clock.advance(-890)
  })

  it('finds the second step, and the policies of the moment, done by its user', async () => {
    const policy = emulator.policies.add({ kind: 'require_mfa', resource: middleTier })
    const { deviceCode, userCode } = await pending()
    const browser = createBrowser(emulator.origin)
    const approve = await signInForDevice(emulator, userCode, { browser, username: bob })
    expect((await poll(emulator, deviceCode)).body['error']).toBe('authorization_pending')
    await browser.submit(await browser.submit(approve, { approval: 'approve' }), { consent: 'accept' })
    policy.remove()
    expect(
      claimsOf((await poll(emulator, deviceCode)).body['access_token'] as string)['preferred_username'],
    ).toBe(bob)
  })

  it('is refused with a code of nobody, of another client, by another tenant, and from a page', async () => {
    const { deviceCode, userCode } = await pending()
    await signInForDevice(emulator, userCode)
    const codes = async (answer: ReturnType<typeof poll>): Promise<unknown> =>
      (await answer).body['error_codes']
    expect(await codes(poll(emulator, 'none'))).toEqual([70018])
    expect(await codes(poll(emulator, '', {}))).toEqual([900144])
    const other = { client_id: middleTier, client_secret: middleTierSecret }
    expect(await codes(poll(emulator, deviceCode, other))).toEqual([700007])
    expect(await codes(poll(emulator, deviceCode, {}, { tenant: fabrikam }))).toEqual([700005])
    const headers = { origin: 'http://localhost:3000' }
    expect(await codes(poll(emulator, deviceCode, {}, { headers }))).toEqual([9002326])
    expect((await poll(emulator, deviceCode)).status).toBe(200)
  })

  it.each<[string, Record<string, string>, number]>([
    ['is neither public nor proved', { client_id: middleTier }, 7000218],
    ['is a page', { client_id: webClient }, 7000218],
    ['is a blueprint', { client_id: blueprint, client_secret: blueprintSecret }, 70003],
  ])('is refused when its application %s', async (_, client, code) => {
    const { body } = await begin(emulator, { client_id: client['client_id']!, scope: 'User.Read' })
    expect((await poll(emulator, body['device_code'] as string, client)).body['error_codes']).toEqual([code])
  })

  it('may be a confidential client that proves itself', async () => {
    const { body } = await begin(emulator, { client_id: middleTier, scope: 'User.Read' })
    await signInForDevice(emulator, body['user_code'] as string)
    const client = { client_id: middleTier, client_secret: middleTierSecret }
    expect((await poll(emulator, body['device_code'] as string, client)).status).toBe(200)
  })
})

describe('the page of the code', () => {
  it('takes the code in any case, with blanks, and from its address', async () => {
    const { deviceCode, userCode } = await pending()
    const typed = ` ${userCode.slice(0, 4).toLowerCase()} ${userCode.slice(4)} `
    const page = await createBrowser(emulator.origin).open(`${emulator.origin}/devicelogin?otc=${userCode}`)
    expect(page.html).toContain(`value="${userCode}"`)
    await signInForDevice(emulator, typed)
    expect((await poll(emulator, deviceCode)).status).toBe(200)
  })

  it('lets a user who is signed in choose, and never signs them in by itself', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const { deviceCode, userCode } = await pending()
    const page = await signInForDevice(emulator, userCode, { browser })
    expect(page.html).toContain('Sign in')
    expect((await poll(emulator, deviceCode)).body['error']).toBe('authorization_pending')
  })

  it('does not take the confirmation of another browser, nor a code twice', async () => {
    const { userCode } = await pending()
    const [mine, theirs] = [createBrowser(emulator.origin), createBrowser(emulator.origin)]
    const entered = await mine.submit(await mine.open(`${emulator.origin}/devicelogin`), { code: userCode })
    expect((await theirs.submit(entered, { confirmation: 'continue' })).html).toContain('AADSTS9002313')
    await signInForDevice(emulator, userCode)
    expect((await signInForDevice(emulator, userCode)).html).toContain('That code didn’t work')
    const login = await mine.submit(entered, { confirmation: 'continue' })
    const late = await mine.submit(login, { username: alice, password: 'Passw0rd!' })
    expect(late.html).toContain('AADSTS70020')
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/device-code.txt')
})
