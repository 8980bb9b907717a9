// Text of others on a terminal: shown as it is, and never obeyed.

/** What a terminal obeys, or what is not seen: controls, line ends, marks that turn the direction of writing, and halves of a pair. */
export const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** The text on one line, with an escape in place of each character that a terminal would obey or not show. */
export function printable(text: string): string {
  return text.replace(unprintable, escape)
}

/** JSON that means the same value, and is as safe to print. */
export function printableJson(value: unknown): string {
  // JSON itself escapes the controls of ASCII: a line end here is one that sets the page.
  return JSON.stringify(value, null, 2).replace(unprintable, (found) =>
    found === '\n' ? found : escape(found),
  )
}

/** As JSON and JavaScript write it, unit by unit. */
function escape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
