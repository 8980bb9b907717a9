// What `midtier explain` answers to tokens of every kind, written down: the page with every check, and the same for programs.
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { alice, ids } from '../behaviour/scenario.ts'
import { expectWritten, membersOf, withoutChance } from '../written.ts'
import { run } from './run.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

type Token = Parameters<Emulator['mint']>[0]
const usual: Token = {
  user: alice,
  client: ids.webClient,
  audience: ids.middleTier,
  scopes: ['access_as_user'],
  lifetimeSeconds: 4_530,
}

interface Case {
  readonly token: Partial<Token> | string
  readonly args?: string
}

const cases: Readonly<Record<string, Case>> = {
  'as it should be': { token: {}, args: '--scope access_as_user' },
  'for another API': { token: { audience: ids.todoApi, scopes: ['Tasks.ReadWrite'] } },
  'for another API that is taken as well': {
    token: { audience: ids.todoApi, scopes: ['Tasks.ReadWrite'] },
    args: `--audience ${ids.todoApi}`,
  },
  'of version 1.0': { token: { version: 1 } },
  'of another tenant': { token: { user: 'carol@fabrikam.onmicrosoft.com' } },
  'that has expired': { token: { lifetimeSeconds: -4_000 } },
  'without the scope': { token: {}, args: '--scope Todos.Read --scope Todos.Write' },
  'without the role': { token: {}, args: '--role Admin' },
  'that is opaque': { token: 'opaque' },
  'that is no JSON': { token: 'a.b.c' },
  'for an MCP server': { token: {}, args: '--resource https://mcp.contoso.com/mcp/ --scope access_as_user' },
}

/** The same in each run. */
const steady = (line: string): string =>
  withoutChance(line)
    .replaceAll(/\b[12]\d{9}\b/g, '<seconds>')
    .replaceAll(/(?<![\w-])[\w-]{27}(?![\w-])/g, '<kid>')
    .replaceAll(/\b\d{4}(?= characters)/g, '<n>')
    .replaceAll(/issued (?:just now|\d+ \w+ ago)/g, 'issued now')
    .replaceAll(/(?<=[a-z] )\d+ (?:seconds?|s|min)(?= ago|\b)/g, '<n>')

async function explain({ token, args = '' }: Case, ...more: readonly string[]) {
  const stdin = typeof token === 'string' ? token : await emulator.mint({ ...usual, ...token })
  const all = [
    'explain',
    '--tenant',
    ids.contoso,
    '--client-id',
    ids.middleTier,
    '--instance',
    emulator.origin,
  ]
  return run([...all, ...args.split(' ').filter(Boolean), ...more], { stdin })
}

/** What is as in the first case is not said again. */
const news = (): ((lines: readonly string[]) => readonly string[]) => {
  let first: ReadonlySet<string> | undefined
  return (lines) => {
    const told = lines.map(steady)
    first ??= new Set(told.splice(0))
    return told.length === 0 ? [...first] : told.filter((line) => first?.has(line) !== true)
  }
}

it('the pages are as they are written', async () => {
  const pages: string[] = []
  const isNew = news()
  for (const [name, each] of Object.entries(cases)) {
    const { code, output } = await explain(each, '--all')
    // Lines are broken by how long an address is: set in one.
    const lines = output
      .replaceAll(/\n {5,}/g, ' ')
      .split('\n')
      .filter(Boolean)
    pages.push(`${name}: exit code ${String(code)}`, ...isNew(lines), '')
  }
  await expectWritten(pages, new URL('written/explained.txt', import.meta.url))
})

it('what programs read is as it is written', async () => {
  const lines: string[] = []
  const isNew = news()
  for (const [name, each] of Object.entries(cases)) {
    const { code, output } = await explain(each, '--json')
    lines.push(
      `${name}: exit code ${String(code)}`,
      ...isNew(membersOf(JSON.parse(output)).map((line) => `  ${line}`)),
      '',
    )
  }
  expect(lines.join('\n')).not.toContain('alice')
  await expectWritten(lines, new URL('written/explained-json.txt', import.meta.url))
})
