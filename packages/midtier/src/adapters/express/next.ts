// Going on in Express from a promise: nobody there catches what `next` throws, and an error that is none would let the request through.
import type { NextFunction } from 'express'
import { isError } from '../../kernel/errors/other-realms.ts'
import { summarizeCause } from '../../kernel/errors/safe-cause.ts'

/** What of a response is looked at. */
interface Answer {
  readonly writableEnded: boolean
  readonly destroyed: boolean
  destroy(): unknown
}

/**
 * Passes an error on; what `next` throws is passed on in turn, once, as Express does it for a handler of its own.
 *
 * Express takes a falsy error for none, and the texts `route` and `router` for a way past the handlers: each would let a refused request
 * through, so they become errors.
 */
export function passOn(error: unknown, response: Answer, next: NextFunction): void {
  try {
    next(toError(error))
  } catch (thrown) {
    giveUp(thrown, response)
  }
}

/** Lets the request through to the next handler. */
export function goOn(response: Answer, next: NextFunction): void {
  try {
    next()
  } catch (thrown) {
    passOn(thrown, response, next)
  }
}

function toError(error: unknown): unknown {
  const isOne = Boolean(error) && error !== 'route' && error !== 'router'
  return isOne ? error : new Error('A handler failed with something that is no error', { cause: error })
}

/** Even the last error handler threw: the process lives on, the client does not wait for ever, and it is not hushed up. */
function giveUp(thrown: unknown, response: Answer): void {
  // eslint-disable-next-line no-console -- the last resort, when every handler of the application has failed
  console.error('midtier: an error handler failed:', isError(thrown) ? stackOf(thrown) : typeof thrown)
  if (!response.writableEnded) response.destroy()
}

/** It is not ours, and whatever an application has in its errors does not belong on the console. */
const stackOf = (thrown: Error): string | undefined => summarizeCause(thrown)?.stack
