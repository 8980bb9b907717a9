// The one place where the page says that something went wrong, and offers the next step.
import { find } from './element.ts'
import type { FailureText } from './failure.ts'

/** What the offered step does. */
export interface NoticeSteps {
  readonly retry: () => void
  readonly signIn: () => void
}

let step: (() => void) | undefined

/** Shows a failure until it is dismissed, or the next action begins. */
export function showNotice({ title, detail, next }: FailureText, steps: NoticeSteps): void {
  const action = find('notice-action', HTMLButtonElement)
  find('notice-title', HTMLElement).textContent = title
  find('notice-detail', HTMLElement).textContent = detail
  action.hidden = next === undefined
  action.textContent = next === 'sign-in' ? 'Sign in' : 'Try again'
  step = next === 'sign-in' ? steps.signIn : steps.retry
  find('notice', HTMLElement).hidden = false
}

/** Takes the notice away. */
export function hideNotice(): void {
  find('notice', HTMLElement).hidden = true
}

/** Wires the buttons of the notice. */
export function prepareNotice(): void {
  find('notice-dismiss', HTMLButtonElement).addEventListener('click', hideNotice)
  find('notice-action', HTMLButtonElement).addEventListener('click', () => step?.())
}
