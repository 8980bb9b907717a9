// The form that was posted last, so that one that arrives twice, because somebody pressed twice, does its work once.

/** What came of a form. */
export interface FormOutcome {
  readonly response: Response
  /** Whether it changed anything; what only shows something may be asked for as often as one likes. */
  readonly isChange: boolean
}

/** Remembers one form. */
export class LastForm {
  #last: { readonly key: string; readonly outcome: Promise<FormOutcome> } | undefined

  /**
   * Does the work of a form, or tells what came of it when the same one was the last and has changed something: it may be under way
   * still. `key` is all that was posted, with the proof that is another on each page that is shown.
   */
  once(key: string, work: () => Promise<FormOutcome>): Promise<FormOutcome & { readonly isRepeat: boolean }> {
    const last = this.#last
    const first = last?.key === key ? last.outcome.catch(() => undefined) : Promise.resolve(undefined)
    const done = first.then(async (outcome) =>
      outcome?.isChange === true ? { ...outcome, isRepeat: true } : { ...(await work()), isRepeat: false },
    )
    this.#last = { key, outcome: done }
    return done
  }
}
