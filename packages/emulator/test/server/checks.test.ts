// What the request log tells of a decision: every check with what it saw, every policy with what became of it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator, type RequestRecord } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import { begin, poll, signInForDevice } from '../device.ts'
import {
  accessAsUser,
  alice,
  authorizeUrl,
  bob,
  commandLine,
  contoso,
  fabrikam,
  middleTier,
  onBehalfOf,
  password,
  postToken,
  signIn,
  signInToWebClient,
  todoApi,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
let accessToken: string
beforeAll(async () => {
  emulator = await createEmulator()
  accessToken = (await signInToWebClient(emulator)).body['access_token'] as string
})
afterAll(() => emulator.stop())
beforeEach(() => {
  emulator.policies.clear()
  emulator.faults.clear()
  emulator.requests.clear()
})

const last = (): RequestRecord => emulator.requests.list().at(-1)!
const check = (name: string): unknown => last().checks?.find((each) => each.name === name)
const told = (): readonly string[] => (last().checks ?? []).map(({ name, verdict }) => `${name} ${verdict}`)

describe('an exchange', () => {
  it('that is served has passed every check, in their order', async () => {
    await postToken(emulator, onBehalfOf(accessToken, { scope: 'User.Read' }))
    expect(told()).toEqual(
      [
        ...['form', 'tenant', 'grant_type', 'client', 'client_authentication', 'token_form', 'token_kind'],
        ...['signature', 'tenant_id', 'expired', 'audience', 'permissions', 'resource', 'user'],
        ...['assignment', 'consent', 'policies', 'token'],
      ].map((name) => `${name} passed`),
    )
    expect(check('client_authentication')).toMatchObject({
      expected: 'secret (1) or federated credential (1)',
      actual: 'a secret',
    })
    expect(last().application).toBe('To Do list middle tier')
  })

  it('that a policy refuses has failed at it, and says what became of each policy', async () => {
    const resource = 'To Do API'
    emulator.policies.add({ name: 'MFA here', kind: 'require_mfa', resource })
    emulator.policies.add({ name: 'MFA there', kind: 'require_mfa', resource: 'Microsoft Graph' })
    emulator.policies.add({ name: 'for Bob', kind: 'block', users: ['bob@contoso.onmicrosoft.com'] })
    emulator.policies.add({ name: 'asleep', kind: 'block', enabled: false })
    emulator.policies.add({ name: 'lenient', kind: 'sign_in_frequency', resource, maxAgeSeconds: 86_400 })
    await postToken(emulator, onBehalfOf(accessToken))
    expect(told().slice(-2)).toEqual(['policies failed', 'token not_reached'])
    expect(check('policies')).toMatchObject({ actual: 'signed in by pwd' })
    expect(last().policyResults?.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'MFA here unmet',
      'lenient met',
      'MFA there not_applied',
      'for Bob not_applied',
      'asleep off',
    ])
    expect(last().policyResults?.[0]?.because).toBe('it demands amr with mfa, the session has pwd')
  })

  it('says of each policy that it did not come to why', async () => {
    const add = (name: string, about: object): unknown =>
      emulator.policies.add({ name, kind: 'block', ...about })
    add('another API', { resource: 'Microsoft Graph' })
    add('others', { users: [bob, 'carol@fabrikam.onmicrosoft.com'] })
    add('another tenant', { tenant: fabrikam })
    add('another person', { tenant: contoso, users: [bob] })
    add('agents', { agents: 'all' })
    add('a context', { authContext: 'c7' })
    await postToken(emulator, onBehalfOf(accessToken))
    expect(last().status).toBe(200)
    expect(last().policyResults?.map(({ because }) => because)).toEqual([
      'it is about another API',
      `it is about ${bob}, carol@fabrikam.onmicrosoft.com`,
      'it is about another tenant',
      `it is about ${bob}`,
      'it is about agents',
      'nobody asked for the authentication context c7',
    ])
  })

  it('never calls a policy met because another one refused first', async () => {
    emulator.policies.add({ name: 'nobody', kind: 'block' })
    emulator.policies.add({ name: 'second step', kind: 'require_mfa' })
    await postToken(emulator, onBehalfOf(accessToken))
    expect(last().policies).toEqual(['nobody'])
    expect(last().policyResults?.map(({ verdict }) => verdict)).toEqual(['unmet', 'unmet'])
  })

  it('of a token for somebody else has failed at the audience, with what was expected and what came', async () => {
    const other = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: webClient,
      audience: todoApi,
      scopes: ['Tasks.ReadWrite'],
    })
    await postToken(emulator, onBehalfOf(other))
    expect(check('audience')).toMatchObject({ verdict: 'failed', actual: todoApi })
    expect((check('audience') as { expected: string }).expected).toContain(middleTier)
    expect(told()).toContain('permissions not_reached')
    expect(told()).toContain('signature passed')
  })

  it('that a fault strikes has failed at the fault', async () => {
    emulator.faults.add({ when: { endpoint: 'token' }, then: { aadsts: 90033 } })
    await postToken(emulator, onBehalfOf(accessToken))
    expect(told()[0]).toBe('fault failed')
    expect(check('fault')).toMatchObject({ expected: 'no fault', actual: '{"aadsts":90033}' })
  })
})

