// What a form posted, as the values of a record: empty fields are left out, so that their defaults hold.
import { EmulatorOptionsError } from '../../kernel/errors.ts'

/** The text of a field without the space around it; `undefined` when it is empty. */
export function textOf(form: URLSearchParams, name: string): string | undefined {
  const text = (form.get(name) ?? '').trim()
  return text === '' ? undefined : text
}

/** The lines of a field; commas end a line, too. `undefined` when there are none. */
export function linesOf(form: URLSearchParams, name: string): readonly string[] | undefined {
  const lines = (form.get(name) ?? '')
    .split(/[\r\n,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.length === 0 ? undefined : lines
}

/** What a form asks to be done (`do`), if it says so. @throws {EmulatorOptionsError} for anything that is not known: it is not taken for something else */
export function actionOf<Action extends string>(
  form: URLSearchParams,
  known: readonly Action[],
): Action | undefined {
  const action = form.get('do')
  if (action === null) return undefined
  const found = known.find((each) => each === action)
  if (found === undefined)
    throw new EmulatorOptionsError('do', `is ${known.map((each) => `"${each}"`).join(', ')}, or absent`)
  return found
}

/** A number; text that is none stays as it is, so that whoever checks the value names the mistake. */
export function numberOf(form: URLSearchParams, name: string): number | undefined {
  const text = textOf(form, name)
  return text === undefined ? undefined : Number(text)
}

/** Members that have a value. */
export function defined<Value extends object>(
  value: Value,
): { [Name in keyof Value]: NonNullable<Value[Name]> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [Name in keyof Value]: NonNullable<Value[Name]>
  }
}
