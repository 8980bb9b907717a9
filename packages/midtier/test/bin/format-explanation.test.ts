// The page of an explained token, letter by letter: what a person reads, copies and pastes.
import { describe, expect, it } from 'vitest'
import { formatExplanation, type PageStyle } from '../../src/bin/format-explanation.ts'
import type { ExplainedCheck } from '../../src/protect/checks/explained-check.ts'
import type { TokenExplanation } from '../../src/protect/explain.ts'

const plain: PageStyle = { colour: false, columns: 80, all: false }

const check = (name: string, more: Partial<ExplainedCheck> = {}): ExplainedCheck => ({
  name,
  verdict: 'passed',
  description: undefined,
  expected: '',
  actual: '',
  mistake: undefined,
  because: undefined,
  ...more,
})

const refused: TokenExplanation = {
  verdict: 'refused',
  checks: [
    check('signature', { actual: 'made by the key of its kid' }),
    check('expired', {
      verdict: 'failed',
      description: 'The token has expired',
      expected: 'exp after 1767323045',
      actual: '1767319445',
      mistake: 'expired 1 h ago: the client never renews its token, or keeps one that it should drop',
    }),
    check('form', { verdict: 'failed', expected: 'a compact JWS', actual: 'not a token' }),
    check('scopes', { verdict: 'not_reached', because: 'expired' }),
    check('roles', { verdict: 'not_reached', because: 'expired' }),
  ],
  header: { alg: 'RS256', kid: 'k1' },
  claims: {
    iss: 'https://login.example/v2.0',
    exp: '1767319445',
    ver: '1767319445',
    oid: '[masked]',
    name: '[masked]',
  },
  times: { now: '2026-01-02T03:04:05Z', exp: 'expired 1 h ago', iat: 'issued 2 h ago' },
  notes: [
    'The clock of this machine differs from that of the authority, by more than is tolerated: set it right first',
  ],
}

const lines = (explanation: TokenExplanation, style: Partial<PageStyle> = {}): readonly string[] =>
  formatExplanation(explanation, { ...plain, ...style }).split('\n')

const head = [
  '',
  ' Refused by expired, form',
  ' ! The clock of this machine differs from that of the authority, by more than is',
  '   tolerated: set it right first',
  '',
]
const failures = [
  ' ✘ expired: The token has expired',
  '   expected  exp after 2026-01-02T03:04:05Z',
  '   actual    2026-01-02T02:04:05Z',
  '   likely    expired 1 h ago: the client never renews its token, or keeps one',
  '             that it should drop',
  '',
  ' ✘ form',
  '   expected  a compact JWS',
  '   actual    not a token',
  '',
]
const foot = [
  ' Header',
  '   alg  RS256',
  '   kid  k1',
  ' Claims',
  '   iss     https://login.example/v2.0',
  '   exp     2026-01-02T02:04:05Z expired 1 h ago',
  '   ver     1767319445',
  '   masked  oid, name',
  " Times are by this machine's clock: 2026-01-02T03:04:05Z",
  '',
]