describe('an authorization request', () => {
  it('asks who it is, then for the second step, and the forms behind it are known as its own', async () => {
    emulator.policies.add({ name: 'MFA', kind: 'require_mfa' })
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator, { 'client-request-id': 'the-correlation' }))
    const records = emulator.requests.list({ correlationId: 'the-correlation' })
    expect(records.map(({ shown }) => shown?.replace(/ of .*/, ''))).toEqual([
      'sign-in page',
      'second step page',
      'query',
    ])
    expect(records.map(({ checks }) => checks?.find(({ verdict }) => verdict === 'asked')?.name)).toEqual([
      'session',
      'policies',
      undefined,
    ])
    expect(records[1]?.policies).toEqual(['MFA'])
    expect(new Set(records.slice(1).map(({ sessionId }) => sessionId)).size).toBe(1)
    expect(records[2]?.codeId).toBeDefined()
  })

  it('says who is signed in, what was consented to, and whom the code is for', async () => {
    const browser = createBrowser(emulator.origin)
    await browser.open(authorizeUrl(emulator))
    expect(check('session')).toMatchObject({
      verdict: 'asked',
      expected: 'one signed-in account',
      actual: 'nobody is signed in',
    })
    await signIn(browser, authorizeUrl(emulator))
    await browser.open(authorizeUrl(emulator))
    expect(check('session')).toMatchObject({ verdict: 'passed', actual: alice })
    expect(check('user')).toMatchObject({ expected: 'a member or guest of Contoso', actual: alice })
    expect(check('policies')).toEqual({
      name: 'policies',
      verdict: 'passed',
      actual: 'signed in by pwd',
    })
    expect(last()).not.toHaveProperty('policies')
    expect(check('consent')).toMatchObject({ actual: 'given' })
    expect(check('code')).toMatchObject({ actual: alice })
    await signIn(browser, authorizeUrl(emulator, { prompt: 'login' }), { username: bob })
    await browser.open(authorizeUrl(emulator))
    expect(check('session')).toMatchObject({ verdict: 'asked', actual: '2 signed in' })
    expect(last().shown).toBe('account picker')
    await browser.open(authorizeUrl(emulator, { login_hint: bob, prompt: 'consent' }))
    expect(check('consent')).toMatchObject({
      verdict: 'asked',
      expected: 'access_as_user',
      actual: 'not granted yet',
    })
    expect(last().shown).toBe('consent page')
  })

  it('without a correlation id gets one, which its forms carry on', async () => {
    const browser = createBrowser(emulator.origin)
    await browser.submit(await browser.open(authorizeUrl(emulator)), { username: 'nobody', password: 'x' })
    const [asked, refused] = emulator.requests.list()
    expect(asked?.correlationId).toBe(asked?.id)
    expect(refused?.correlationId).toBe(asked?.id)
    expect(refused).toMatchObject({ error: [50034] })
    expect(told()).toContain('password failed')
  })

  it('that may show no page says which check would have needed one', async () => {
    emulator.policies.add({ name: 'MFA', kind: 'require_mfa' })
    const browser = createBrowser(emulator.origin)
    await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(told()).toContain('session failed')
    emulator.policies.clear()
    await signIn(browser, authorizeUrl(emulator))
    emulator.policies.add({ name: 'MFA', kind: 'require_mfa' })
    await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(told().slice(-3)).toEqual(['policies failed', 'consent not_reached', 'code not_reached'])
    expect(last().policyResults).toMatchObject([{ name: 'MFA', verdict: 'unmet' }])
    expect(check('policies')).toMatchObject({ expected: 'MFA', actual: 'signed in by pwd' })
    expect(last().user).toBe(alice)
  })

  it('that is refused has failed at what was missing: a consent, its administrator, a place in the tenant', async () => {
    const directory = {
      ...defaultDirectory,
      applications: defaultDirectory.applications.map((each) =>
        each.id === todoApi
          ? { ...each, scopes: [...(each.scopes ?? []), { value: 'Tasks.All', adminOnly: true }] }
          : each,
      ),
    }
    const other = await createEmulator({ directory })
    const browser = createBrowser(other.origin)
    await signIn(browser, authorizeUrl(other), { username: bob })
    const failed = async (changes: Record<string, string>, tenant?: string): Promise<unknown> => {
      await browser.open(authorizeUrl(other, changes, tenant))
      return other.requests
        .list()
        .at(-1)
        ?.checks?.filter(({ verdict }) => verdict === 'failed')
    }
    const consent = { name: 'consent', verdict: 'failed', actual: 'not granted' }
    expect(await failed({ scope: `api://${todoApi}/Tasks.ReadWrite`, prompt: 'none' })).toEqual([consent])
    expect(await failed({ scope: `api://${todoApi}/Tasks.All` })).toEqual([consent])
    await browser.submit(await browser.open(authorizeUrl(other, {}, fabrikam)), { username: bob, password })
    expect(other.requests.list().at(-1)).toMatchObject({ error: [50020] })
    expect(
      other.requests
        .list()
        .at(-1)
        ?.checks?.filter(({ verdict }) => verdict === 'failed'),
    ).toMatchObject([{ name: 'user' }])
    await other.stop()
  })

  it('with a redirect URI that nobody registered names those that are', async () => {
    await createBrowser(emulator.origin).open(
      authorizeUrl(emulator, { redirect_uri: 'http://localhost:3000/other' }),
    )
    expect(check('redirect_uri')).toMatchObject({
      verdict: 'failed',
      expected: 'http://localhost:3000/ or http://localhost:3000/redirect.html',
      actual: 'http://localhost:3000/other',
    })
    expect(last().shown).toContain('error page')
  })
})

