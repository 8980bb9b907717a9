// What an error carries from the library's exit to its answer: the request that it belongs to, and how the owner is told of it.
import { hasMark } from '../kernel/errors/marks.ts'

/** Shared by all copies of the package: the one that answers need not be the one that failed. */
const exitMark: unique symbol = Symbol.for('midtier.exit')

/** Of one error that left the library. */
export interface ExitNote {
  /** W3C trace id of the request; `undefined` for work that belongs to none. */
  readonly traceId: string | undefined
  /** Tells the owner, once, which answer the error became, and the trace id of that where the note has none. */
  readonly answered: (status: number, traceId?: string) => void
  /** Tells the owner who wants to know that it became an answer which the caller can act on (4xx). A note of an older copy has none. */
  readonly refused?: (status: number, traceId?: string) => void
}

/** The note of an error; `undefined` for one that has not left yet, or that the application made itself. */
export function exitNoteOf(error: unknown): ExitNote | undefined {
  if (!hasMark(error, exitMark)) return undefined
  const note: unknown = Reflect.get(error, exitMark)
  return isExitNote(note) ? note : undefined
}

function isExitNote(note: unknown): note is ExitNote {
  return (
    typeof note === 'object' && note !== null && 'answered' in note && typeof note.answered === 'function'
  )
}

/** Adds a note that nothing prints: not JSON, not `inspect`, not a logger. */
export function addExitNote<Failure extends Error>(error: Failure, note: ExitNote): Failure {
  Reflect.defineProperty(error, exitMark, { value: note, enumerable: false })
  return error
}

/**
 * An error of the same kind with the same members, for one request alone: by what several waited for, all of them may have failed,
 * and a note on the original would be about whoever left last.
 */
export function copyError<Failure extends Error>(original: Failure): Failure {
  const copy = new Error(original.message)
  Object.setPrototypeOf(copy, Object.getPrototypeOf(original) as object)
  for (const key of Reflect.ownKeys(original)) {
    const member = key === 'stack' ? undefined : Object.getOwnPropertyDescriptor(original, key)
    if (member !== undefined) Object.defineProperty(copy, key, member)
  }
  // Written out only if somebody looks at it; to define it anew would write out the one that stands.
  Reflect.deleteProperty(copy, 'stack')
  Object.defineProperty(copy, 'stack', { get: () => original.stack, enumerable: false, configurable: true })
  return copy as Failure
}

/** Does the work of the library for the application: what it throws, at once or later, has left. */
export async function orLeave<Result>(
  work: () => Result | Promise<Result>,
  leave: (error: unknown) => unknown,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw leave(error)
  }
}
