import { describe, expect, it, vi } from 'vitest'
import type { ClientCredential } from '../../src/client-auth/client-credential.ts'
import { firstOf } from '../../src/client-auth/first-of.ts'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { AuthorityUnavailableError, ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { factsAt, failureOf, HandClock, printed, write } from './application.ts'

const facts = factsAt(new HandClock())

async function secretOf(credential: ClientCredential): Promise<string | null> {
  return (await write(credential, facts)).get('client_secret')
}

/** A credential that cannot be had; `half` is what it writes before it notices. */
function broken(error: Error): ClientCredential {
  return {
    kind: 'broken',
    addTo: (parameters) => {
      parameters.set('client_assertion', 'half')
      throw error
    },
  }
}

const misconfigured = broken(new ConfigurationError('clientCredential', 'the file is gone'))

describe('a list of credentials', () => {
  it('uses the first', async () => {
    expect(await secretOf(firstOf([clientSecret('one'), clientSecret('two')]))).toBe('one')
  })

  it('waits ten seconds for a function that loads one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let signalled: Promise<unknown> | undefined
    await new Promise<void>((resolve) => {
      const never = (): Promise<ClientCredential> => {
        resolve()
        return new Promise(() => undefined)
      }
      signalled = failureOf(write(firstOf([never]), facts))
    })
    let ended = false
    void signalled?.then(() => (ended = true))
    await vi.advanceTimersByTimeAsync(9_999)
    expect(ended).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    expect(await signalled).toMatchObject({
      message: 'none of the credentials can be used: 1. loading a credential took longer than 10000 ms',
    })
  })

  it('says of a request that it has not written nothing, and of an error that is none no word', async () => {
    const list = firstOf([clientSecret('x')])
    expect(await list.rejected?.(new URLSearchParams(), facts)).toBe(false)
    const odd = broken('s3cret' as unknown as Error)
    expect(await failureOf(write(firstOf([odd, broken(new RangeError('s3cret'))]), facts))).toMatchObject({
      message: 'clientCredential: none of the credentials can be used: 1. unknown failure; 2. RangeError',
    })
  })

  it('says until when the one in use is good, as far as that is known', async () => {
    const ending = (endsAtMs: number): ClientCredential => ({
      ...clientSecret('x'),
      expiresAtMs: () => endsAtMs,
    })
    expect(firstOf([ending(5), ending(6)]).expiresAtMs?.()).toBe(5)
    expect(firstOf([clientSecret('x')]).expiresAtMs?.()).toBeUndefined()
    const list = firstOf([() => ending(7)])
    expect(list.expiresAtMs?.()).toBeUndefined()
    await write(list, facts)
    expect(list.expiresAtMs?.()).toBe(7)
  })

  it('passes over those that cannot be had, and nothing of them is left behind', async () => {
    const loader = (): ClientCredential => {
      throw new Error('not on this machine')
    }
    const parameters = await write(firstOf([misconfigured, loader, clientSecret('three')]), facts)
    expect(Object.fromEntries(parameters)).toEqual({ client_secret: 'three' })
  })

  it('keeps to the one that was had, and does not try the dead one again and again', async () => {
    let tries = 0
    const dead = (): ClientCredential => {
      tries += 1
      throw new Error('no')
    }
    const list = firstOf([dead, clientSecret('two')])
    await secretOf(list)
    await secretOf(list)
    expect(tries).toBe(1)
  })

  it('loads a function once, also for requests at the same time, and again after it failed', async () => {
    let loads = 0
    const list = firstOf([
      async () => {
        loads += 1
        if (loads === 1) throw new Error('vault is asleep')
        return clientSecret(`load-${loads}`)
      },
    ])
    await expect(secretOf(list)).rejects.toBeInstanceOf(AuthorityUnavailableError)
    expect(await Promise.all([secretOf(list), secretOf(list)])).toEqual(['load-2', 'load-2'])
    expect(await secretOf(list)).toBe('load-2')
  })

  it('is refused when it is empty', () => {
    expect(() => firstOf([])).toThrow(ConfigurationError)
  })
})

describe('a list of which none can be had', () => {
  it('says why for each, in one error of ours', async () => {
    const other = broken(new ConfigurationError('clientCredential', 'no passphrase'))
    const failure = await failureOf(secretOf(firstOf([misconfigured, other])))
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure.message).toBe(
      'clientCredential: none of the credentials can be used: 1. the file is gone; 2. no passphrase',
    )
    expect((failure.cause as AggregateError).errors).toHaveLength(2)
  })

  it('is an outage when one of them may come back, for as long as the longest says', async () => {
    const asleep = [7, 3].map((seconds) => broken(new AuthorityUnavailableError('asleep', seconds)))
    const failure = await failureOf(secretOf(firstOf([misconfigured, ...asleep])))
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(failure).toMatchObject({ retryAfterSeconds: 7 })
  })

  it("repeats nothing of an error that is not the library's", async () => {
    const failure = await failureOf(
      secretOf(firstOf([broken(new TypeError('secret=hunter2')), misconfigured])),
    )
    expect(failure.message).toContain('1. TypeError; 2. the file is gone')
    expect(printed(failure) + printed(failure.cause)).not.toContain('hunter2')
    expect((failure.cause as AggregateError).errors).toMatchObject([{ code: 'configuration_invalid' }])
  })
})

