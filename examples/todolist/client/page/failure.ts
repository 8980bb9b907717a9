// Turns what went wrong into two sentences for a person: what happened, and what to do next.
import { Refusal, Unreachable } from './middle-tier.ts'
import { InteractionNeeded } from './session.ts'

/** What the notice says. */
export interface FailureText {
  readonly title: string
  readonly detail: string
  /** `retry` offers the same action again, `sign-in` a new sign-in. */
  readonly next: 'retry' | 'sign-in' | undefined
}

/** Describes an error. */
export function describeFailure(error: unknown): FailureText {
  if (error instanceof Unreachable)
    return {
      title: 'The middle-tier API does not answer.',
      detail: 'It may be restarting. Try again in a moment; nothing that was saved is lost.',
      next: 'retry',
    }
  if (error instanceof InteractionNeeded)
    return {
      title: 'Your sign-in is not enough for this.',
      detail: error.message === '' ? 'Sign in once more to go on.' : error.message,
      next: 'sign-in',
    }
  if (error instanceof Refusal) return describeRefusal(error)
  return {
    title: 'The sign-in service could not be used.',
    detail: 'Check that the authority is running, then try again.',
    next: 'retry',
  }
}

function describeRefusal({ status, message, retryAfterSeconds }: Refusal): FailureText {
  if (status === 403)
    return {
      title: 'This needs a permission that you have not given.',
      detail: 'Sign in again to give it.',
      next: 'sign-in',
    }
  if (status === 404)
    return {
      title: 'That task is gone.',
      detail: 'Load the list again to see what is there.',
      next: undefined,
    }
  if (status >= 500)
    return {
      title: 'An API behind the middle tier does not answer.',
      detail: `${message === '' ? '' : `${message.replace(/\.?$/, '.')} `}Try again ${formatWait(retryAfterSeconds)}.`,
      next: 'retry',
    }
  return {
    title: 'The task was not accepted.',
    detail: message === '' ? 'Change it and try again.' : message,
    next: undefined,
  }
}

function formatWait(seconds: number | undefined): string {
  return seconds === undefined ? 'in a moment' : `in ${seconds} seconds`
}
