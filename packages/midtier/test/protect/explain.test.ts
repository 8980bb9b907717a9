// Explaining a token: every row, the likely mistake, and nothing that must not be pasted.
import { describe, expect, it } from 'vitest'
import { down } from '../authority/fake-authority.ts'
import { callerId, otherTenantId, signToken, userClaims, userId, v1Claims } from '../jwt/token-builder.ts'
import { claimedChecks, keyChecks, signedChecks, textChecks } from '../../src/protect/checks.ts'
import { createGate, signer } from './gate.ts'

const explain = async (claims: Record<string, unknown>, gate = createGate()) =>
  gate.validator.explain(signToken({ claims, signer }))

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
    const { checks } = await explain(userClaims({ tid: otherTenantId, aud: callerId, exp: 1 }))
    const failed = checks.filter((check) => check.verdict === 'failed').map(({ name }) => name)
    expect(failed).toEqual(expect.arrayContaining(['issuer', 'audience', 'expired']))
    expect(checks.find(({ name }) => name === 'signature')?.verdict).toBe('not_reached')
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
    expect((await explain(userClaims(), gate)).verdict).toBe('undecided')
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
