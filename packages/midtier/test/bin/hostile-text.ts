// What somebody may call an application so that whoever lists it is shown something else.

/** Clears the screen, sets the title, forges a line, turns the direction of writing, and hides. */
export const hostileText =
  'a\u001b[2J\u001b]0;x\u0007\u009b31m\r\nb\u2028\u202ec\u2066\u200b\u007f\u{e0041}\ud83d'

/** Whatever a terminal would obey or not show, but for the line ends and the colours of a page of ours. */
export function obeyed(page: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- colours are what is taken out
  const own = page.replaceAll(/\u001b\[(?:1|2|22|31|32|33|39)m/g, '').replaceAll('\n', '')
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.exec(own)?.[0]
}
