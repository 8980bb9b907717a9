// Findings as a page of a terminal: the verdict, then what is wrong with what mends it, the rest in a line.
import type { Finding, Verdict } from '../doctor/finding.ts'
import { printable } from '../kernel/printable.ts'
import { labelled, painter, wrap, type Page } from './page.ts'

/** How the page is set. */
export interface FindingsStyle {
  readonly colour: boolean
  /** Width of the terminal. Characters. */
  readonly columns: number
  /** Every finding, in place of those to mend alone. */
  readonly all: boolean
}

/** Sets the page; ends with a line break. */
export function formatFindings(findings: readonly Finding[], style: FindingsStyle): string {
  const page = { paint: painter(style.colour), width: Math.min(Math.max(style.columns, 60), 120) }
  const count = (verdict: Verdict): number => findings.filter((each) => each.verdict === verdict).length
  const shown = findings.filter(({ verdict }) => style.all || verdict === 'failed' || verdict === 'warned')
  const folded = `${String(count('passed'))} passed, ${String(count('skipped'))} skipped${style.all ? '' : ' (--all lists them)'}`
  return [
    '',
    headline(count('failed'), count('warned'), page),
    '',
    ...shown.flatMap((finding) => findingLines(finding, page)),
    ` ${page.paint('green', '✔')} ${folded}`,
    '',
    '',
  ].join('\n')
}

function headline(faults: number, warnings: number, { paint }: Page): string {
  const parts = [number(faults, 'fault'), number(warnings, 'warning')].filter((each) => each !== undefined)
  if (faults === 0) return ` ${paint('green', 'Sound')}${warnings === 0 ? '' : `, with ${parts.join('')}`}`
  return ` ${paint('red', parts.join(', '))}`
}

function number(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${String(count)} ${noun}${count === 1 ? '' : 's'}`
}

const marks = {
  passed: ['green', '✔'],
  warned: ['yellow', '!'],
  failed: ['red', '✘'],
  skipped: ['dim', '·'],
} as const

function findingLines({ check, verdict, is, should, mend }: Finding, page: Page): readonly string[] {
  const [colour, sign] = marks[verdict]
  const mark = page.paint(colour, sign)
  const isWell = verdict === 'passed' || verdict === 'skipped'
  const how = mend === undefined ? '' : ` (${mend})`
  if (isWell) return indent(wrap(`${check}: ${is}${how}`, page.width - 3), mark)
  const parts = Object.entries({ is, should, mend })
  return [
    ` ${mark} ${page.paint('bold', printable(check))}`,
    ...parts.flatMap(([label, text]) =>
      text === undefined ? [] : labelled(label.padEnd('should'.length), text, { ...page, indent: 3 }),
    ),
    '',
  ]
}

function indent(lines: readonly string[], mark: string): readonly string[] {
  return lines.map((line, index) => (index === 0 ? ` ${mark} ${line}` : `   ${line}`))
}
