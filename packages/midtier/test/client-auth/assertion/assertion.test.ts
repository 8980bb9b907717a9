import { afterEach, describe, expect, it, vi } from 'vitest'
import { clientAssertion, type ClientAssertionContext } from '../../../src/client-auth/assertion/assertion.ts'
import { AuthorityUnavailableError, ConfigurationError } from '../../../src/kernel/errors/errors.ts'
import { factsAt, failureOf, fakeJwt, HandClock, printed, tokenEndpoint, write } from '../application.ts'

afterEach(() => {
  vi.useRealTimers()
})

const facts = factsAt(new HandClock())

describe('an assertion callback', () => {
  it('is called for every exchange and told what for, a claims challenge included', async () => {
    const seen: ClientAssertionContext[] = []
    const credential = clientAssertion((context) => {
      seen.push(context)
      return fakeJwt({ call: seen.length })
    })
    const first = await write(credential, facts)
    const second = await write(credential, { ...facts, claims: '{"access_token":{}}' })
    expect(first.get('client_assertion')).toBe(fakeJwt({ call: 1 }))
    expect(second.get('client_assertion')).toBe(fakeJwt({ call: 2 }))
    expect(seen).toMatchObject([
      { clientId: 'the-client', tenantId: 'tenant', tokenEndpoint, claims: undefined },
      { claims: '{"access_token":{}}' },
    ])
  })

  it.each([undefined, '', 'not a jwt', 42, 'a.b', `${'a'.repeat(70_000)}.b.c`])(
    'that returns something else is ours to mend',
    async (value) => {
      const failure = await failureOf(
        write(
          clientAssertion(() => value as string),
          facts,
        ),
      )
      expect(failure).toBeInstanceOf(ConfigurationError)
    },
  )

  it('that returns 65 536 characters is sent, and with one more it is not', async () => {
    const [longest, tooLong] = [65_532, 65_533].map((length) =>
      clientAssertion(() => `${'a'.repeat(length)}.b.c`),
    )
    expect((await write(longest!, facts)).get('client_assertion')).toHaveLength(65_536)
    await expect(write(tooLong!, facts)).rejects.toThrow(
      'clientCredential: the client assertion callback returned something other than a JWT',
    )
  })

  it('that throws is an outage, and nothing of its error gets out', async () => {
    const credential = clientAssertion(() => {
      throw new Error('secret-of-the-issuer')
    })
    const failure = await failureOf(write(credential, facts))
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(printed(failure)).not.toContain('secret-of-the-issuer')
  })

  it('that throws an error of ours is believed', async () => {
    const credential = clientAssertion(() => Promise.reject(new ConfigurationError('vault', 'is not set')))
    await expect(write(credential, facts)).rejects.toThrow('vault: is not set')
  })

  it('that hangs is given up', async () => {
    const credential = clientAssertion(() => new Promise(() => undefined), { timeoutMs: 5 })
    await expect(write(credential, facts)).rejects.toThrow(/took longer than 5 ms/)
  })

  it('has ten seconds where nothing else is said', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let failing: Promise<Error> | undefined
    const signal = await new Promise<AbortSignal>((begin) => {
      const credential = clientAssertion((context) => {
        begin(context.signal)
        return new Promise(() => undefined)
      })
      failing = failureOf(write(credential, facts))
    })
    vi.advanceTimersByTime(9_999)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal.aborted).toBe(true)
    expect((await failing)?.message).toContain('took longer than 10000 ms')
  })
})
