// Values of others in commands that people copy into a shell.

/** The value as one word of a shell, in which nothing is run or expanded; unchanged where it is one already. */
export function inShell(value: string): string {
  const shown = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
  return /^[\w@%+:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`
}
