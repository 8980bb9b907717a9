// What a check is: it looks at one thing, and says what it found.
import type { Finding } from './finding.ts'
import type { Subject } from './subject.ts'

/** Looks at one thing. @param seen What was found before: a check whose ground is gone is skipped. */
export type Check = (
  subject: Subject,
  seen: readonly Finding[],
) => readonly Finding[] | Promise<readonly Finding[]>
