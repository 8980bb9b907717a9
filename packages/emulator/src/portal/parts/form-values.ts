// What a form posted, as the values of a record: empty fields are left out, so that their defaults hold.

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