describe('a flow without a redirect URI', () => {
  const before = ['form', 'tenant', 'grant_type', 'client', 'client_authentication', 'platform']
  const after = ['assignment', 'consent', 'policies', 'token']
  const passed = (...names: string[]): string[] => names.map((name) => `${name} passed`)

  it('by user name and password tells the same, and no password', async () => {
    const form = { grant_type: 'password', client_id: commandLine, username: alice, scope: accessAsUser }
    await postToken(emulator, { ...form, password })
    expect(told()).toEqual(passed(...before, 'user', 'password', 'resource', ...after))
    await postToken(emulator, { ...form, password: 'not-the-password' })
    expect(told()).toEqual([
      ...passed(...before, 'user'),
      'password failed',
      ...['resource', ...after].map((name) => `${name} not_reached`),
    ])
    expect(JSON.stringify(emulator.requests.list())).not.toMatch(/not-the-password/)
  })

  it('of a device tells what became of its code', async () => {
    const { body } = await begin(emulator)
    const deviceCode = body['device_code'] as string
    await poll(emulator, deviceCode)
    expect(told()).toEqual([
      ...passed(...before),
      'device_code failed',
      ...['user', 'resource', ...after].map((name) => `${name} not_reached`),
    ])
    expect(check('device_code')).toMatchObject({ actual: 'pending' })
    await signInForDevice(emulator, body['user_code'] as string)
    await poll(emulator, deviceCode)
    expect(told()).toEqual(passed(...before, 'device_code', 'user', 'resource', ...after))
    expect(JSON.stringify(emulator.requests.list())).not.toContain(deviceCode)
  })
})

