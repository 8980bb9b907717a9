// What `midtier plan` answers, written down: the page that people read, and every number of it for programs.
import { describe, expect, it } from 'vitest'
import { planNumberNames, planNumbers } from '../../src/bin/plan-flags.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { expectWritten, membersOf } from '../written.ts'
import { run, transcript } from './run.ts'

/** Loads that differ in what they ask of the model. */
const asked = [
  '',
  '--users 1 --authority-limit 1000000000',
  '--users 100000 --processes 64 --authority-limit 50',
  '--users 100000 --processes 64 --sticky --sessions-per-day 7 --skew 0',
  '--users 2000000 --processes 60 --regions 3 --requests-per-second 9000 --at-once 4',
  '--users 50000 --store none --regions 2 --processes 8 --max-entries 400 --downstream-apis 5',
  '--users 800 --session-minutes 240 --client-token-minutes 1680 --token-lifetime 1680 --token-bytes 5000',
  '--users 40000 --token-lifetime 10 --exchange-ms 3000 --cpu-per-request 20000 --peak 8',
]

const command = (line: string): string => `midtier plan ${line}`.trimEnd()

it('the pages are as they are written', async () => {
  const pages = await Promise.all(asked.map((line) => transcript(command(line))))
  await expectWritten(pages, new URL('written/plan-pages.txt', import.meta.url))
})

it('the numbers are as they are written', async () => {
  const told = await Promise.all(
    asked.map(async (line) => {
      const { output } = await run(['plan', ...line.split(' ').filter(Boolean), '--json'])
      const plan = JSON.parse(output) as Partial<Plan>
      for (const onPage of ['inputs', 'settings'] as const) Reflect.deleteProperty(plan, onPage)
      return [`$ ${command(line)} --json`, ...membersOf(plan), '']
    }),
  )
  await expectWritten(told.flat(), new URL('written/plan-numbers.txt', import.meta.url))
})

it('what cannot be meant is refused as it is written', async () => {
  const lines = [
    ...planNumberNames.map((name) => `--${name} many`),
    '--processes 5 --regions 2',
    '--requests-per-second 5 --requests-per-minute 5',
    '--requests-per-second 1000000',
    '--requests-per-second 0.01 --users 100000',
    '--store postgres',
    '--user 5',
    'now',
  ]
  const refused = await Promise.all(lines.map((line) => transcript(command(line))))
  await expectWritten(refused, new URL('written/plan-refusals.txt', import.meta.url))
})

describe.each(planNumberNames)('--%s', (name) => {
  const { least, most } = planNumbers[name]
  const refused = `midtier: --${name}: must be a`

  it('is taken from the least to the most, and not beyond', async () => {
    for (const value of [least, most])
      expect((await run(['plan', `--${name}`, String(value)])).errors).not.toContain(refused)
    for (const value of [least - 1, most + 1])
      expect((await run(['plan', `--${name}=${String(value)}`])).errors).toContain(refused)
  })
})
