// How wide words are, and where lines break. Widths are those of DejaVu Sans, which is wider than what most systems have: it fits there, too.

// Hundredths of the font size, from the space to the tilde.
const widths = [
  32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34,
  34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 30, 30, 66, 56, 86, 75, 79, 60, 79, 70, 63, 61, 73,
  68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63,
  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
]
const ofOthers = 84
const bolder = 1.12

/** `{1}` in a text is the mark of token 1. */
const mark = /^\{(\d)\}([.,:;]?)$/

/** The marks of tokens in a text, in their order. */
export function tokensIn(text) {
  return [...text.matchAll(/\{(\d)\}/g)].map(([, number]) => number)
}

/** A line as it is drawn: each run is words, or the mark of a token, with its distance from the start of the line. */
export function layOut(text, size, bold = false) {
  const runs = []
  let width = 0
  for (const word of text.split(' ')) {
    const gap = width === 0 ? 0 : widthOf(' ', size, bold)
    const [, token, behind = ''] = mark.exec(word) ?? []
    if (token !== undefined) {
      runs.push({ token, at: width + gap })
      width += gap + size * 1.35
      if (behind !== '') {
        runs.push({ words: behind, at: width })
        width += widthOf(behind, size, bold)
      }
      continue
    }
    const last = runs.at(-1)
    if (last?.words !== undefined) last.words += ` ${word}`
    else runs.push({ words: word, at: width + gap })
    width += gap + widthOf(word, size, bold)
  }
  return { runs, width }
}

/** Lines of at most that width, as even as they get without being more. */
export function wrap(text, most, size, bold = false) {
  const lines = fill(text, most, size, bold)
  for (let narrower = most * 0.95; narrower > most / 2; narrower *= 0.95) {
    const other = fill(text, narrower, size, bold)
    if (other.length > lines.length || other.some((line) => layOut(line, size, bold).width > most)) break
    lines.splice(0, lines.length, ...other)
  }
  return lines
}

function fill(text, most, size, bold) {
  const lines = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && layOut(longer, size, bold).width <= most) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

function widthOf(text, size, bold) {
  const sum = [...text].reduce((all, letter) => all + (widths[letter.codePointAt(0) - 32] ?? ofOthers), 0)
  return (sum / 100) * size * (bold ? bolder : 1)
}
