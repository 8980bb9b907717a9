// Exchanges under way: who joins one, when one has ended, and which are joined no more.
import { describe, expect, it } from 'vitest'
import { Flights, withSingleFlight } from '../../../src/acquire/sources/with-single-flight.ts'
import type { AccessToken, TokenRequest } from '../../../src/acquire/token-source.ts'
import { settle } from '../scenario.ts'

const slot = { partition: 'p', key: 'k' }
const claims = '{"access_token":{}}'

function createSource() {
  const flights = new Flights()
  const landings: ((name: string) => void)[] = []
  const source = withSingleFlight(
    {
      acquire: () =>
        new Promise<AccessToken>((resolve, reject) => {
          landings.push((name) => {
            if (name === 'failed') reject(new Error(name))
            else resolve(name as unknown as AccessToken)
          })
        }),
    },
    flights,
  )
  const ask = (request: Partial<TokenRequest> = {}): Promise<unknown> => {
    const asked = { slot, claims: undefined, forceRefresh: false, cacheOnly: false, ...request }
    const token = source.acquire(asked as TokenRequest)
    token.catch(() => undefined)
    return token
  }
  return { flights, landings, ask }
}

describe('an exchange under way', () => {
  it('is joined by identical requests until it has ended, however it ends', async () => {
    const { landings, ask } = createSource()
    for (const name of ['first', 'failed', 'third']) {
      const all = [ask(), ask({ slot: { ...slot } })]
      const before = landings.length
      landings.at(-1)?.(name)
      for (const each of await Promise.allSettled(all))
        expect(each.status).toBe(name === 'failed' ? 'rejected' : 'fulfilled')
      expect(landings).toHaveLength(before)
    }
    expect(landings).toHaveLength(3)
  })

  it('is joined by no request of another kind', () => {
    const { landings, ask } = createSource()
    const kinds = [
      {},
      { slot: { ...slot, key: 'other' } },
      { claims },
      { forceRefresh: true },
      { cacheOnly: true },
      { forceRefresh: true, cacheOnly: true },
    ]
    for (const kind of [...kinds, ...kinds]) void ask(kind)
    expect(landings).toHaveLength(kinds.length)
  })

  it('that was replaced does not end the one in its place', async () => {
    const { flights, landings, ask } = createSource()
    const first = ask()
    flights.detach({}, 'all')
    const second = ask()
    landings[0]?.('first')
    expect(await first).toBe('first')
    await settle()
    const third = ask()
    landings[1]?.('second')
    expect([await second, await third]).toEqual(['second', 'second'])
    expect(landings).toHaveLength(2)
  })

  it.each([
    [{}, 'all', true],
    [{ partition: 'p' }, 'all', true],
    [{ key: 'k' }, 'all', true],
    [slot, 'all', true],
    [{ partition: 'other' }, 'all', false],
    [{ key: 'other' }, 'all', false],
    [{ partition: 'p', key: 'other' }, 'all', false],
    [{ partition: 'other', key: 'k' }, 'all', false],
    [slot, 'ordinary', true],
  ] as const)('is joined no more once it is detached: %j, %s: %s', (which, kind, isDetached) => {
    const { flights, landings, ask } = createSource()
    void ask()
    flights.detach(which, kind)
    void ask()
    expect(landings).toHaveLength(isDetached ? 2 : 1)
  })

  it.each([
    ['ordinary', 1],
    ['all', 2],
  ] as const)('that answers a challenge is detached with %s of them only: %i', (kind, count) => {
    const { flights, landings, ask } = createSource()
    void ask({ claims })
    flights.detach(slot, kind)
    void ask({ claims })
    expect(landings).toHaveLength(count)
  })

  it('is looked for among those of its partition alone, however many are under way', () => {
    const { flights, ask } = createSource()
    let looks = 0
    for (let index = 0; index < 100; index += 1)
      void ask({
        slot: {
          key: 'k',
          get partition() {
            looks += 1
            return `other${index}`
          },
        },
      })
    looks = 0
    flights.detach(slot, 'all')
    expect(looks).toBe(0)
  })

  it('leaves nothing behind, whether it landed or was detached', async () => {
    const { flights, landings, ask } = createSource()
    const partitions = ['one', 'two', 'three']
    for (const partition of partitions) void ask({ slot: { partition, key: 'k' } })
    void ask({ slot: { partition: 'one', key: 'other' } })
    expect(flights.partitions).toBe(3)
    flights.detach({ partition: 'three' }, 'all')
    for (const land of landings) land('token')
    await settle()
    expect(flights.partitions).toBe(0)
  })
})
