// Turns what went wrong into two sentences for a person: what happened, and what to do next.
import { Refusal, Unreachable } from './answer.ts'
import type { Need } from './need.ts'
import { InteractionNeeded } from './session.ts'
import { endOf, type SignInEnd } from './sign-in-end.ts'

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

/** Describes a sign-in that ended without what it was for; `need` is absent when it was a first sign-in. */
export function describeSignInFailure(failure: Error, need: Need | undefined): FailureText {
  const next = need === undefined ? 'sign-in' : 'retry'
  return { ...endTexts[endOf(failure)], next }
}

type Text = Pick<FailureText, 'title' | 'detail'>

const endTexts: Readonly<Record<SignInEnd, Text>> = {
  cancelled: {
    title: 'You cancelled the sign-in.',
    detail: 'Nothing was asked of you yet, and nothing was changed. Begin again when you like.',
  },
  declined: {
    title: 'You did not give the permission.',
    detail: 'Without it your list cannot be reached. Nothing was shared.',
  },
  denied: {
    title: 'You did not approve the sign-in.',
    detail: 'What you asked for has not happened. Try again when you can approve it.',
  },
  administrator: {
    title: 'An administrator has to give this permission.',
    detail: 'Your organisation does not let you give it yourself. Nothing was shared.',
  },
  failed: { title: 'The sign-in did not succeed.', detail: 'Nothing was changed. Try it again.' },
}

function describeRefusal({ status, reason, message, retryAfterSeconds }: Refusal): FailureText {
  if (reason === 'blocked')
    return {
      title: 'Your organisation blocks this.',
      detail: 'Signing in again does not help: an administrator has to change the policy.',
      next: 'retry',
    }
  if (reason === 'challenge_loop')
    return {
      title: 'The new sign-in was not enough either.',
      detail: 'You did what was asked, and the same was asked again. Try again in two minutes.',
      next: 'retry',
    }
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
