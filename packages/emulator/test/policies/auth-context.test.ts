// Authentication contexts: asked for, met by a second step, written into the token, and refused without it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser, parseForm } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  authorizeUrl,
  claimsOf,
  contoso,
  middleTier,
  onBehalfOf,
  password,
  postToken,
  signIn,
  signInToWebClient,
  todoApi,
  webClient,
  type TokenAnswer,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.policies.clear())

const asking = (...contexts: readonly string[]): string => {
  const [value, ...others] = contexts
  const values = others.length === 0 ? { value } : { values: contexts }
  return JSON.stringify({ access_token: { acrs: { essential: true, ...values } } })
}

function refresh(refreshToken: unknown, claims?: string): Promise<TokenAnswer> {
  const form = { grant_type: 'refresh_token', client_id: webClient, refresh_token: refreshToken as string }
  const asked = claims === undefined ? form : { ...form, claims }
  return postToken(emulator, asked, { headers: { origin: 'http://localhost:3000' } })
}

describe('an authentication context', () => {
  it('that is asked for at the sign-in demands the second step and is in the token', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.submit(await browser.open(authorizeUrl(emulator, { claims: asking('c1') })), {
      username: alice,
      password,
    })
    expect(parseForm(page.html).action).toBe(`/${contoso}/approve`)
    expect(page.html).toContain('Authentication context c1')
    const { body } = await signInToWebClient(emulator, { changes: { claims: asking('c1') } })
    expect(claimsOf(body['access_token'] as string)['acrs']).toEqual(['c1'])
  })

  it('stays in the tokens of a session that has it, since the API lists the claim, and gets into no other', async () => {
    const { body } = await signInToWebClient(emulator, { changes: { claims: asking('c1') } })
    const later = await refresh(body['refresh_token'])
    expect(claimsOf(later.body['access_token'] as string)['acrs']).toEqual(['c1'])
    const asked = await refresh(body['refresh_token'], asking('c1', 'c25'))
    expect(claimsOf(asked.body['access_token'] as string)['acrs']).toEqual(['c1', 'c25'])
    const plain = await signInToWebClient(emulator)
    expect(claimsOf(plain.body['access_token'] as string)).not.toHaveProperty('acrs')
  })

  it('is refused to a session that does not have it, with the claims to come back with', async () => {
    const { body } = await signInToWebClient(emulator)
    const refused = await refresh(body['refresh_token'], asking('c2'))
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'basic_action',
      error_codes: [50076],
      claims: asking('c2'),
    })
    const stepped = await signInToWebClient(emulator, { changes: { claims: asking('c2') } })
    expect((await refresh(stepped.body['refresh_token'], asking('c2'))).status).toBe(200)
  })

  it('is interaction_required for prompt=none', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const { location } = await browser.open(authorizeUrl(emulator, { prompt: 'none', claims: asking('c3') }))
    expect(location?.searchParams.get('error')).toBe('interaction_required')
    expect(location?.searchParams.get('claims')).toBe(asking('c3'))
  })

  it('that does not exist is not granted', async () => {
    const { body } = await signInToWebClient(emulator, { changes: { claims: asking('c100', 'admin') } })
    expect(claimsOf(body['access_token'] as string)).not.toHaveProperty('acrs')
  })

  it('that an API requires is demanded on behalf of, and met by the session of the assertion', async () => {
    const { id } = emulator.policies.add({
      kind: 'require_auth_context',
      resource: 'To Do API',
      authContext: 'c1',
    })
    const weak = (await signInToWebClient(emulator)).body['access_token'] as string
    const { body } = await postToken(emulator, onBehalfOf(weak))
    expect(body).toMatchObject({ error_codes: [50076], suberror: 'basic_action' })
    expect(JSON.parse(body['claims'] as string)).toEqual({
      access_token: {
        capolids: { essential: true, values: [id] },
        acrs: { essential: true, value: 'c1' },
      },
    })
    const changes = { claims: body['claims'] as string }
    const strong = (await signInToWebClient(emulator, { changes })).body['access_token'] as string
    expect((await postToken(emulator, onBehalfOf(strong))).status).toBe(200)
    const asked = await postToken(emulator, onBehalfOf(strong, { claims: asking('c1') }))
    expect(claimsOf(asked.body['access_token'] as string)['acrs']).toEqual(['c1'])
  })

  it('can be given a meaning by policies that apply to it alone', async () => {
    emulator.policies.add({ kind: 'block', authContext: 'c9' })
    const { body } = await signInToWebClient(emulator, { changes: { claims: asking('c1') } })
    expect((await refresh(body['refresh_token'])).status).toBe(200)
    expect((await refresh(body['refresh_token'], asking('c1'))).status).toBe(200)
    expect((await refresh(body['refresh_token'], asking('c9'))).body['error_codes']).toEqual([53003])
  })

  it('that the session has is in every token for an API that registered the claim', async () => {
    const applications = defaultDirectory.applications.map((application) =>
      application.id === todoApi
        ? { ...application, optionalClaims: { accessToken: ['acrs'] } }
        : application,
    )
    const other = await createEmulator({ directory: { ...defaultDirectory, applications } })
    const changes = { claims: asking('c4') }
    const stepped = (await signInToWebClient(other, { changes })).body['access_token'] as string
    const { body } = await postToken(other, onBehalfOf(stepped))
    expect(claimsOf(body['access_token'] as string)['acrs']).toEqual(['c4'])
    const plain = await other.mint({
      user: alice,
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
    })
    const without = (await postToken(other, onBehalfOf(plain))).body['access_token'] as string
    expect(claimsOf(without)).not.toHaveProperty('acrs')
    await other.stop()
  })
})

describe('the capability cp1', () => {
  const capable = JSON.stringify({ access_token: { xms_cc: { values: ['cp1'] } } })

  it('that was declared at the sign-in is in the token of an API that registered xms_cc', async () => {
    const { body } = await signInToWebClient(emulator, { changes: { claims: capable } })
    expect(claimsOf(body['access_token'] as string)['xms_cc']).toEqual(['cp1'])
    const plain = await signInToWebClient(emulator)
    expect(claimsOf(plain.body['access_token'] as string)).not.toHaveProperty('xms_cc')
  })

  it('is not in the token of an API that did not', async () => {
    const scope = 'api://legacy.contoso.com/user_impersonation openid'
    const { body } = await signInToWebClient(emulator, { changes: { claims: capable, scope } })
    expect(claimsOf(body['access_token'] as string)).not.toHaveProperty('xms_cc')
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/auth-context.txt')
})
