// The time of the emulator on its answers: who measures by them how far two clocks are apart measures the one that tokens are written by.
import type { MiddlewareHandler } from 'hono'
import type { EmulatorClock } from '../kernel/clock.ts'
import type { EmulatorEnv } from './exchange.ts'

/** Writes `Date` by the emulator's clock (RFC 9110 §6.6.1). */
export function tellTime(clock: EmulatorClock): MiddlewareHandler<EmulatorEnv> {
  return async (c, next) => {
    await next()
    c.res.headers.set('date', new Date(clock.now()).toUTCString())
  }
}