describe('a credential of the list that the authority refused', () => {
  it('gives way to the next, and that one stays', async () => {
    const list = firstOf([clientSecret('one'), clientSecret('two')])
    const refused = await write(list, facts)
    expect(await list.rejected?.(refused, facts)).toBe(true)
    expect([await secretOf(list), await secretOf(list)]).toEqual(['two', 'two'])
  })

  it('gives way once, however many requests were refused at the same time', async () => {
    const list = firstOf([clientSecret('one'), clientSecret('two'), clientSecret('three')])
    const refused = await Promise.all([write(list, facts), write(list, facts), write(list, facts)])
    expect(await Promise.all(refused.map(async (each) => list.rejected?.(each, facts)))).toEqual([
      true,
      true,
      true,
    ])
    expect(await secretOf(list)).toBe('two')
  })

  it('is loaded again when no other can be had', async () => {
    let version = 0
    const fromVault = (): ClientCredential => clientSecret(`version-${(version += 1)}`)
    const list = firstOf([fromVault, misconfigured])
    const refused = await write(list, facts)
    expect(refused.get('client_secret')).toBe('version-1')
    expect(await list.rejected?.(refused, facts)).toBe(true)
    expect(await secretOf(list)).toBe('version-2')
  })

  it('is loaded again once, also for a request whose refusal is dealt with after the reload', async () => {
    let version = 0
    const fromVault = (): ClientCredential => clientSecret(`version-${(version += 1)}`)
    const releases: (() => void)[] = []
    const slow: ClientCredential = {
      kind: 'slow',
      addTo: async () => {
        await new Promise<void>((resolve) => releases.push(resolve))
        throw new ConfigurationError('clientCredential', 'the file is gone')
      },
    }
    const list = firstOf([fromVault, slow])
    const [early, late] = await Promise.all([write(list, facts), write(list, facts)])
    const outcomes = [list.rejected?.(early, facts), list.rejected?.(late, facts)]
    await expect.poll(() => releases.length).toBe(2)
    releases[0]?.()
    expect(await outcomes[0]).toBe(true)
    expect(await secretOf(list)).toBe('version-2')
    releases[1]?.()
    expect(await outcomes[1]).toBe(true)
    expect(await secretOf(list)).toBe('version-2')
  })

  it('is not gone back to by a request that was slow to have it, nor asked for a newer one', async () => {
    let uses = 0
    let release: () => void = () => undefined
    const asked: string[] = []
    const slow: ClientCredential = {
      kind: 'slow',
      addTo: async (parameters) => {
        uses += 1
        if (uses > 1) throw new ConfigurationError('clientCredential', 'the file is gone')
        await new Promise<void>((resolve) => (release = resolve))
        parameters.set('client_secret', 'two')
      },
      rejected: () => {
        asked.push('slow')
        return false
      },
    }
    const list = firstOf([misconfigured, slow, clientSecret('three')])
    const late = write(list, facts)
    await expect.poll(() => uses).toBe(1)
    expect(await secretOf(list)).toBe('three')
    release()
    expect((await late).get('client_secret')).toBe('two')
    expect(await secretOf(list)).toBe('three')
    expect(await list.rejected?.(await late, facts)).toBe(true)
    expect([asked, await secretOf(list)]).toEqual([[], 'three'])
  })

  it('is not sent again when there is nothing else', async () => {
    const list = firstOf([clientSecret('one'), misconfigured])
    expect(await list.rejected?.(await write(list, facts), facts)).toBe(false)
  })

  it('is not sent again either, when it came into use by that very request', async () => {
    const list = firstOf([misconfigured, clientSecret('two')])
    const refused = await write(list, facts)
    expect(refused.get('client_secret')).toBe('two')
    expect(await list.rejected?.(refused, facts)).toBe(false)
  })

  it('is first asked whether it has a newer one', async () => {
    let current = 'old'
    const renewable: ClientCredential = {
      kind: 'renewable',
      addTo: (parameters) => parameters.set('client_secret', current),
      rejected: (parameters) => {
        expect(parameters.get('client_secret')).toBe('old')
        current = 'new'
        return true
      },
    }
    const list = firstOf([renewable, clientSecret('two')])
    expect(await list.rejected?.(await write(list, facts), facts)).toBe(true)
    expect(await secretOf(list)).toBe('new')
  })

  it('waits ten seconds for a function that loads one, and no longer', async () => {
    vi.useFakeTimers()
    try {
      const list = firstOf([() => new Promise<never>(() => undefined), clientSecret('two')])
      let used: string | null | undefined
      void secretOf(list).then((secret) => (used = secret))
      await vi.advanceTimersByTimeAsync(9_999)
      expect(used).toBeUndefined()
      await vi.advanceTimersByTimeAsync(1)
      expect(used).toBe('two')
    } finally {
      vi.useRealTimers()
    }
  })

  it('can be in a list within the list', async () => {
    const list = firstOf([firstOf([clientSecret('one'), clientSecret('two')]), clientSecret('three')])
    const used: (string | null)[] = []
    for (let turn = 0; turn < 2; turn += 1) {
      const refused = await write(list, facts)
      used.push(refused.get('client_secret'))
      expect(await list.rejected?.(refused, facts)).toBe(true)
    }
    expect(used).toEqual(['one', 'two'])
  })
})
