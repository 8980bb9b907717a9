// One check of a request, as the request log keeps it.

/** A check of a request, in the words of `midtier explain`. */
export interface RequestCheck {
  readonly name: string
  /** `asked`: the user was shown a page that asks for what is missing. */
  readonly verdict: 'passed' | 'failed' | 'asked' | 'not_reached'
  readonly expected?: string | undefined
  readonly actual?: string | undefined
}
