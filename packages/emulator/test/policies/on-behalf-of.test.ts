// On behalf of, under policies of the downstream API: the exact error, and the way out of it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type MintRequest } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  bob,
  carol,
  claimsOf,
  fabrikam,
  middleTier,
  onBehalfOf,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
  without,
  type TokenAnswer,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.policies.clear())

const mint = (changes: Partial<MintRequest> = {}): Promise<string> =>
  emulator.mint({
    user: alice,
    client: webClient,
    audience: middleTier,
    scopes: ['access_as_user'],
    ...changes,
  })

async function exchange(
  changes: Partial<MintRequest> = {},
  form: Record<string, string> = {},
  place: Parameters<typeof postToken>[2] = {},
): Promise<TokenAnswer> {
  return postToken(emulator, onBehalfOf(await mint(changes), form), place)
}

const capolids = (...values: readonly string[]): string =>
  JSON.stringify({ access_token: { capolids: { essential: true, values } } })

describe('a policy that requires MFA', () => {
  it('is answered with the recorded body', async () => {
    const { id } = emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const { status, body } = await exchange(
      {},
      { 'client-request-id': 'a0a0a0a0-0000-4000-8000-000000000000' },
    )
    expect(status).toBe(400)
    expect(without(body as Record<string, string>, 'error_description', 'timestamp', 'trace_id')).toEqual({
      error: 'invalid_grant',
      error_codes: [50076],
      correlation_id: 'a0a0a0a0-0000-4000-8000-000000000000',
      error_uri: `${emulator.origin}/error?code=50076`,
      suberror: 'basic_action',
      claims: capolids(id),
    })
    expect(body['error_description']).toMatch(
      new RegExp(
        `^AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '${todoApi}'\\. Trace ID: [0-9a-f-]{36} Correlation ID: a0a0a0a0-0000-4000-8000-000000000000 Timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ$`,
      ),
    )
  })

  it('says interaction_required at the v1 endpoint', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const { body } = await exchange({}, { scope: 'openid', resource: `api://${todoApi}` }, { version: '' })
    expect(body).toMatchObject({
      error: 'interaction_required',
      suberror: 'basic_action',
      error_codes: [50076],
    })
  })

  it('names every policy that is not met', async () => {
    const one = emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const two = emulator.policies.add({ kind: 'require_mfa' })
    expect((await exchange()).body['claims']).toBe(capolids(one.id, two.id))
  })

  it('is met by a session with the second step', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    expect((await exchange({ amr: ['pwd', 'mfa'] })).status).toBe(200)
  })

  it('leaves other APIs, users and tenants alone, and switches with the next request', async () => {
    const policy = emulator.policies.add({
      kind: 'require_mfa',
      resource: 'To Do API',
      users: [alice, carol],
      tenant: 'contoso.com',
    })
    expect((await exchange()).status).toBe(400)
    expect((await exchange({}, { scope: 'User.Read' })).status).toBe(200)
    expect((await exchange({ user: bob })).status).toBe(200)
    expect((await exchange({ user: carol }, {}, { tenant: fabrikam })).status).toBe(200)
    expect((await exchange({ user: carol, tenant: 'contoso.com' })).status).toBe(400)
    policy.disable()
    expect((await exchange()).status).toBe(200)
    policy.enable()
    expect((await exchange()).status).toBe(400)
  })

  it('is satisfied when the client signs in again with the claims of the error', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const weak = (await signInToWebClient(emulator)).body['access_token'] as string
    const refused = await postToken(emulator, onBehalfOf(weak))
    const claims = refused.body['claims'] as string
    const strong = (await signInToWebClient(emulator, { changes: { claims } })).body['access_token'] as string
    const { status, body } = await postToken(emulator, onBehalfOf(strong))
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)['aud']).toBe(todoApi)
  })

  it('is told to the request log', async () => {
    emulator.policies.add({ kind: 'require_mfa', name: 'Careful', resource: 'To Do API' })
    await exchange()
    expect(emulator.requests.list({ endpoint: 'token' }).at(-1)).toMatchObject({
      status: 400,
      error: [50076],
      policies: ['Careful'],
      user: alice,
      resource: 'To Do API',
    })
  })

  it('comes after consent, as in Entra', async () => {
    emulator.policies.add({ kind: 'require_mfa' })
    expect((await exchange({}, { scope: 'Mail.Read' })).body['error_codes']).toEqual([65001])
  })

  it('applies when the claims of the request name it, whatever API is asked for', async () => {
    const { id } = emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const { body } = await exchange({}, { scope: 'User.Read', claims: capolids(id) })
    expect(body).toMatchObject({ error_codes: [50076], claims: capolids(id) })
    const old = JSON.stringify({ access_token: { polids: { essential: true, values: [id] } } })
    expect((await exchange({}, { scope: 'User.Read', claims: old })).body['error_codes']).toEqual([50076])
    const unknown = capolids('b0000000-0000-4000-8000-00000000ffff')
    expect((await exchange({}, { scope: 'User.Read', claims: unknown })).status).toBe(200)
  })
})

