// An explained token as a page of a terminal: the verdict, every check in its order, then header and claims.
import type { ExplainedCheck, TokenExplanation } from '../protect/explain.ts'

/** How the page is set. */
export interface PageStyle {
  readonly colour: boolean
  /** Width of the terminal. Characters. */
  readonly columns: number
}

/** On and off, as terminals have it (ECMA-48 §8.3.117). */
const styles = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39] } as const

type Paint = (style: keyof typeof styles, text: string) => string

interface Page {
  readonly paint: Paint
  readonly width: number
}

/** Sets the page; ends with a line break. */
export function formatExplanation(explanation: TokenExplanation, { colour, columns }: PageStyle): string {
  const paint: Paint = colour ? withEscapes : (_style, text) => text
  const page = { paint, width: Math.min(Math.max(columns, 60), 120) }
  const { checks, header, claims } = explanation
  const nameWidth = Math.max(...checks.map(({ name }) => name.length)) + 2
  return [
    '',
    ` ${headline(explanation, paint)}`,
    '',
    ...checks.flatMap((check) => checkLines(check, nameWidth, page)),
    ...valueLines('Header', header, page),
    ...valueLines('Claims', claims, page),
    '',
  ].join('\n')
}

function withEscapes(style: keyof typeof styles, text: string): string {
  const [on, off] = styles[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

function headline({ verdict, checks }: TokenExplanation, paint: Paint): string {
  const failed = checks.filter((check) => check.verdict === 'failed').map(({ name }) => name)
  const text = {
    accepted: () => paint('green', 'Accepted'),
    refused: () => `${paint('red', 'Refused')} by ${failed.join(', ')}`,
    undecided: () =>
      `${paint('yellow', 'Undecided')}: the authority gave no keys to verify the signature with`,
  }[verdict]()
  return paint('bold', text)
}

const marks = { passed: '✔', failed: '✘', not_reached: '·' } as const
const markColours = { passed: 'green', failed: 'red', not_reached: 'dim' } as const

function checkLines(check: ExplainedCheck, nameWidth: number, { paint, width }: Page): readonly string[] {
  const mark = paint(markColours[check.verdict], marks[check.verdict])
  const name = check.name.padEnd(nameWidth)
  const indent = ' '.repeat(nameWidth + 3)
  const lines = wrapped(check, width - indent.length)
  if (check.verdict !== 'failed')
    return lines.map((line, index) => (index === 0 ? ` ${mark} ${name}` : indent) + paint('dim', line))
  return lines.map((line, index) => (index === 0 ? ` ${mark} ${paint('bold', name)}` : indent) + line)
}

const labelWidth = 'expected  '.length

/** A failure in full; anything else in a word. */
function wrapped(check: ExplainedCheck, width: number): readonly string[] {
  if (check.verdict === 'not_reached') return ['not reached']
  const time = timeNames.has(check.name) ? withTime : same
  if (check.verdict === 'passed') return wrap(time(check.actual), width)
  const parts = { expected: time(check.expected), actual: time(check.actual), likely: check.mistake }
  return Object.entries(parts).flatMap(([label, text]) =>
    text === undefined
      ? []
      : wrap(text, width - labelWidth).map(
          (line, index) => (index === 0 ? label : '').padEnd(labelWidth) + line,
        ),
  )
}

function valueLines(
  title: string,
  values: Readonly<Record<string, string>>,
  { paint, width }: Page,
): readonly string[] {
  const names = Object.keys(values)
  if (names.length === 0) return []
  const nameWidth = Math.max(...names.map((name) => name.length)) + 2
  const indent = ' '.repeat(nameWidth + 3)
  const lines = Object.entries(values).flatMap(([name, value]) =>
    wrap(timeNames.has(name) ? withTime(value) : value, width - indent.length).map(
      (line, index) =>
        (index === 0 ? `   ${name.padEnd(nameWidth)}` : indent) +
        (line === masked ? paint('dim', line) : line),
    ),
  )
  return ['', ` ${paint('bold', title)}`, ...lines]
}

const masked = '[masked]'

/** Checks and claims that speak of seconds since the epoch. */
const timeNames: ReadonlySet<string> = new Set(
  'lifetime expired not_yet_valid issued_in_future exp nbf iat'.split(' '),
)

/** Seconds since the epoch with the time of day that a person can read. */
function withTime(text: string): string {
  return text.replace(/\b\d{9,10}\b/g, (seconds) => {
    return `${seconds} (${new Date(Number(seconds) * 1000).toISOString().replace('.000', '')})`
  })
}

function same(text: string): string {
  return text
}

/** Breaks at spaces; a word that is longer than the line, such as a URL, stays whole. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