describe('a call of Graph', () => {
  const call = async (mint: Partial<Parameters<Emulator['mint']>[0]>, path: string): Promise<Response> => {
    const token = await emulator.mint({
      client: middleTier,
      audience: 'https://graph.microsoft.com',
      ...mint,
    })
    return fetch(`${emulator.origin}/v1.0${path}`, { headers: { authorization: `Bearer ${token}` } })
  }
  const names = ['signature', 'audience', 'expired', 'issuer', 'user', 'permissions']

  it('that is served has passed every check, in their order', async () => {
    expect((await call({ user: alice, scopes: ['User.Read'] }, '/me')).status).toBe(200)
    expect(told()).toEqual(names.map((name) => `${name} passed`))
    expect(check('user')).toMatchObject({ actual: alice })
    expect(check('permissions')).toMatchObject({ actual: 'User.Read' })
  })

  it('says the roles that an application has, and those that it needs; when it was is said to the second', async () => {
    const { error } = (await (await call({ roles: ['Other.Read', 'More.Read'] }, '/users')).json()) as {
      readonly error: { readonly innerError: { readonly date: string } }
    }
    expect(check('permissions')).toEqual({
      ...{ name: 'permissions', verdict: 'failed', actual: 'Other.Read More.Read' },
      expected: 'User.ReadBasic.All or User.Read.All or Directory.Read.All',
    })
    expect(check('user')).toMatchObject({ actual: 'an application' })
    expect(error.innerError.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    await call({}, '/users')
    expect(check('permissions')).toMatchObject({ actual: 'none' })
    await call({ roles: ['Other.Read'] }, '/me/memberOf')
    expect(check('permissions')).toMatchObject({ expected: 'any' })
  })

  it('tells which permission was missing', async () => {
    const token = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: middleTier,
      audience: 'https://graph.microsoft.com',
      scopes: ['User.Read'],
    })
    await fetch(`${emulator.origin}/v1.0/users`, { headers: { authorization: `Bearer ${token}` } })
    expect(check('permissions')).toEqual({
      name: 'permissions',
      verdict: 'failed',
      expected: 'User.ReadBasic.All or User.Read.All or Directory.Read.All',
      actual: 'User.Read',
    })
  })
})

describe('a refusal', () => {
  it('is kept whole: nothing in it opens a door', async () => {
    emulator.policies.add({ name: 'MFA', kind: 'require_mfa', resource: 'To Do API' })
    const { body } = await postToken(emulator, onBehalfOf(accessToken))
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining(['claims', 'suberror', 'error_uri', 'timestamp']),
    )
    const { response = {} } = last()
    expect(Object.keys(response)).toEqual(Object.keys(body))
    for (const [name, value] of Object.entries(body)) {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      expect(response[name]).toBe(text.length > 400 ? `${text.slice(0, 400)}…` : text)
    }
  })

  it('of what was asked keeps all but the secrets', async () => {
    await postToken(emulator, onBehalfOf(accessToken, { 'client-request-id': 'x', 'x-client-sku': 'test' }))
    const masked = Object.entries(last().parameters ?? {}).filter(([, value]) => value.startsWith('•••'))
    expect(masked.map(([name]) => name).sort()).toEqual(['assertion', 'client_secret'])
    await createBrowser(emulator.origin).open(
      authorizeUrl(emulator, { prompt: 'none', login_hint: alice, domain_hint: 'x', response_mode: 'query' }),
    )
    expect(Object.values(last().parameters ?? {}).filter((value) => value.startsWith('•••'))).toEqual([])
  })
})

describe('a token that is sent where none belongs', () => {
  it.each(['client_id', 'grant_type', 'client-request-id', 'scope', 'state', 'username'])(
    'is in no record: %s',
    async (name) => {
      await postToken(emulator, { ...onBehalfOf(accessToken), [name]: accessToken })
      await fetch(`${emulator.origin}/common/oauth2/v2.0/authorize?${name}=${accessToken}`)
      expect(emulator.requests.list()).toHaveLength(2)
      expect(JSON.stringify(emulator.requests.list())).not.toContain(accessToken.slice(0, 40))
    },
  )

  it('is in no record: the tenant of the path, and a header', async () => {
    const headers = { 'client-request-id': accessToken, 'user-agent': accessToken }
    await fetch(`${emulator.origin}/${accessToken}/oauth2/v2.0/token`, { method: 'POST', headers })
    expect(emulator.requests.list()).toHaveLength(1)
    expect(JSON.stringify(emulator.requests.list())).not.toContain(accessToken.slice(0, 40))
  })
})
