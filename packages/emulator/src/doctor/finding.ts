// What the doctor found: a check, whether it passed, and what cures it.

/** One check. */
export interface Finding {
  /** A stable name: `certificate`. */
  readonly check: string
  readonly isWell: boolean
  /** What was seen, as a sentence. */
  readonly seen: string
  /** What to do; absent when all is well. */
  readonly remedy?: string
}

/** A check that passed. */
export function well(check: string, seen: string): Finding {
  return { check, isWell: true, seen }
}

/** A check that did not. */
export function ill(check: string, seen: string, remedy: string): Finding {
  return { check, isWell: false, seen, remedy }
}
