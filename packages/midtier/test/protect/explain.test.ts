// Explaining a token: every row, the likely mistake, and nothing that must not be pasted.
import { describe, expect, it } from 'vitest'
import { down, serveEntra } from '../authority/fake-authority.ts'
import {
  callerId,
  createSigner,
  nowSeconds,
  otherTenantId,
  signToken,
  userClaims,
  userId,
  v1Claims,
} from '../jwt/token-builder.ts'
import { createAuthority } from '../../src/authority/authority.ts'
import { claimedChecks, keyChecks, signedChecks, textChecks } from '../../src/protect/checks/checks.ts'
import { consequences } from '../../src/protect/checks/consequences.ts'
import type { SignedEvidence, Trust } from '../../src/protect/checks/evidence.ts'
import type { TokenExplanation } from '../../src/protect/explain.ts'
import { requirementChecks } from '../../src/protect/requirements/requirement-checks.ts'
import { createGate, refusalOf, registration, signer } from './gate.ts'

const explain = async (claims: Record<string, unknown>, gate = createGate()) =>
  gate.validator.explain(signToken({ claims, signer }))

const failuresOf = ({ checks }: TokenExplanation): string[] =>
  checks.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name)

const rowOf = ({ checks }: TokenExplanation, name: string) => checks.find((check) => check.name === name)

describe('an explained token', () => {
  it('lists every check of a good token as passed', async () => {
    const { verdict, checks } = await explain(userClaims())
    expect(verdict).toBe('accepted')
    expect(checks.filter((check) => check.verdict !== 'passed')).toEqual([])
    const rows = [
      ...textChecks,
      { name: 'form' },
      ...claimedChecks,
      ...keyChecks,
      { name: 'signature' },
      ...signedChecks,
    ]
    expect(checks.map(({ name }) => name)).toEqual(rows.map(({ name }) => name))
  })

  it('names the mistake behind a v1.0 token with another audience', async () => {
    const { verdict, checks } = await explain(v1Claims({ aud: 'api://todo' }))
    expect(verdict).toBe('refused')
    const [failed, ...others] = checks.filter((check) => check.verdict === 'failed')
    expect(others).toEqual([])
    expect(failed).toMatchObject({ name: 'audience', actual: 'api://todo' })
    expect(failed?.mistake).toContain('accessTokenAcceptedVersion')
  })

  it('names a token for Microsoft Graph', async () => {
    const { checks } = await explain(userClaims({ aud: '00000003-0000-0000-c000-000000000000' }))
    expect(checks.find(({ name }) => name === 'audience')?.mistake).toContain('Graph')
  })

  it('goes on after the first failure', async () => {
    const explanation = await explain(userClaims({ aud: callerId, exp: 1, nonce: 'n' }))
    expect(failuresOf(explanation)).toEqual(['expired', 'audience', 'id_token'])
  })

  it('explains a route’s requirements too', async () => {
    const token = signToken({ claims: userClaims(), signer })
    const { verdict, checks } = await createGate().validator.explain(token, { scopes: ['admin'] })
    expect(verdict).toBe('refused')
    expect(checks.find(({ name }) => name === 'scopes')).toMatchObject({
      verdict: 'failed',
      expected: 'admin',
    })
  })

  it('is undecided when the keys cannot be had', async () => {
    const gate = createGate()
    gate.authority.weather = down
    const explanation = await explain(userClaims(), gate)
    expect(explanation.verdict).toBe('undecided')
    expect(rowOf(explanation, 'signature')).toMatchObject({
      verdict: 'not_reached',
      because: 'authority_unavailable',
    })
    expect(rowOf(explanation, 'audience')?.verdict).toBe('passed')
    expect(explanation.notes).toEqual([expect.stringContaining('login.microsoftonline.com')])
  })

  it('shows neither the token nor who the person is', async () => {
    const token = signToken({ claims: userClaims(), signer })
    const text = JSON.stringify(await createGate().validator.explain(token))
    for (const secret of [...token.split('.'), userId, 'Ada Lovelace', 'ada@contoso.com', 'pairwise-subject'])
      expect(text).not.toContain(secret)
  })

  it.each(['', 'opaque', 'a.b.c.d.e', '....', 'a.b.c', 'x'.repeat(70_000)])(
    'never throws for a text that is no token',
    async (text) => {
      const { verdict, checks } = await createGate().validator.explain(text)
      expect(verdict).toBe('refused')
      expect(checks.filter((check) => check.verdict === 'failed')).toHaveLength(1)
    },
  )
})

