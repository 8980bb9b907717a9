// docs/clients.md, written from the cells.
import { isAbsent, type Cell, type Client } from './client.ts'
import { flowNames, flows, type FlowName } from './flows.ts'

const head = `# Clients that run against the emulator

Every cell is a test. ✓: the unmodified client runs the flow, and both what it holds in the end and what the emulator saw are looked at. –: the
client has no such flow, and nothing in its public API is named like one; [why](#what-is-not-there). A number: [how](#how-it-runs) it runs
there.

Written by \`npm run clients\`, from the cells in \`packages/emulator/test/clients\`; \`npm test\` runs them and holds this page to them.
`

const titles = flowNames.map((name) => flows[name].title)

interface Remark {
  readonly client: string
  readonly flow: string
  readonly text: string
}

/** The page, not yet formatted. */
export function renderPage(clients: readonly Client[]): string {
  const notes = clients.flatMap((client) =>
    remarksOf(client, (cell) => (typeof cell === 'object' && 'note' in cell ? cell.note : undefined)),
  )
  const sign = (client: Client, name: FlowName): string => {
    const cell = client.cells[name]
    if (isAbsent(cell)) return '–'
    const number = notes.findIndex((it) => it.client === client.name && it.flow === flows[name].title)
    return number === -1 ? '✓' : `✓ ${String(number + 1)}`
  }
  const table = [
    ['', ...titles],
    ['---', ...titles.map(() => ':-:')],
    ...clients.map((client) => [client.name, ...flowNames.map((name) => sign(client, name))]),
  ]
  return [
    head,
    rows(table),
    '## How it runs\n',
    ...notes.map(({ client, flow, text }, index) => `${String(index + 1)}. ${client}, ${flow}: ${text}.`),
    '',
    rows([
      ['client', 'version', 'reaches the emulator by'],
      ['---', '---', '---'],
      ...clients.map(({ name, version, reach }) => [name, version, reach]),
    ]),
    '## What is not there\n',
    rows([['client', 'has no', 'because'], ['---', '---', '---'], ...clients.flatMap(absences)]),
  ].join('\n')
}

function remarksOf({ name, cells }: Client, text: (cell: Cell) => string | undefined): readonly Remark[] {
  return flowNames.flatMap((flow) => {
    const found = text(cells[flow])
    return found === undefined ? [] : [{ client: name, flow: flows[flow].title, text: found }]
  })
}

/** One row for every reason. */
function absences(client: Client): readonly (readonly string[])[] {
  const byReason = new Map<string, string[]>()
  for (const { flow, text } of remarksOf(client, (cell) => (isAbsent(cell) ? cell.because : undefined)))
    byReason.set(text, [...(byReason.get(text) ?? []), flow])
  return [...byReason].map(([because, missing]) => [client.name, missing.join(', '), because])
}

function rows(table: readonly (readonly string[])[]): string {
  return `${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`
}
