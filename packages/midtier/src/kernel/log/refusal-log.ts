// What the owner of an API reads of refused callers, when asked for: one line each, and of a flood of one kind a few.
import type { Clock } from '../time/clock.ts'
import type { FullLogger } from './logger.ts'
import { SampledLog } from './sampled-log.ts'

/** A request that was refused, or that was sent back to the person behind it. */
export interface Refusal {
  readonly status: number
  readonly code: string
  /** Which check refused, or what is wanted of the person. */
  readonly reason: string | undefined
  /** As in the challenge (RFC 6750); `undefined` when no token came. */
  readonly error?: string | undefined
  /** Client id of the application that called, where its token was valid: whom to tell what it lacks. */
  readonly callerClientId?: string | undefined
  readonly traceId: string | undefined
  /** The downstream API that the person would have been served from. */
  readonly api?: string | undefined
  /** AADSTS numbers, of a refusal of the authority. */
  readonly errorNumbers?: readonly number[] | undefined
}

/**
 * What clients in order do every hour: begin without a token, come with one that is over, and send people to sign in once more. Anything
 * else is a client that is set up wrongly, or somebody who tries.
 */
const everyday: ReadonlySet<string | undefined> = new Set([
  'token_missing',
  'preflight',
  'expired',
  'authentication_context',
])

/** The refusals of one API. */
export class RefusalLog {
  readonly #log: SampledLog

  constructor(logger: FullLogger, clock: Clock) {
    this.#log = new SampledLog(logger, clock)
  }

  readonly refused = (refusal: Refusal): void => {
    const { status, code, reason, callerClientId, api } = refusal
    const isEveryday = code === 'interaction_required' || everyday.has(reason)
    this.#log.write({
      level: isEveryday ? 'info' : 'warn',
      kind: JSON.stringify([status, code, reason, callerClientId, api]),
      fields: Object.fromEntries(Object.entries(refusal).filter(([, value]) => value !== undefined)),
      message: `${status} ${code}: ${reason ?? 'refused'}`,
    })
  }
}