describe('what follows from a failure', () => {
  const measuredByIssuer = ['version', 'key_known', 'signature', 'lifetime', 'audience', 'client', 'scopes']

  it.each([
    ['another tenant', userClaims({ tid: otherTenantId, aud: callerId })],
    ['another cloud', userClaims({ iss: 'https://login.microsoftonline.us/x/v2.0', ver: '9.9' })],
    ['a v1.0 token of another tenant', v1Claims({ tid: otherTenantId, appid: undefined, scp: undefined })],
  ])('of the issuer is not reached: %s', async (_, claims) => {
    const token = signToken({ claims, signer: createSigner('key-9') })
    const explanation = await createGate().validator.explain(token, { scopes: ['admin'] })
    expect(failuresOf(explanation)).toEqual(['issuer'])
    for (const name of measuredByIssuer)
      expect(rowOf(explanation, name)).toMatchObject({ verdict: 'not_reached', because: 'issuer' })
  })

  it('of an issuer that the metadata of a domain belies is not reached either', async () => {
    const gate = createGate({
      registrations: [{ ...registration, authority: createAuthority({ tenantId: 'contoso.com' }) }],
    })
    serveEntra(gate.authority, [signer], { segment: 'contoso.com', tid: otherTenantId })
    const explanation = await explain(userClaims({ aud: callerId }), gate)
    expect(failuresOf(explanation)).toEqual(['issuer_of_metadata'])
    expect(rowOf(explanation, 'issuer_of_metadata')?.mistake).toContain('another tenant')
    for (const name of ['key_known', 'signature', 'audience'])
      expect(rowOf(explanation, name)).toMatchObject({ because: 'issuer_of_metadata' })
  })

  it('keeps what every token tells by itself, whoever issued it', async () => {
    const explanation = await explain(userClaims({ tid: otherTenantId, exp: 1, nonce: 'n' }))
    expect(failuresOf(explanation)).toEqual(['issuer', 'expired', 'id_token'])
  })

  it('covers every check that looks at what the issuer selected', () => {
    const trust = new Proxy({} as Trust, {
      get: () => {
        throw new Error('looked')
      },
    })
    const subject: SignedEvidence = {
      claims: { sub: 's', exp: 1 },
      trust,
      nowSeconds,
      clockToleranceSeconds: 300,
    }
    const looking = signedChecks.filter((check) => {
      try {
        return [check.passes(subject), check.expected(subject), check.actual(subject)].length === 0
      } catch {
        return true
      }
    })
    const names = looking.map(({ name }) => name)
    expect(names).toContain('audience')
    expect(consequences['issuer']).toEqual(expect.arrayContaining(names))
    expect(consequences['issuer_of_metadata']).toEqual(expect.arrayContaining(names))
  })

  it('names checks that exist, each after the one that it follows from', () => {
    const order = [
      ...[...textChecks, { name: 'form' }, ...claimedChecks, ...keyChecks, { name: 'signature' }],
      ...[...signedChecks, ...requirementChecks, { name: 'authentication_context' }],
    ].map(({ name }) => name)
    for (const [cause, following] of Object.entries(consequences))
      for (const name of following) expect(order.indexOf(name)).toBeGreaterThan(order.indexOf(cause))
  })

  it.each([
    ['algorithm', signToken({ header: { alg: 'HS256' }, claims: userClaims(), signer })],
    ['key_id', signToken({ header: { kid: '' }, claims: userClaims(), signer })],
    ['key_known', signToken({ header: { kid: 'key-7' }, claims: userClaims(), signer })],
    ['signature', signToken({ claims: userClaims(), signer: createSigner('key-1') })],
    ['audience', signToken({ claims: userClaims({ aud: callerId, scp: 'Files.Read' }), signer })],
    ['id_token', signToken({ claims: userClaims({ nonce: 'n', azp: undefined, scp: undefined }), signer })],
    ['lifetime', signToken({ claims: userClaims({ exp: undefined }), signer })],
    ['permissions', signToken({ claims: userClaims({ scp: undefined }), signer })],
  ])(
    'is not told a second time, and the one failure is the reason of the refusal: %s',
    async (name, token) => {
      const { validator } = createGate()
      const explanation = await validator.explain(token, { scopes: ['access_as_user'] })
      expect(failuresOf(explanation)).toEqual([name])
      expect((await refusalOf(validator, token)).reason).toBe(name)
    },
  )
})