describe('a policy that requires registration', () => {
  it('is 50079 until the user has registered, and MFA from then on', async () => {
    const { id } = emulator.policies.add({ kind: 'require_registration', resource: 'To Do API' })
    const { status, body } = await exchange()
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'basic_action',
      error_codes: [50079],
      error_uri: `${emulator.origin}/error?code=50079`,
      claims: capolids(id),
    })
    const changes = { claims: body['claims'] as string }
    const strong = (await signInToWebClient(emulator, { changes })).body['access_token'] as string
    expect((await postToken(emulator, onBehalfOf(strong))).status).toBe(200)
    expect((await exchange()).body['error_codes']).toEqual([50076])
    expect((await exchange({ user: bob })).body['error_codes']).toEqual([50079])
    emulator.policies.disable(id)
    emulator.policies.enable(id)
    expect((await exchange()).body['error_codes']).toEqual([50079])
  })
})

describe('a policy that blocks', () => {
  it('is 53003 whatever the session is, ahead of every other policy', async () => {
    const { id } = emulator.policies.add({ kind: 'block', resource: 'To Do API' })
    emulator.policies.add({ kind: 'require_mfa' })
    const { status, body } = await exchange({ amr: ['pwd', 'mfa'] })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'message_only',
      error_codes: [53003],
      error_uri: `${emulator.origin}/error?code=53003`,
      claims: capolids(id),
    })
  })
})

describe('a policy on the age of sign-ins', () => {
  it('is 70043 with token_expired once the sign-in is too old, also after MFA', async () => {
    const { id } = emulator.policies.add({
      kind: 'sign_in_frequency',
      resource: 'To Do API',
      maxAgeSeconds: 3600,
    })
    const now = Math.floor(emulator.clock.now() / 1000)
    expect((await exchange({ authTime: now - 3500 })).status).toBe(200)
    const authTime = now - 3700
    const { status, body } = await exchange({ authTime, amr: ['pwd', 'mfa'] })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'token_expired',
      error_codes: [70043],
      claims: capolids(id),
    })
    expect(body).not.toHaveProperty('error_uri')
    const issued = new Date(authTime * 1000).toISOString()
    expect(body['error_description']).toContain(
      `sign-in frequency checks by conditional access. The token was issued on ${issued} and the maximum allowed lifetime for this request is 3600. Trace ID`,
    )
  })
})

describe('the session of a token', () => {
  it('travels from hop to hop', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const { body } = await exchange({ amr: ['pwd', 'mfa'] }, { scope: `${todoApi}/.default offline_access` })
    const refreshed = await postToken(emulator, {
      grant_type: 'refresh_token',
      client_id: middleTier,
      client_secret: 'middle-tier-secret-for-local-use-only',
      refresh_token: body['refresh_token'] as string,
      scope: `${todoApi}/.default`,
    })
    expect(refreshed.status).toBe(200)
  })

  it('is a weak one when the token was made elsewhere', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const claims = { aio: 'opaque', amr: ['pwd', 'mfa'] }
    expect((await exchange({ amr: ['pwd', 'mfa'], claims })).body['error_codes']).toEqual([50076])
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/on-behalf-of.txt')
})
