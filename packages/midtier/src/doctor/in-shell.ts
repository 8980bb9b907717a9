// Values of others in commands that people copy into a shell.
import { printable } from '../kernel/printable.ts'
import { quote } from '../registration/write/bash.ts'

/** The value as one word of a shell, in which nothing is run or expanded; unchanged where it is one already. */
export function inShell(value: string): string {
  const shown = printable(value, () => '?')
  return /^[\w@%+:,./-]+$/.test(shown) ? shown : quote(shown)
}