describe('the page of a refused token', () => {
  it('folds what did not fail', () => {
    const folded = [' ✔ 1 passed (--all lists them)', ' · 2 not reached because of expired', '']
    expect(lines(refused)).toEqual([...head, ...failures, ...folded, ...foot])
  })

  it('lists every check when all are asked for', () => {
    const checks = [...refused.checks, check('check', { verdict: 'not_reached' })]
    expect(lines({ ...refused, checks }, { all: true })).toEqual([
      ...head,
      ' ✔ signature               made by the key of its kid',
      ...failures,
      ' · scopes                  not reached: expired',
      ' · roles                   not reached: expired',
      ' · check                   not reached',
      '',
      ...foot,
    ])
  })

  it('is coloured where colour is wanted', () => {
    const shown = (style: Partial<PageStyle>): readonly string[] =>
      lines(refused, style).filter((line) => line.includes('\u001b'))
    // eslint-disable-next-line no-control-regex -- the escapes are what is looked at
    const told = (line: string): string => line.replaceAll(/\u001b\[(\d+)m/g, '<$1>')
    const [headline, note, expired, form, ...rest] = shown({ colour: true }).map(told)
    expect([headline, note, expired, form]).toEqual([
      ' <1><31>Refused<39> by expired, form<22>',
      ' <33>!<39> The clock of this machine differs from that of the authority, by more than is',
      ' <31>✘<39> <1>expired<22>: The token has expired',
      ' <31>✘<39> <1>form<22>',
    ])
    expect(rest).toEqual([
      ' <32>✔<39> 1 passed (--all lists them)',
      '<2> · 2 not reached because of expired<22>',
      ' <1>Header<22>',
      ' <1>Claims<22>',
      " <2>Times are by this machine's clock: 2026-01-02T03:04:05Z<22>",
    ])
    expect(shown({ colour: true, all: true }).map(told)).toContain(
      ' <2>·<22> roles                   not reached: expired',
    )
  })
})

describe('the page of any other token', () => {
  const accepted: TokenExplanation = {
    ...refused,
    verdict: 'accepted',
    checks: [check('expired', { actual: '1767319445' })],
    header: {},
    claims: {},
    notes: [],
  }

  it('says for how long it is accepted, in green', () => {
    expect(lines(accepted)).toEqual([
      '',
      ' Accepted: expired 1 h ago, issued 2 h ago',
      '',
      ' ✔ 1 passed (--all lists them)',
      '',
      '',
    ])
    const noTimes = { ...accepted, times: { now: accepted.times.now } }
    expect(lines(noTimes)[1]).toBe(' Accepted')
    expect(lines(accepted, { colour: true })[1]).toContain('\u001b[32mAccepted\u001b[39m')
  })

  it('shows times that people can read', () => {
    expect(lines(accepted, { all: true })).toContain(' ✔ expired                 2026-01-02T02:04:05Z')
  })

  it('says that it is undecided, in yellow', () => {
    const undecided: TokenExplanation = { ...accepted, verdict: 'undecided' }
    expect(lines(undecided)[1]).toBe(' Undecided: no key to verify the signature with')
    expect(lines(undecided, { colour: true })[1]).toContain('\u001b[33mUndecided\u001b[39m')
  })

  it('has no masked claims where there are none, and no section without rows', () => {
    const header = { alg: 'RS256' }
    expect(lines({ ...accepted, header })).not.toContain(' Claims')
    expect(lines({ ...accepted, header, claims: { iss: 'x' } })).toContain(' Header')
    const claims = { iss: 'x' }
    const told = lines({ ...accepted, claims })
    expect(told).toContain('   iss  x')
    expect(told.join('\n')).not.toMatch(/Header|masked/)
  })

  it.each([
    [1, 60],
    [60, 60],
    [61, 61],
    [120, 120],
    [1000, 120],
  ])('of a terminal of %i columns is set in %i', (columns, width) => {
    // One note that just fits beside its mark, and one that does not.
    const fits = (length: number): string => `${'x'.repeat(length - 2)} y`
    const set = (length: number): readonly string[] =>
      lines({ ...accepted, notes: [fits(length)] }, { columns }).slice(2, 4)
    expect(set(width - 3)[0]).toBe(` ! ${fits(width - 3)}`)
    expect(set(width - 2)).toEqual([` ! ${'x'.repeat(width - 4)}`, '   y'])
  })

  it('sets a value below its name when a word of it does not fit beside', () => {
    const set = (length: number): readonly string[] =>
      lines({ ...accepted, claims: { iss: `${'x'.repeat(length)} y` } }, { columns: 60 })
    expect(set(52)).toEqual(expect.arrayContaining([`   iss  ${'x'.repeat(52)}`, '        y']))
    expect(set(53)).toEqual(expect.arrayContaining(['   iss', `     ${'x'.repeat(53)} y`]))
    expect(set(54)).toEqual(expect.arrayContaining(['   iss', `     ${'x'.repeat(54)}`, '     y']))
  })
})
