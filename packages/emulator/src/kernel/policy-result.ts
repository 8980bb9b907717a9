// What became of one policy in one request, as data.

/** What became of a policy. */
export interface PolicyResult {
  readonly id: string
  readonly name: string
  /** `unmet`: it refused the request, or asked the user for a step. `not_applied`: it is about something else. */
  readonly verdict: 'met' | 'unmet' | 'not_applied' | 'off'
  /** What it compared, or why it did not apply. */
  readonly because?: string | undefined
}
