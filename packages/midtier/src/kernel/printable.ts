// Text of others on a terminal: shown as it is, and never obeyed.

/** What a terminal obeys, or what is not seen: controls, line ends, marks that turn the direction of writing, and halves of a pair. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** The text on one line, with an escape in place of each character that a terminal would obey or not show: that of JSON, or another. */
export function printable(text: string, escape: (character: string) => string = asJson): string {
  return text.replace(unprintable, (found) => escape(found))
}

/** JSON that means the same value, and is as safe to print. */
export function printableJson(value: unknown): string {
  // JSON itself escapes the controls of ASCII: a line end here is one that sets the page.
  return printable(JSON.stringify(value, null, 2), (found) => (found === '\n' ? found : asJson(found)))
}

/** Unit by unit. */
function asJson(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
