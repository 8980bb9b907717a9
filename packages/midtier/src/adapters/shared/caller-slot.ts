// Where a request has its caller, whichever adapter put it there.
import type { RegisteredCaller } from '../../web-api/register.ts'

/** For all copies of the package: a plain member, which costs less than one that is defined; `undefined` where `protect` waits or has refused. */
export const callerSlot: unique symbol = Symbol.for('midtier.caller-of-request')

/** A request that may have one. */
export type WithSlot = Partial<Record<typeof callerSlot, RegisteredCaller | undefined>>
