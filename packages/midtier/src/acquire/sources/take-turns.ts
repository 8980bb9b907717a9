// One exchange across processes: who has the lease of a slot fills it, the others wait for what appears there, but never for long.
import type { Clock } from '../../kernel/time/clock.ts'
import type { Random } from '../../kernel/crypto/random.ts'
import type { Sleep } from '../../kernel/time/sleep.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import type { Lease } from '../../token-cache/store.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { SharedStore } from '../shared/shared-store.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'

/** Fills a slot, or gives what another process has filled it with meanwhile. */
export type TakeTurns = (
  request: TokenRequest,
  read: () => Promise<AccessToken | undefined>,
  fill: () => Promise<AccessToken>,
) => Promise<AccessToken>

/** Limits of taking turns. */
export interface TurnLimits {
  /**
   * How long a lease lasts and how long another one's is waited for, in milliseconds. A process that died with a lease costs
   * the others this much once; an exchange that takes longer is made twice.
   */
  readonly leaseMs: number
}

/** What is handed in. */
export interface TurnPorts {
  readonly clock: Clock
  readonly random: Random
  readonly sleep: Sleep
}

/** First and longest pause between two looks at the slot. */
const firstPauseMs = 20
const longestPauseMs = 250

/** Takes turns by the leases of a store. A store that fails is not waited for: everybody fills for himself. */
export function createTurns(
  takeLease: NonNullable<SharedStore['lease']>,
  { leaseMs }: TurnLimits,
  { clock, random, sleep }: TurnPorts,
): TakeTurns {
  const passing = steady(clock)
  return async (request, read, fill) => {
    const deadlineMs = passing.passedMs() + leaseMs
    for (let look = 0, waitedMs = 0; ; look += 1) {
      const seen = await failureAsNone(request, () => lookInto(request, read))
      if (seen === undefined) return fill()
      if (seen.token !== undefined) return seen.token
      if (seen.lease !== undefined) return whileLeased(request, seen.lease, fill)
      // Both, since a clock may stand still.
      if (waitedMs >= leaseMs || passing.passedMs() >= deadlineMs) return fill()
      const pauseMs = Math.min(firstPauseMs * 2 ** look, longestPauseMs) * (1 + random() / 2)
      await sleep(pauseMs)
      waitedMs += pauseMs
    }
  }

  /** The lease first and then the slot: what its former holder wrote is seen. */
  async function lookInto(
    request: TokenRequest,
    read: () => Promise<AccessToken | undefined>,
  ): Promise<Seen> {
    const lease = await takeLease(request.slot, leaseMs)
    try {
      const token = await read()
      if (token === undefined) return { token, lease }
      giveBack(request, lease)
      return { token, lease: undefined }
    } catch (error) {
      giveBack(request, lease)
      throw error
    }
  }
}

interface Seen {
  readonly token: AccessToken | undefined
  readonly lease: Lease | undefined
}

async function failureAsNone(request: TokenRequest, look: () => Promise<Seen>): Promise<Seen | undefined> {
  try {
    return await look()
  } catch (error) {
    reportStoreFailure(request, 'lease', error)
    return undefined
  }
}

async function whileLeased(
  request: TokenRequest,
  lease: Lease,
  fill: () => Promise<AccessToken>,
): Promise<AccessToken> {
  try {
    return await fill()
  } finally {
    giveBack(request, lease)
  }
}

/** Nobody waits for it: the lease would end by itself. */
function giveBack(request: TokenRequest, lease: Lease | undefined): void {
  if (lease === undefined) return
  Promise.resolve(lease.release()).catch((error: unknown) => {
    reportStoreFailure(request, 'lease', error)
  })
}