describe('times in words', () => {
  const at = (claims: Record<string, unknown>) => explain(userClaims(claims))

  it.each([
    [-1_200, 'expired 20 min ago'],
    [-7_500, 'expired 2 h 5 min ago'],
    [-400_000, 'expired 4 d 15 h ago'],
  ])('tell how long ago a token expired: %d s', async (seconds, words) => {
    const explanation = await at({ exp: nowSeconds + seconds })
    expect(explanation.times.exp).toBe(words)
    expect(rowOf(explanation, 'expired')?.mistake).toContain(words)
  })

  it('tell for how long a good one is valid, and when it was issued', async () => {
    const { times, notes } = await at({ iat: nowSeconds - 7_200, exp: nowSeconds + 2_520 })
    expect(times).toMatchObject({ iat: 'issued 2 h ago', nbf: 'valid since 1 min', exp: 'valid for 42 min' })
    expect(times.now).toBe('2026-11-22T12:00:00Z')
    expect(notes).toEqual([])
  })

  it('never throw, and are left out for what is no time', async () => {
    const { times } = await at({ exp: 1e300, nbf: -5, iat: 'soon' })
    expect(Object.keys(times)).not.toContain('iat')
  })

  it('say that a token lives by the tolerance alone, and what helps', async () => {
    const { verdict, notes } = await at({ exp: nowSeconds - 120 })
    expect(verdict).toBe('accepted')
    expect(notes).toEqual([expect.stringMatching(/^expired 2 min ago.*tolerance.*renew/)])
    expect((await at({ exp: nowSeconds })).notes).toHaveLength(1)
    expect((await at({ exp: nowSeconds + 1 })).notes).toEqual([])
  })
})

describe('clocks that differ', () => {
  it.each([
    ['iat', { iat: nowSeconds + 720 }, 'issued_in_future'],
    ['nbf', { nbf: nowSeconds + 720 }, 'not_yet_valid'],
  ])('are suspected aloud when %s lies in the future', async (claim, claims, name) => {
    const mistake = rowOf(await explain(userClaims(claims)), name)?.mistake
    expect(mistake).toContain(`${claim} lies 12 min in the future`)
    expect(mistake).toContain('this machine’s clock and the issuer’s differ')
  })

  it('are suspected in a note where the tolerance hides it', async () => {
    const { verdict, notes } = await explain(userClaims({ iat: nowSeconds + 90, nbf: nowSeconds + 90 }))
    expect(verdict).toBe('accepted')
    expect(notes).toEqual([expect.stringContaining('clock and the issuer’s differ')])
  })
})

describe('a token that is too long', () => {
  it('is not read: nothing that follows is reached, and that is said of its size', async () => {
    const { checks } = await createGate({ maxTokenLength: 10 }).validator.explain('eyJ.eyJ.abcdef')
    const [size, form, ...others] = checks
    expect(size).toMatchObject({ name: 'size', verdict: 'failed' })
    expect(form).toMatchObject({ name: 'form', verdict: 'not_reached', because: 'size' })
    expect(others.map(({ name }) => name)).toEqual(expect.arrayContaining(['issuer', 'signature', 'expired']))
    for (const each of others) expect(each).toMatchObject({ verdict: 'not_reached', because: 'size' })
  })
})

describe('a text that is no token', () => {
  it.each([
    ['opaque', 'not_a_jwt', /an opaque token/],
    ['a.b.c.d.e', 'encrypted', /token encryption is switched on/],
    ['eyJhbGciOiJSUzI1NiJ9=.e30.AQID', 'not_base64url', /changed on the way: cut short, wrapped, or quoted/],
    ['eyJhbGciOiJSUzI1NiJ9.e30.', 'unsigned', undefined],
  ])('is told with what probably became of it: %s', async (text, name, mistake) => {
    const { checks } = await createGate().validator.explain(text)
    const form = checks.find(({ verdict }) => verdict === 'failed')
    expect(form).toMatchObject({ name, expected: 'a compact JWS' })
    if (mistake === undefined) expect(form?.mistake).toBeUndefined()
    else expect(form?.mistake).toMatch(mistake)
  })
})
