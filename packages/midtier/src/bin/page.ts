// Lines of a terminal: colours, and text that is broken at spaces. Whatever the text is, the terminal shows it and obeys none of it.
import { printable } from '../kernel/printable.ts'

/** On and off, as terminals have it (ECMA-48 §8.3.117). */
const styles = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39] } as const

export type Paint = (style: keyof typeof styles, text: string) => string

export interface Page {
  readonly paint: Paint
  /** Characters. */
  readonly width: number
}

/** Paints, or leaves text as it is. */
export function painter(colour: boolean): Paint {
  return colour ? withEscapes : (_style, text) => text
}

function withEscapes(style: keyof typeof styles, text: string): string {
  const [on, off] = styles[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

/** A label and its text beside it; below it when a word would not fit there, such as a URL that is to be copied whole. */
export function labelled(
  rawLabel: string,
  rawText: string,
  { width, indent }: Pick<Page, 'width'> & { readonly indent: number },
): readonly string[] {
  const [label, text] = [printable(rawLabel), printable(rawText)]
  const beside = indent + label.length + 2
  const longest = Math.max(...text.split(' ').map((word) => word.length))
  if (longest <= width - beside)
    return wrap(text, width - beside).map(
      (line, index) => (index === 0 ? ' '.repeat(indent) + label + '  ' : ' '.repeat(beside)) + line,
    )
  const below = wrap(text, width - indent - 2).map((line) => ' '.repeat(indent + 2) + line)
  return [' '.repeat(indent) + label.trimEnd(), ...below]
}

/** Breaks at spaces; a word that is longer than the line stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
