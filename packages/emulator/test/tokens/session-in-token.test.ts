// The session inside a token, and what is taken for it when a token was made elsewhere or by hand.
import { beforeAll, describe, expect, it } from 'vitest'
import { createClock } from '../../src/kernel/clock.ts'
import { loadSealer } from '../../src/kernel/seal.ts'
import { createMemoryState } from '../../src/kernel/state.ts'
import { buildAio, readSession } from '../../src/tokens/session-in-token.ts'
import type { TokenIssuer } from '../../src/tokens/token-issuer.ts'
import type { UserSubject } from '../../src/tokens/subject.ts'

const nowMs = 1_234_567
const session = { sid: 'the-session', authTime: 1000, amr: ['pwd', 'mfa'] }

let issuer: Pick<TokenIssuer, 'sealer' | 'clock'>
let aio: string
beforeAll(async () => {
  issuer = { sealer: await loadSealer(createMemoryState()), clock: createClock({ now: () => nowMs }) }
  aio = buildAio(issuer, { session } as unknown as UserSubject)
})

describe('a token', () => {
  it('that was issued here has its session, and the time to the millisecond', () => {
    expect(readSession(issuer, { aio, sid: 'another', iat: 1234 })).toEqual({ session, issuedAt: nowMs })
  })

  it('that says another time means that one', () => {
    expect(readSession(issuer, { aio, iat: 1000 })).toEqual({ session, issuedAt: 1_000_000 })
    expect(readSession(issuer, { aio })).toEqual({ session, issuedAt: 0 })
  })

  it.each<[string, object, object, number]>([
    ['all', { sid: 'its-own', iat: 5 }, { sid: 'its-own', authTime: 5, amr: ['pwd'] }, 5000],
    ['nothing', {}, { sid: expect.stringMatching(/^.{20,}$/) as string, authTime: 0, amr: ['pwd'] }, 0],
    [
      'nonsense',
      { aio: 7, sid: 7, iat: '5' },
      { sid: expect.any(String) as string, authTime: 0, amr: ['pwd'] },
      0,
    ],
    ['another seal', { aio: 'AAAA', sid: 'x', iat: 5 }, { sid: 'x', authTime: 5, amr: ['pwd'] }, 5000],
  ])('that was made elsewhere and says %s', (_, claims, expected, issuedAt) => {
    expect(readSession(issuer, { ...claims })).toEqual({ session: expected, issuedAt })
  })

  it('of an application has a value that says nothing, and is another each time', () => {
    const [one, other] = [buildAio(issuer, undefined), buildAio(issuer, undefined)]
    expect(one).not.toBe(other)
    expect(one.length).toBeGreaterThan(20)
    const unknown = { session: { sid: 'x', authTime: 0, amr: ['pwd'] }, issuedAt: 0 }
    expect(readSession(issuer, { aio: one, sid: 'x' })).toEqual(unknown)
  })
})
