// How late a revocation is known elsewhere, in any sequence of clock jumps: several processes on one store that carries no messages.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createWebApi, isMidtierError, type WebApi } from '../../src/index.ts'
import type { Clock } from '../../src/kernel/time/clock.ts'
import type { SealedTokenStore } from '../../src/token-cache/store.ts'
import { createFakeAuthority, serveEntra } from '../authority/fake-authority.ts'
import {
  clientId,
  createSigner,
  nowSeconds,
  signToken,
  tenantId,
  userClaims,
  userId,
} from '../jwt/token-builder.ts'

vi.setConfig({ testTimeout: 120_000 })

const signer = createSigner('one')
const keyRing = { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } }
const freshnessSeconds = 30
const [hour, day] = [3600, 86_400]

/** One for each of several people, issued an hour ago: only a clock that was set back by more revokes none of them. */
const tokens = Array.from({ length: 6 }, (_, index) => {
  const [iat, oid] = [nowSeconds - hour, `0000000${index}${userId.slice(8)}`]
  const claims = userClaims({ oid, iat, nbf: iat - 30 * day, exp: iat + 300 * day })
  return { oid, iatMs: iat * 1000, text: signToken({ claims, signer }) }
})
type Token = (typeof tokens)[number]

const [processes, people] = [fc.nat(1), fc.nat(tokens.length - 1)]
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      seconds: fc.oneof({ weight: 4, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.nat(2 * hour) }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      process: processes,
      seconds: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: -60, max: 60 }) },
        { weight: 1, arbitrary: fc.integer({ min: -3 * hour, max: 3 * hour }) },
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('authenticate' as const), process: processes }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('revoke' as const), process: processes, token: people }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

interface Process {
  readonly api: WebApi
  /** And what it is wrong by. */
  readonly clock: Clock & { wrongMs: number }
}

/** Keeps what it is given for good, by nobody's clock. */
function createStore(): SealedTokenStore {
  const kept = new Map<string, { readonly rank: number; readonly text: string }>()
  return {
    sealed: true,
    get: ({ key }) => kept.get(key)?.text,
    set: ({ key }, text) => void kept.set(key, { rank: -1, text }),
    delete: ({ key }) => void kept.delete(key),
    deletePartition: () => undefined,
    setIfGreater: ({ key }, rank, text) => {
      const standing = kept.get(key)
      if (standing !== undefined && standing.rank >= rank) return standing.text
      kept.set(key, { rank, text })
      return undefined
    },
  }
}

/** What a run has seen, to know that it has seen anything. */
interface Counts {
  accepted: number
  /** Of tokens that were revoked in the other process. */
  acceptedLate: number
  refused: number
}

class World {
  /** What passed. */
  realMs = nowSeconds * 1000
  readonly processes: readonly Process[]
  readonly revocations: {
    readonly oid: string
    readonly notBeforeMs: number
    readonly atMs: number
    readonly by: Process
  }[] = []
  readonly #isBusy: boolean
  readonly counts: Counts

  /** Whether the clocks are read after every step, so that no jump goes unseen; else nobody can set the other clock of the machine. */
  constructor(isBusy: boolean, counts: Counts) {
    this.#isBusy = isBusy
    this.counts = counts
    const store = createStore()
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    this.processes = Array.from({ length: 2 }, () => {
      const clock = {
        wrongMs: 0,
        nowMs: () => this.realMs + clock.wrongMs,
        ...(isBusy ? {} : { passedMs: () => this.realMs - nowSeconds * 1000 }),
      }
      const api = createWebApi({
        tenantId,
        clientId,
        clock,
        fetch: authority.fetch,
        revocations: { freshnessSeconds },
        tokenCache: { store, keyRing, storeTimeoutMs: 60_000 },
      })
      return { api, clock }
    })
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'pass':
        this.realMs += step.seconds * 1000
        break
      case 'jump':
        this.processes[step.process]!.clock.wrongMs += step.seconds * 1000
        break
      case 'authenticate':
        for (const token of tokens) await this.authenticate(this.processes[step.process]!, token)
        break
      case 'revoke':
        await this.revoke(this.processes[step.process]!, tokens[step.token]!)
    }
    if (this.#isBusy) for (const each of this.processes) await present(each.api, stranger)
    await settle()
  }

  async revoke(by: Process, { oid }: Token): Promise<void> {
    const notBeforeMs = this.realMs + by.clock.wrongMs
    await by.api.revocations.revokeUser({ objectId: oid, tenantId })
    this.revocations.push({ oid, notBeforeMs, atMs: this.realMs, by })
  }

  async authenticate(at: Process, { oid, iatMs, text }: Token): Promise<void> {
    if ((await present(at.api, text)) !== 'accepted') {
      this.counts.refused += 1
      return
    }
    this.counts.accepted += 1
    for (const { oid: whose, notBeforeMs, atMs, by } of this.revocations) {
      if (whose !== oid || iatMs >= notBeforeMs) continue
      expect(by, 'a process that accepts what it revoked').not.toBe(at)
      this.counts.acceptedLate += 1
      expect((this.realMs - atMs) / 1000, 'revoked elsewhere for so long').toBeLessThan(freshnessSeconds)
    }
  }
}

const stranger = signToken({
  claims: userClaims({ exp: nowSeconds + 300 * day }),
  signer: createSigner('one'),
})

async function present(api: WebApi, token: string): Promise<string> {
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  try {
    await api.authenticate({ method: 'GET', url: '/', header })
    return 'accepted'
  } catch (error) {
    if (!isMidtierError(error)) throw error
    return error.code
  }
}

/** Lets what goes on behind the scenes come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('a token that was revoked in another process, and no message told of it', () => {
  it.each([
    ['the clock is read all the time', true],
    ['the machine has a clock that nobody sets, though the other one is never read', false],
  ])('is accepted for less than half a minute, whatever clocks are set to, where %s', async (_, isBusy) => {
    const counts: Counts = { accepted: 0, acceptedLate: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), async (steps) => {
        const world = new World(isBusy, counts)
        for (const each of steps) await world.take(each)
      }),
      { seed: 20_261_127, numRuns: 40 },
    )
    expect([counts.accepted, counts.acceptedLate, counts.refused]).not.toContain(0)
  })

  it('though nobody read the clock for an hour, and it was set back by as much', async () => {
    const world = new World(false, { accepted: 0, acceptedLate: 0, refused: 0 })
    const there = { do: 'authenticate', process: 1 } as const
    await world.take(there)
    await world.take({ do: 'revoke', process: 0, token: 0 })
    await world.take({ do: 'pass', seconds: hour })
    await world.take({ do: 'jump', process: 1, seconds: 10 - hour })
    await world.take(there)
    expect(world.counts).toEqual({ accepted: 2 * tokens.length - 1, acceptedLate: 0, refused: 1 })
  })
})
