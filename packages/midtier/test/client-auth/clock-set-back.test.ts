// Credentials under a wall clock that is set: what is kept is never given beyond its time, and what a wrong clock made is made anew.
import { beforeEach, describe, expect, it } from 'vitest'
import { clientCertificate } from '../../src/client-auth/certificate/certificate.ts'
import {
  createManagedIdentity,
  type ManagedIdentity,
} from '../../src/client-auth/managed-identity/managed-identity.ts'
import { imdsEndpoint } from '../../src/client-auth/managed-identity/managed-identity-endpoint.ts'
import { AuthorityUnavailableError } from '../../src/kernel/errors/errors.ts'
import { decodeJwt, factsAt, failureOf, HandClock, write, writtenAssertion } from './application.ts'
import { createCertificate } from './certificates.ts'

const [minute, hour, day] = [60, 3600, 86_400]

let clock: HandClock
beforeEach(() => {
  clock = new HandClock()
})

describe('a token of a managed identity', () => {
  const resource = 'https://vault.azure.net'
  let asked: number
  let answer: () => Response
  let identity: ManagedIdentity
  beforeEach(() => {
    asked = 0
    answer = () => Response.json({ access_token: `mi-token-${asked}`, expires_in: String(day) })
    identity = createManagedIdentity({
      endpoint: imdsEndpoint('http://127.0.0.1:1'),
      fetch: () => {
        asked += 1
        return Promise.resolve(answer())
      },
      clock,
      wait: async (ms) => void (clock.ms += ms),
    })
  })
  const ask = async (): Promise<string> => (await identity.acquireToken({ resource })).accessToken
  const fail = (): Response => new Response(null, { status: 503 })

  it('given while the clock ran ahead is asked for anew once that is set right, and is no way out of an outage', async () => {
    clock.advanceSeconds(2 * day)
    await ask()
    clock.advanceSeconds(-2 * day)
    answer = fail
    await expect(ask()).rejects.toBeInstanceOf(AuthorityUnavailableError)
    answer = () => Response.json({ access_token: 'of-the-right-time', expires_in: String(day) })
    expect(await ask()).toBe('of-the-right-time')
  })

  it('is kept no longer than it was given for, though the clock is set back again and again', async () => {
    await ask()
    for (let hours = 1; hours < 24; hours++) {
      clock.advanceSeconds(hour)
      expect(await ask()).toBe('mi-token-1')
      clock.advanceSeconds(-hour)
      expect(await ask()).toBe('mi-token-1')
    }
    answer = fail
    clock.advanceSeconds(hour)
    await expect(ask()).rejects.toBeInstanceOf(AuthorityUnavailableError)
  })

  it('that still serves says when it ends by the clock as it is set now', async () => {
    await ask()
    clock.advanceSeconds(3 * hour)
    await ask()
    clock.advanceSeconds(-2 * hour)
    const { accessToken, expiresAtMs } = await identity.acquireToken({ resource })
    expect([accessToken, (expiresAtMs - clock.ms) / 1000]).toEqual(['mi-token-1', 21 * hour])
    clock.advanceSeconds(-day)
    expect(await ask()).toBe('mi-token-2')
  })

  it('whose end comes while the endpoint is failing is not given any more', async () => {
    await ask()
    clock.advanceSeconds(day - 1)
    answer = fail
    await expect(ask()).rejects.toBeInstanceOf(AuthorityUnavailableError)
  })

  it('is over when the clock jumps ahead of its end, and kept for all its time by one that was far behind', async () => {
    clock.advanceSeconds(-30 * day)
    await ask()
    clock.advanceSeconds(30 * day)
    expect(await ask()).toBe('mi-token-2')
    clock.advanceSeconds(day - 6 * minute)
    expect(await ask()).toBe('mi-token-2')
  })

  it('is asked for within its budget, wherever the clock is set meanwhile', async () => {
    answer = () => {
      clock.advanceSeconds(-day)
      return new Response(null, { status: 429, headers: { 'retry-after': '6' } })
    }
    expect(await failureOf(identity.acquireToken({ resource }))).toMatchObject({ retryAfterSeconds: 6 })
    expect(asked).toBe(2) // ten seconds have room for one wait of six
  })

  it('is waited for by the difference of two dates of the endpoint, not by where our clock stands', async () => {
    const theirs = Date.parse('2020-01-01T00:00:00Z')
    answer = () =>
      new Response(null, {
        status: 503,
        headers: {
          date: new Date(theirs).toUTCString(),
          'retry-after': new Date(theirs + 40_000).toUTCString(),
        },
      })
    expect(await failureOf(identity.acquireToken({ resource }))).toMatchObject({ retryAfterSeconds: 40 })
    expect(asked).toBe(1)
  })
})

describe('an assertion of a certificate', () => {
  const { pem, keyPem } = createCertificate('midtier')
  const createCredential = () => clientCertificate({ certificate: pem, privateKey: keyPem, clock })
  const issuedAt = (jwt: string): unknown => decodeJwt(jwt).payload['iat']

  it('signed while the clock ran ahead is signed anew once that is set right, for the right time', async () => {
    const credential = createCredential()
    clock.advanceSeconds(2 * day)
    await write(credential, factsAt(clock))
    clock.advanceSeconds(-2 * day)
    expect(issuedAt(await writtenAssertion(credential, factsAt(clock)))).toBe(Math.floor(clock.ms / 1000))
  })

  it('signed while the clock was behind is signed anew after it jumped ahead', async () => {
    const credential = createCredential()
    await write(credential, factsAt(clock))
    clock.advanceSeconds(2 * day)
    expect(issuedAt(await writtenAssertion(credential, factsAt(clock)))).toBe(Math.floor(clock.ms / 1000))
  })

  it('is reused for five minutes that passed, not for as long as the clock is set back', async () => {
    const credential = createCredential()
    const first = await writtenAssertion(credential, factsAt(clock))
    for (let minutes = 1; minutes < 5; minutes++) {
      clock.advanceSeconds(minute)
      expect(await writtenAssertion(credential, factsAt(clock))).toBe(first)
      clock.advanceSeconds(-minute)
      expect(await writtenAssertion(credential, factsAt(clock))).toBe(first)
    }
    clock.advanceSeconds(minute)
    expect(await writtenAssertion(credential, factsAt(clock))).not.toBe(first)
  })

  it('that was refused is tried anew when the clock was set back since, as it may have been too early', async () => {
    const credential = createCredential()
    clock.advanceSeconds(2 * day)
    const early = await write(credential, factsAt(clock))
    clock.advanceSeconds(-2 * day)
    expect(await credential.rejected?.(early, factsAt(clock))).toBe(true)
    const right = await write(credential, factsAt(clock))
    expect(right.get('client_assertion')).not.toBe(early.get('client_assertion'))
    expect(await credential.rejected?.(right, factsAt(clock))).toBe(false)
  })

  it('that was refused at an age is tried anew, though the clock was set back to when it was young', async () => {
    const credential = createCredential()
    const first = await write(credential, factsAt(clock))
    clock.advanceSeconds(40)
    await write(credential, factsAt(clock))
    clock.advanceSeconds(-40)
    expect(await credential.rejected?.(first, factsAt(clock))).toBe(true)
  })
})
