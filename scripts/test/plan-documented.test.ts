// docs/scaling.md shows what `midtier plan` prints, its charts what it reckons, and its constants are those that were measured.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { measured } from '../../packages/midtier/src/plan/constants.ts'
import type { Plan } from '../../packages/midtier/src/plan/plan.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = read('docs/scaling.md')

const command = fileURLToPath(new URL('../../packages/midtier/dist/esm/midtier.js', import.meta.url))

async function print(args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [command, ...args])).stdout
}

const plan = async (...args: string[]): Promise<Plan> =>
  JSON.parse(await print(['plan', ...args, '--json'])) as Plan

describe('docs/scaling.md', () => {
  const shown = [...page.matchAll(/^```console\n\$ npx midtier (plan .*)\n([\s\S]*?)^```$/gm)]

  it.each(shown.map(([, command = '', output = '']) => [command, output]))(
    'has what it prints: midtier %s',
    async (command, output) => {
      expect(output.trimEnd()).toBe((await print(command.split(' '))).trimEnd())
    },
  )

  it('has three sizes', () => {
    expect(shown).toHaveLength(3)
  })
})

describe('the charts', async () => {
  const { hitsByProcesses, exchangesByLoss } = (await import(
    new URL('../diagrams/scaling.mjs', import.meta.url).href
  )) as {
    hitsByProcesses: Readonly<Record<string, readonly number[]>>
    exchangesByLoss: Readonly<Record<string, number>>
  }

  it.each(Object.entries(hitsByProcesses))('of hits, with %s processes', async (processes, shares) => {
    const { fromMemory, fromStore, fromAuthority } = await plan('--users', '100000', '--processes', processes)
    expect(shares).toEqual([fromMemory, fromStore, fromAuthority].map((share) => Math.round(100 * share)))
  })

  it('of losses', async () => {
    const { exchanges, failures } = await plan('--users', '1000000', '--processes', '16')
    const all = [
      exchanges,
      ...['processes_restarted', 'store_lost', 'store_emptied', 'restarted_without_store'].map(
        (name) => failures.find((failure) => failure.name === name)?.exchanges ?? 0,
      ),
    ]
    expect(Object.values(exchangesByLoss)).toEqual(all.map((value) => Number(value.toPrecision(3))))
  })
})

describe('the constants', () => {
  const results = read('benchmarks/results/scaling.md')
  const figureOf = (start: string): number =>
    Number(
      results
        .split('\n')
        .find((line) => line.startsWith(`| ${start}`))
        ?.split('|')[2],
    )

  it.each([
    ['bytes in Redis: an entry', measured.storeEntryBytes + (1_800 * 4) / 3],
    ['bytes in Redis: the list of an account', measured.storeAccountBytes],
    ['bytes of heap: a token in the process', measured.heapBytes + 1_800],
    ['bytes of a process with no user', measured.processBytes],
    ['µs of the process: a token from the store', measured.storeHitMicroseconds],
    ['µs of Redis: a token from the store', measured.redisReadMicroseconds],
    ['µs of Redis: an exchange', measured.redisExchangeMicroseconds],
  ])('are within a tenth of what benchmarks/results/scaling.md has: %s', (start, value) => {
    expect(Math.abs(value / figureOf(start) - 1)).toBeLessThan(0.1)
  })

  it('an exchange costs what it costs here and the request to the authority', () => {
    const [, miss = ''] = /^\| midtier +\| +(\d+) \(/m.exec(read('benchmarks/results/acquire.md')) ?? []
    const own = figureOf('µs of the process: an exchange')
    expect(Math.abs(measured.exchangeMicroseconds / (own + Number(miss)) - 1)).toBeLessThan(0.1)
  })

  it('a request costs what Express costs behind a token', () => {
    const [, cost] = /^\| express +\| +[\d.]+ \| +([\d.]+) /m.exec(read('benchmarks/results/server.md')) ?? []
    expect(Math.round(Number(cost))).toBe(measured.requestMicroseconds)
  })
})
