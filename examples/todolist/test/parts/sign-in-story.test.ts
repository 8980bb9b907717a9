// How a visit of the person to the authority becomes hops and a sentence.
import type { RequestRecord } from '@midtier/emulator'
import { describe, expect, it } from 'vitest'
import { reasonOf, type Need } from '../../client/page/need.ts'
import type { SignIn } from '../../client/page/trace/chapter.ts'
import { captionOf, tellSignIn } from '../../client/page/trace/sign-in-story.ts'

const claims = (name: string): Need => ({
  kind: 'claims',
  claims: JSON.stringify({ access_token: { [name]: { essential: true } } }),
})
const signIn: SignIn = { need: claims('capolids'), api: 'middleTier', correlationId: 'c' }
const record = (part: Partial<RequestRecord>): RequestRecord => ({
  id: '1',
  time: '',
  method: 'POST',
  path: '/common/approve',
  endpoint: 'interaction',
  durationMs: 2,
  sequence: 1,
  ...part,
})
const labels = (visit: SignIn, records: readonly RequestRecord[]): readonly string[] =>
  tellSignIn({ signIn: visit, records }).hops.map(({ from, to, label }) => `${from} > ${to}: ${label}`)

describe('the story of a visit to the authority', () => {
  it('goes from the request with claims by way of the second step to a new token', () => {
    const records = [
      record({ endpoint: 'authorize', path: '/organizations/oauth2/v2.0/authorize' }),
      record({}),
      record({ endpoint: 'token', path: '/organizations/oauth2/v2.0/token' }),
    ]
    expect(labels(signIn, records)).toEqual([
      'browser > authority: sign in, claims: capolids',
      'authority > authority: MFA: approved',
      'authority > browser: code',
      'browser > authority: code, PKCE verifier',
      'authority > browser: new token',
    ])
  })

  it('ends with the refusal of the person', () => {
    const failed = { ...signIn, failure: 'AADSTS500121' }
    const records = [record({ error: [500121] })]
    expect(labels(failed, records).slice(1)).toEqual([
      'authority > authority: MFA: denied',
      'authority > browser: AADSTS500121, denied',
    ])
    expect(tellSignIn({ signIn: failed, records })).toMatchObject({ failed: true, outcome: 'AADSTS500121' })
  })

  it('knows only its two ends when the authority tells nothing', () => {
    expect(labels({ ...signIn, need: { kind: 'consent' } }, [])).toEqual([
      'browser > authority: sign in, prompt: consent',
      'authority > browser: code',
    ])
  })
})

describe('the caption', () => {
  it('says nothing where nobody had to sign in', () => {
    expect(captionOf([], true)).toBeUndefined()
  })

  it('says why, once, and how it ended', () => {
    const visit = { signIn, records: [] }
    expect(captionOf([visit, visit], true)).toBe(
      'A policy of the organisation wants a stronger sign-in than there was. After the visit to the authority the same click went through.',
    )
    const denied = { signIn: { ...signIn, failure: 'AADSTS500121' }, records: [] }
    expect(captionOf([denied], false)).toContain('has not gone through')
  })

  it('names the policy when the authority does', () => {
    const records = [record({ policies: ['Require MFA for To Do API'] })]
    expect(captionOf([{ signIn, records }], true)).toContain('The policy “Require MFA for To Do API” wants')
  })
})

describe('the reason for a need', () => {
  it.each([
    ['acrs', 'step-up'],
    ['nbf', 'fresh-sign-in'],
    ['capolids', 'policy'],
    ['something_new', 'policy'],
  ])('of claims with %s is %s', (name, reason) => {
    expect(reasonOf(claims(name))).toBe(reason)
  })
})
