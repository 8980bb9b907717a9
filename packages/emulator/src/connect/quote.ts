// Values as literals of the language that a client is written in.

/** As TypeScript has it: quoted as JSON, whose strings are TypeScript's too, then dressed in single quotes. */
export function inTypeScript(value: string): string {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}

/** As Python, Java and C# have it: their strings may be written as JSON's. */
export function inDoubleQuotes(value: string): string {
  return JSON.stringify(value)
}

/** Within a comment, which a line ends: no name goes on in the next one. */
export function inComment(value: string): string {
  return value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

/** As a shell has it: nothing inside has a meaning. */
export function inShell(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
