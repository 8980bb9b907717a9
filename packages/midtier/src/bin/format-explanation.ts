// An explained token as a page of a terminal: the verdict, what failed, the rest in a line, then times, header and claims.
import type { ExplainedCheck } from '../protect/checks/explained-check.ts'
import type { TokenExplanation } from '../protect/explain.ts'
import { masked } from '../protect/show-token.ts'
import { inIso } from '../protect/times-in-words.ts'
import { labelled, painter, wrap, type Page } from './page.ts'

/** How the page is set. */
export interface PageStyle {
  readonly colour: boolean
  /** Width of the terminal. Characters. */
  readonly columns: number
  /** Every check in its order, in place of the failed ones alone. */
  readonly all: boolean
}

/** Sets the page; ends with a line break. */
export function formatExplanation(explanation: TokenExplanation, style: PageStyle): string {
  const page = { paint: painter(style.colour), width: Math.min(Math.max(style.columns, 60), 120) }
  const { checks, notes } = explanation
  const shown = style.all ? checks : checks.filter(({ verdict }) => verdict === 'failed')
  return [
    '',
    ...headline(explanation, page),
    ...notes.flatMap((note) => noteLines(note, page)),
    '',
    ...shown.flatMap((check) => checkLines(check, page)),
    ...(style.all ? [''] : foldedLines(checks, page)),
    ...tokenLines(explanation, page),
    '',
  ].join('\n')
}

function headline({ verdict, checks, times }: TokenExplanation, { paint, width }: Page): readonly string[] {
  const failed = checks.filter((check) => check.verdict === 'failed').map(({ name }) => name)
  const age = [times.exp, times.iat].filter((words) => words !== undefined).join(', ')
  const [word, colour, rest] = {
    accepted: ['Accepted', 'green', age === '' ? '' : `: ${age}`] as const,
    refused: ['Refused', 'red', ` by ${failed.join(', ')}`] as const,
    undecided: ['Undecided', 'yellow', ': no key to verify the signature with'] as const,
  }[verdict]
  const lines = wrap(word + rest, width - 1)
  return lines.map((line) => ` ${paint('bold', line.replace(word, paint(colour, word)))}`)
}

function noteLines(note: string, { paint, width }: Page): readonly string[] {
  return wrap(note, width - 3).map((line, index) => ` ${index === 0 ? paint('yellow', '!') : ' '} ${line}`)
}

const marks = { passed: ['green', '✔'], failed: ['red', '✘'], not_reached: ['dim', '·'] } as const

function checkLines(check: ExplainedCheck, page: Page): readonly string[] {
  const { name, verdict } = check
  const [colour, sign] = marks[verdict]
  const mark = page.paint(colour, sign)
  if (verdict === 'failed') return failureLines(check, mark, page)
  const told = verdict === 'passed' ? withTimes(name, check.actual) : becauseOf(check.because)
  return labelled(name.padEnd(nameWidth), told, { ...page, indent: 3 }).map((line, index) =>
    index === 0 ? ` ${mark} ${line.slice(3)}` : line,
  )
}

const nameWidth = 'authentication_context'.length

function failureLines(
  { name, description, expected, actual, mistake }: ExplainedCheck,
  mark: string,
  page: Page,
): readonly string[] {
  const title = wrap(description === undefined ? name : `${name}: ${description}`, page.width - 3)
  const came = actual === description ? undefined : withTimes(name, actual)
  const parts = { expected: withTimes(name, expected), actual: came, likely: mistake }
  return [
    ...title.map((line, index) =>
      index === 0 ? ` ${mark} ${line.replace(name, page.paint('bold', name))}` : `   ${line}`,
    ),
    ...Object.entries(parts).flatMap(([label, text]) =>
      text === undefined ? [] : labelled(label.padEnd('expected'.length), text, { ...page, indent: 3 }),
    ),
    '',
  ]
}

function becauseOf(because: string | undefined): string {
  return because === undefined ? 'not reached' : `not reached: ${because}`
}

/** What did not fail, in a line for those that passed and one for each reason why others were not reached. */
function foldedLines(checks: readonly ExplainedCheck[], { paint }: Page): readonly string[] {
  const passed = checks.filter(({ verdict }) => verdict === 'passed').length
  const skipped = new Map<string, number>()
  for (const { verdict, because = '' } of checks)
    if (verdict === 'not_reached') skipped.set(because, (skipped.get(because) ?? 0) + 1)
  const counts = [...skipped].map(([because, count]) => `${count} not reached because of ${because}`)
  return [
    ` ${paint('green', marks.passed[1])} ${passed} passed (--all lists them)`,
    ...counts.map((line) => paint('dim', ` ${marks.not_reached[1]} ${line}`)),
    '',
  ]
}

function tokenLines({ header, claims, times }: TokenExplanation, page: Page): readonly string[] {
  if (Object.keys(header).length + Object.keys(claims).length === 0) return []
  const words: Readonly<Record<string, string | undefined>> = { ...times }
  const shown = Object.entries(claims).filter(([, value]) => value !== masked)
  const hidden = Object.entries(claims).filter(([, value]) => value === masked)
  const section = (title: string, rows: readonly (readonly [string, string])[]): readonly string[] => {
    const width = Math.max(...rows.map(([name]) => name.length))
    const lines = rows.flatMap(([name, value]) => labelled(name.padEnd(width), value, { ...page, indent: 3 }))
    return rows.length === 0 ? [] : [` ${page.paint('bold', title)}`, ...lines]
  }
  return [
    ...section('Header', Object.entries(header)),
    ...section('Claims', [
      ...shown.map(([name, value]) => [name, claimValue(name, value, words[name])] as const),
      ...(hidden.length === 0 ? [] : [['masked', hidden.map(([name]) => name).join(', ')] as const]),
    ]),
    ...wrap(`Times are by this machine's clock: ${times.now}`, page.width - 1).map(
      (line) => ` ${page.paint('dim', line)}`,
    ),
  ]
}

function claimValue(name: string, value: string, words: string | undefined): string {
  const time = timeNames.has(name) ? withTime(value) : value
  return words === undefined ? time : `${time} ${words}`
}

/** Checks and claims that speak of seconds since the epoch. */
const timeNames: ReadonlySet<string> = new Set(
  'lifetime expired not_yet_valid issued_in_future exp nbf iat'.split(' '),
)

function withTimes(name: string, text: string): string {
  return timeNames.has(name) ? withTime(text) : text
}

/** Seconds since the epoch as the time that a person can read. */
function withTime(text: string): string {
  return text.replace(/\b\d{9,10}\b/g, (seconds) => inIso(Number(seconds)) ?? seconds)
}
