// Command lines that cannot be meant, each with its answer, written down; none repeats what may be a token.
import { expect, it } from 'vitest'
import { helpOf, parseCommandLine } from '../../src/bin/command-line.ts'
import { expectWritten } from '../written.ts'
import { run, transcript } from './run.ts'

const guid = 'a0000000-0000-4000-8000-000000000002'
const explain = `midtier explain --tenant ${guid} --client-id ${guid}`

const flags = [
  ...[
    'tenant x',
    'client-id x',
    'instance x',
    'audience x',
    'resource x',
    'allowed-tenant x',
    'scope x',
    'role x',
  ],
  ...[
    'url x',
    'graph-url x',
    'user-token',
    'sign-in x',
    'store x',
    'sticky',
    'all',
    'json',
    'users 5',
    'peak 5',
  ],
]

it('each command takes its own options', async () => {
  const lines = ['explain', 'doctor', 'registration', 'plan'].map((command) => {
    const takes = flags.filter((flag) => {
      try {
        parseCommandLine([command, ...`--${flag}`.split(' ')])
        return true
      } catch {
        return false
      }
    })
    return `${command}: ${takes.map((flag) => `--${flag}`).join(' ')}`
  })
  await expectWritten(lines, new URL('written/options.txt', import.meta.url))
})

it.each([
  ['no token', ['explain', '--token-bytes', '5'], '--token-bytes is no option'],
  ['no token', ['plan', '--token-lifetime', '50'], ''],
  ['a token', ['explain', '--token', 'x'], 'a token must not be an argument'],
  ['a token', ['explain', '-token', 'x'], 'a token must not be an argument'],
  ['a token', ['explain', '--accessToken=x'], 'a token must not be an argument'],
  ['a token', ['explain', '--access-token', 'x'], 'a token must not be an argument'],
  ['a token', ['explain', 'xeyJx'], 'a token must not be an argument'],
  ['a token', ['explain', 'x'.repeat(2_001)], 'a token must not be an argument'],
  ['too many words', ['explain', 'x'.repeat(2_000)], 'explain takes options alone'],
])('takes for %s: %j', async (_, args, said) => {
  const { errors } = await run(args)
  expect(errors.replaceAll(/\s+/g, ' ')).toContain(said)
  expect(errors).not.toContain('xx')
})

it('what cannot be meant is answered as it is written', async () => {
  const lines = [
    ...[
      'midtier',
      'midtier nonsense',
      'midtier --json',
      'midtier -x',
      'midtier --tenan x',
      'midtier explain now',
    ],
    ...[
      'midtier doctor a b',
      'midtier registration a b c',
      'midtier explain --user-token',
      'midtier explain --tenan x',
    ],
    ...['midtier explain --Überraschung', 'midtier explain --all=yes', 'midtier explain --tenant'],
    ...['midtier explain --tenant --all', 'midtier explain', `midtier explain --tenant ${guid}`, explain],
    ...[`${explain} --scope api://x/read`, `${explain} --instance nonsense`, `${explain} --audience=`],
    ...[
      `${explain} --resource nonsense`,
      `${explain} --allowed-tenant x`,
      `${explain} --scope=`,
      `${explain} --role=`,
    ],
    ...['midtier explain --tenant x:y --client-id x', `midtier explain --tenant ${guid} --client-id x`],
    ...[
      'midtier --version',
      'midtier explain -v',
      'midtier plan --version extra',
      'midtier doctor --help --nonsense',
    ],
    ...['midtier doctor --url nonsense', 'midtier doctor --url ftp://x/', 'midtier doctor --graph-url x'],
    ...[`midtier doctor --tenant ${guid}`, `midtier doctor --client-id ${guid}`],
    ...['midtier registration', 'midtier registration terraform', 'midtier registration diff'],
    ...[
      'midtier registration script x.js --json',
      'midtier registration bicep x.js --graph-url https://x/v1.0',
    ],
    ...['midtier registration diff /nowhere.js --graph-url https://x/'],
  ]
  const told = await Promise.all(lines.map((line) => transcript(line)))
  const graph = { MIDTIER_GRAPH_TOKEN: 'opaque' }
  for (const url of [
    'nonsense',
    'http://graph.example/v1.0',
    'https://graph.example/',
    'https://graph.example/v1.0x',
  ])
    told.push(await transcript(`midtier doctor --graph-url ${url}`, { environment: graph }))
  await expectWritten(told, new URL('written/usage.txt', import.meta.url))
})

it('the help of each command is its own', async () => {
  for (const command of ['explain', 'doctor', 'registration', 'plan'] as const) {
    const { code, output } = await run([command, '-h'])
    expect([code, output.split(' ').slice(0, 3)]).toEqual([0, ['Usage:', 'midtier', command]])
    expect(helpOf(command)).toBe(command === 'explain' ? 'midtier --help' : `midtier ${command} --help`)
  }
  expect((await run(['--help'])).output).toBe((await run(['explain', '--help'])).output)
})
