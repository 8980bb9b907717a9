// The control endpoints: another process switches policies, revokes, consents and moves the clock; foreign pages do not.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { createBrowser, parseForm } from '../../browser.ts'
import {
  agent,
  alice,
  blueprint,
  bob,
  claimsOf,
  contoso,
  middleTier,
  onBehalfOf,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
  type Json,
} from '../../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.policies.clear())

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<{ status: number; headers: Headers; body: Json }> {
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${emulator.origin}/_emulator/${path}`, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text || '{}') as Json }
}

const exchange = async (assertion: string): Promise<unknown> =>
  (await postToken(emulator, onBehalfOf(assertion))).body['error_codes']

describe('policies over HTTP', () => {
  it('are added, listed, switched, replaced and removed, and count at once', async () => {
    const assertion = (await signInToWebClient(emulator)).body['access_token'] as string
    const added = await call('POST', 'policies', { kind: 'require_mfa', resource: 'To Do API' })
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ name: 'Require MFA for To Do API', resource: todoApi, enabled: true })
    expect(await exchange(assertion)).toEqual([50076])
    const byName = `policies/${encodeURIComponent('Require MFA for To Do API')}`
    expect((await call('PATCH', byName, { enabled: false })).body['enabled']).toBe(false)
    expect(await exchange(assertion)).toBeUndefined()
    const id = added.body['id'] as string
    expect((await call('PATCH', `policies/${id}`, { enabled: true })).body['enabled']).toBe(true)
    const listed = await call('GET', 'policies')
    expect(listed.body['policies']).toEqual(emulator.policies.list())
    const set = await call('PUT', 'policies', { policies: [{ kind: 'block' }] })
    expect(set.body['policies']).toHaveLength(1)
    expect(await exchange(assertion)).toEqual([53003])
    expect((await call('DELETE', `policies/${id}`)).status).toBe(404)
    expect((await call('DELETE', 'policies')).status).toBe(204)
    expect(await exchange(assertion)).toBeUndefined()
  })

  it('are removed one by one', async () => {
    const [first, second] = emulator.policies.set([{ kind: 'block' }, { kind: 'require_mfa' }])
    expect((await call('DELETE', `policies/${first!.id}`)).status).toBe(204)
    expect(emulator.policies.list()).toEqual([second])
  })

  it.each<[string, string, unknown, number, string]>([
    ['POST', 'policies', { kind: 'sign_in_frequency' }, 400, 'policy.maxAgeSeconds: '],
    ['POST', 'policies', undefined, 400, 'policy: '],
    ['PUT', 'policies', { policies: 'all' }, 400, 'policies: must be a list'],
    ['PUT', 'policies', { policies: [{ kind: 'x' }] }, 400, 'policies.0.kind: '],
    ['PATCH', 'policies/none', { enabled: true }, 404, 'no policy none'],
    ['PATCH', 'policies/none', { enabled: 'yes' }, 400, 'enabled: '],
    ['POST', 'clock', { advanceSeconds: 'much' }, 400, 'advanceSeconds: '],
    ['POST', 'clock', { advanceSeconds: 1e15 }, 400, 'clock: '],
    ['POST', 'users/nobody/revoke-sessions', {}, 404, 'no user nobody'],
    ['POST', 'consents', { tenantId: 'x' }, 400, 'tenantId: '],
    ['DELETE', 'consents', undefined, 400, 'tenantId and clientId'],
  ])('%s %s with %j is refused by name', async (method, path, body, status, message) => {
    const refused = await call(method, path, body)
    expect(refused.status).toBe(status)
    expect(refused.body['error']).toContain(message)
  })
})

describe('users, consents and the clock over HTTP', () => {
  it('sessions are revoked', async () => {
    const assertion = (await signInToWebClient(emulator)).body['access_token'] as string
    const { status, body } = await call('POST', `users/${alice}/revoke-sessions`, {})
    expect(status).toBe(200)
    expect(body['user']).toBe(alice)
    expect(await exchange(assertion)).toEqual([50173])
  })

  it('consents are revoked and granted', async () => {
    const assertion = (await signInToWebClient(emulator, { username: bob })).body['access_token'] as string
    const consent = { tenantId: contoso, clientId: middleTier, resourceId: todoApi }
    const gone = await call('DELETE', `consents?${new URLSearchParams(consent).toString()}`)
    expect(gone.body).toEqual({ revoked: 1 })
    expect(await exchange(assertion)).toEqual([65001])
    expect((await call('POST', 'consents', { ...consent, scopes: ['Tasks.ReadWrite'] })).status).toBe(201)
    expect(await exchange(assertion)).toBeUndefined()
    const { body } = await call('GET', 'consents')
    expect(body['consents']).toContainEqual({ ...consent, scopes: ['Tasks.ReadWrite'] })
  })

  it('the clock is moved', async () => {
    const before = emulator.clock.now()
    const { body } = await call('POST', 'clock', { advanceSeconds: 3600 })
    expect(Date.parse(body['now'] as string) - before).toBeGreaterThanOrEqual(3_600_000)
    emulator.clock.advance(-3600)
  })
})

describe('agents by HTTP', () => {
  const fresh = {
    id: 'a0000000-0000-4000-8000-0000000000a1',
    displayName: 'Second assistant',
    blueprintId: blueprint,
    tenantId: contoso,
  }
  const listed = async (): Promise<unknown> => (await call('GET', 'directory')).body['agentIdentities']

  it('are created, listed, disabled and deleted', async () => {
    expect(await call('POST', 'agents', fresh)).toMatchObject({ status: 201, body: fresh })
    const off = await call('PATCH', `agents/${fresh.id}`, { enabled: false })
    expect(off).toMatchObject({ status: 200, body: { ...fresh, enabled: false } })
    expect(await listed()).toMatchObject([{ id: agent }, { ...fresh, enabled: false }])
    expect((await call('DELETE', `agents/${fresh.id}`)).status).toBe(204)
    expect(await listed()).toMatchObject([{ id: agent }])
  })

  it('are refused with the errors of Entra', async () => {
    const parent = await call('POST', 'agents', { ...fresh, blueprintId: agent })
    expect(parent.status).toBe(400)
    expect(parent.body['error']).toContain('AgentIdentity_IncompatibleParentType')
    const secret = await call('POST', 'agents', { ...fresh, secrets: [{ value: 'x' }] })
    expect(secret.body['error']).toContain('AgentIdentity_CredentialsNotSupported')
    const nothing = await call('POST', 'agents', undefined)
    expect(nothing.status).toBe(400)
    expect(nothing.body['error']).toMatch(/^directory\.agentIdentity: /)
  })

  it('have to be there, and are switched by true or false', async () => {
    expect((await call('PATCH', `agents/${fresh.id}`, { enabled: true })).body).toEqual({
      error: `no agent ${fresh.id}`,
    })
    expect((await call('DELETE', `agents/${fresh.id}`)).status).toBe(404)
    const odd = await call('PATCH', `agents/${agent}`, { enabled: 'no' })
    expect(odd).toMatchObject({ status: 400, body: { error: 'enabled: must be true or false' } })
  })
})

describe('a page of another origin', () => {
  const foreign = { 'content-type': 'application/json', origin: 'https://evil.example' }

  it.each([
    ['POST', 'policies', { kind: 'block' }],
    ['PUT', 'policies', { policies: [] }],
    ['PATCH', 'policies/x', { enabled: false }],
    ['DELETE', 'policies', undefined],
    ['POST', `users/${alice}/revoke-sessions`, {}],
    ['POST', 'agents', {}],
    ['PATCH', `agents/${agent}`, { enabled: false }],
    ['DELETE', `agents/${agent}`, undefined],
    ['POST', 'consents', {}],
    ['DELETE', 'consents', undefined],
    ['POST', 'clock', { advanceSeconds: 1 }],
    ['POST', 'faults', { when: {}, then: { drop: true } }],
    ['DELETE', 'faults', undefined],
  ])('cannot %s %s', async (method, path, body) => {
    expect((await call(method, path, body, foreign)).status).toBe(403)
    expect(emulator.policies.list()).toEqual([])
    expect(emulator.faults.list()).toEqual([])
    expect(emulator.directory.agentIdentities).toHaveLength(1)
  })

  it('cannot send a form in place of JSON', async () => {
    expect((await call('POST', 'policies', { kind: 'block' }, { 'content-type': 'text/plain' })).status).toBe(
      403,
    )
    expect((await call('POST', 'faults', {}, {})).status).toBe(403)
  })
})

describe('the forms of the home page', () => {
  it('switch a policy and revoke sessions without script', async () => {
    const { id } = emulator.policies.add({ kind: 'block', name: 'Closed' })
    const browser = createBrowser(emulator.origin)
    const home = await browser.open(`${emulator.origin}/`)
    expect(home.html).toContain('Closed')
    const off = await browser.submit(home, { disable: id })
    expect(off.status).toBe(303)
    expect(off.location?.href).toBe(`${emulator.origin}/#policies`)
    expect(emulator.policies.find(id)?.enabled).toBe(false)
    await browser.submit(await browser.open(`${emulator.origin}/`), { enable: id })
    expect(emulator.policies.find(id)?.enabled).toBe(true)
    const { location } = await browser.submit(home, { revoke: bob })
    expect(location?.hash).toBe('#accounts')
    expect(emulator.directory.tokensValidFrom(emulator.directory.findUser(bob)!)).toBeGreaterThan(0)
    expect((await browser.open(`${emulator.origin}/`)).html).toContain('Sessions revoked')
  })

  it('work in the browser that was shown them, and in no other', async () => {
    const { id } = emulator.policies.add({ kind: 'block' })
    const attacker = createBrowser(emulator.origin)
    const form = parseForm((await attacker.open(`${emulator.origin}/`)).html)
    const victim = createBrowser(emulator.origin)
    await victim.open(`${emulator.origin}/`)
    const cookie = [...victim.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = new URLSearchParams({ ...form.fields, disable: id })
    const forged = await fetch(`${emulator.origin}/_emulator/home`, {
      method: 'POST',
      headers: { cookie },
      body,
      redirect: 'manual',
    })
    expect(forged.status).toBe(403)
    expect(emulator.policies.find(id)?.enabled).toBe(true)
  })
})

describe('minting by HTTP', () => {
  const request = { user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] }

  it('gives what emulator.mint makes, for no cache to keep', async () => {
    const { status, headers, body } = await call('POST', 'mint', request)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(claimsOf(body['token'] as string)).toMatchObject({ scp: 'access_as_user', azp: webClient })
  })

  it('names what is wrong', async () => {
    expect(await call('POST', 'mint', { ...request, scope: 'x' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('mint.scope') as string },
    })
    expect((await call('POST', 'mint')).status).toBe(400)
  })

  it.each<Record<string, string>>([
    { 'content-type': 'application/json', origin: 'https://evil.example' },
    { 'content-type': 'text/plain' },
  ])('is for no page of another origin: %j', async (headers) => {
    expect((await call('POST', 'mint', request, headers)).status).toBe(403)
  })
})
