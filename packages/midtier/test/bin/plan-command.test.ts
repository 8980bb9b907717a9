// `midtier plan` as it is typed: what it prints, what it refuses, and its exit codes.
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../src/bin/run-command.ts'
import type { Plan } from '../../src/plan/plan.ts'

async function run(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const [output, errors]: [string[], string[]] = [[], []]
  const code = await runCommand(['plan', ...args], {
    input: new PassThrough(),
    output: { write: (text) => output.push(text) },
    errors: { write: (text) => errors.push(text) },
    environment: {},
    version: '0.0.0',
    nodeVersion: '20.19.0',
    supported: {},
  })
  return { code, output: output.join(''), errors: errors.join('') }
}

const plan = async (...args: string[]): Promise<Plan> =>
  JSON.parse((await run(...args, '--json')).output) as Plan

describe('midtier plan', () => {
  it('answers without any option, and ends with a line that gives the same answer', async () => {
    const { code, output } = await run()
    expect(code).toBe(0)
    const [, line = ''] = output.split('Assumed, or said')
    const args = line.trim().split(/\s+/).slice(2)
    expect(args).toContain('--users')
    expect((await run(...args)).output).toBe(output)
  })

  it('keeps lines within 80 characters, but the first, and numbers on one', async () => {
    const { output } = await run('--users', '100000000', '--regions', '2', '--processes', '400')
    expect(output).toContain('417\u00a0000 requests/s')
    expect(
      output
        .split('\n')
        .slice(2)
        .filter((line) => line.length > 80),
    ).toEqual([])
  })

  it.each([
    [['--requests-per-second', '500']],
    [['--requests-per-second', '125000']],
    [['--max-bytes', '1099511627776']],
    [['--max-bytes', '1099511627775']],
    [['--store', 'none', '--sticky', '--session-minutes', '33.333333333333336']],
  ])('ends with a line that is taken when it is asked again: %j', async (asked) => {
    const { output } = await run(...asked)
    const [, line = ''] = output.split('Assumed, or said')
    const again = await run(...line.trim().split(/\s+/).slice(2))
    expect(again.errors).toBe('')
    expect(again.output).toBe(output)
  })

  it('says with which settings the memory is reckoned', async () => {
    const { output } = await run()
    expect(output.replaceAll(/\s+/g, ' ')).toContain(
      '44 531 tokens by --max-entries and --max-bytes, and maxCachedTokens at its default',
    )
  })

  it('advises no less of Redis than its own weight, and says why', async () => {
    const { output } = await run('--users', '100')
    expect(output).toMatch(/maxmemory \(Redis\) 16mb +the least: Redis itself/)
  })

  it('says of next to nothing that it is next to nothing', async () => {
    const { output } = await run('--users', '1', '--authority-limit', '1000000000')
    expect(output).toContain('under 0.01 % used')
    expect(output).toContain('under 0.01/s')
  })

  it('grows with the users: exchanges, operations and bytes ten times, a user costs the same', async () => {
    const [few, many] = [await plan('--users', '1000'), await plan('--users', '10000')]
    expect(many.exchanges / few.exchanges).toBeCloseTo(10, 6)
    expect((many.store?.bytes ?? 0) / (few.store?.bytes ?? 1)).toBeCloseTo(10, 6)
    expect(many.exchangesPerUserAndDay).toBeCloseTo(few.exchangesPerUserAndDay, 6)
  })

  it('takes the load as requests a second of all, too', async () => {
    expect((await plan('--requests-per-second', '500')).requests).toBeCloseTo(500, 6)
  })

  it('counts the losses of regions where there are some, and of a store where there is one', async () => {
    const names = async (...args: string[]): Promise<string[]> =>
      (await plan(...args)).failures.map(({ name }) => name)
    expect(await names()).not.toContain('region_lost')
    expect(await names('--regions', '2')).toContain('region_lost')
    expect(await names('--store', 'none')).toEqual(['processes_restarted'])
  })

  it('recommends sticky sessions where they save much, and not where they are', async () => {
    const named = async (...args: string[]): Promise<string[]> =>
      (await plan('--processes', '64', ...args)).settings.map(({ name }) => name)
    expect(await named()).toContain('load balancer')
    expect(await named('--sticky')).not.toContain('load balancer')
  })

  it('says by how much an authority is asked for too much', async () => {
    const { limits } = await plan('--users', '1000000', '--authority-limit', '10')
    expect(limits[0]?.name).toBe('authority')
    expect(limits[0]?.used).toBeGreaterThan(1)
  })

  it.each([
    [['--users', 'many'], '--users: must be a whole number from 1'],
    [['--users', ''], '--users: must be a whole number from 1'],
    [['--users', '1.5'], '--users: must be a whole number from 1'],
    [['--max-entries', '1.5'], '--max-entries: must be a whole number'],
    [['--max-bytes', '2000000.5'], '--max-bytes: must be a whole number'],
    [['--token-bytes', '150.5'], '--token-bytes: must be a whole number'],
    [['--at-once', '1.5'], '--at-once: must be a whole number'],
    [['--downstream-apis', '1.5'], '--downstream-apis: must be a whole number'],
    [['--processes', '1.5'], '--processes: must be a whole number'],
    [['--token-lifetime', '6'], '--token-lifetime: must be a number from 10 to 2880'],
    [['--requests-per-second', '1000000'], '--requests-per-second: is 48000 a minute of each session'],
    [['--requests-per-second', '0.01', '--users', '100000'], '--requests-per-second: is 0.000'],
    [['--peak', '0.5'], '--peak: must be a number from 1 to 100'],
    [['--store', 'postgres'], '--store: must be redis or none'],
    [['--processes', '5', '--regions', '2'], '--processes: must be as many in each region'],
    [['--regions', '1.5'], '--regions: must be a whole number'],
    [['--requests-per-second', '5', '--requests-per-minute', '5'], 'give one of them'],
    [['--user', '5'], 'did you mean --users?'],
    [['now'], 'plan takes options alone'],
  ])('refuses %j, and names the option and the fix', async (args, message) => {
    const { code, output, errors } = await run(...args)
    expect(code).toBe(2)
    expect(output).toBe('')
    expect(errors.replaceAll(/\s+/g, ' ')).toContain(message)
    expect(errors).toContain('midtier plan --help')
  })
})
