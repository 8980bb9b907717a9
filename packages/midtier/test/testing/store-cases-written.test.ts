// What each case of the conformance does to a store, and what it says of stores with a fault: written down.
import { expect, it } from 'vitest'
import { storeCases, type StoreCase } from '../../src/testing/store-conformance.ts'
import type { Slot } from '../../src/token-cache/store.ts'
import { expectWritten } from '../written.ts'
import { faultsOfLeases, faultsOfMessages, faultsOfRanks } from './faults-of-features.ts'
import { faultsOfNames } from './faults-of-names.ts'
import { faultsOfValues } from './faults-of-values.ts'
import { aTurn, connect, createWorld, type Fault, type Process, type WholeStore } from './working-store.ts'

const processes = ['store', 'other'] as const

/** Runs a case on a store with a fault, or on one without. @returns what was done to it, and what the case says. */
async function tell(each: StoreCase, fault?: Fault): Promise<{ done: string[]; said: string }> {
  const world = createWorld()
  const change = fault?.begin(world)
  const done: string[] = []
  const [store, other] = processes.map((process) => {
    const whole = connect(world)
    return recorded({ ...whole, ...change?.(whole, process) }, process, done)
  }) as [WholeStore, WholeStore]
  const wait = async (durationMs: number): Promise<void> => {
    done.push(`wait ${durationMs}`)
    world.nowMs += durationMs
    await aTurn()
  }
  const said = await each.run({ store, other, wait }).then(
    () => 'passed',
    (error: unknown) => (error as Error).message,
  )
  const name = namer()
  return { done: done.map((line) => cut(name(line))), said: cut(name(said)) }
}

function cut(line: string): string {
  return line.length > 1_500 ? `${line.slice(0, 100)}… (${String(line.length)} characters)` : line
}

/** Partitions, whose names are drawn anew, by their numbers, in the order in which they come; signs that nobody sees are escaped. */
function namer(): (text: string) => string {
  const ids: string[] = []
  return (text) =>
    text
      .replaceAll(/conformance-[\da-f-]{36}z?/gi, (id) => {
        if (!ids.includes(id)) ids.push(id)
        return `<${ids.indexOf(id) + 1}>`
      })
      .replaceAll(/[\u202e\ufeff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`)
}

function recorded(whole: WholeStore, process: Process, done: string[]): WholeStore {
  const note =
    <Args extends readonly unknown[], Result>(operation: string, act: (...args: Args) => Result) =>
    (...args: Args): Result => {
      done.push(`${process}.${operation} ${args.flatMap(shown).join(' ')}`.trimEnd())
      return act(...args)
    }
  return {
    get: note('get', (slot) => whole.get(slot)),
    set: note('set', (...args) => whole.set(...args)),
    delete: note('delete', (slot) => whole.delete(slot)),
    deletePartition: note('deletePartition', (partition) => whole.deletePartition(partition)),
    setIfGreater: note('setIfGreater', (...args) => whole.setIfGreater(...args)),
    publish: note('publish', (message) => whole.publish(message)),
    lease: note('lease', async (...args) => {
      const given = await whole.lease(...args)
      return given && { release: note('release', () => given.release()) }
    }),
    subscribe: note('subscribe', (...args) => {
      const subscription = whole.subscribe(...args)
      return { ready: subscription.ready, close: note('close', () => subscription.close()) }
    }),
  }
}

function shown(value: unknown): readonly string[] {
  if (typeof value === 'function') return []
  const text = isSlot(value) ? JSON.stringify([value.partition, value.key]) : JSON.stringify(value)
  return [text]
}

function isSlot(value: unknown): value is Slot {
  return typeof value === 'object' && value !== null && 'partition' in value
}

it('what each case does to a store is as it is written', async () => {
  const lines: string[] = []
  for (const each of storeCases) {
    const { done, said } = await tell(each)
    expect(said).toBe('passed')
    lines.push(`${each.name}${each.needs === undefined ? '' : ` (${each.needs})`}`)
    lines.push(...done.map((line) => `  ${line}`), '')
  }
  await expectWritten(lines, new URL('written/store-cases.txt', import.meta.url))
})

it('what each case says of a store with a fault is as it is written', async () => {
  const faults = {
    ...faultsOfValues,
    ...faultsOfNames,
    ...faultsOfLeases,
    ...faultsOfMessages,
    ...faultsOfRanks,
  }
  const lines: string[] = []
  for (const each of storeCases) {
    lines.push(each.name)
    for (const fault of faults[each.name] ?? [])
      lines.push(`  of a store that ${fault.name}: ${(await tell(each, fault)).said}`)
  }
  await expectWritten(lines, new URL('written/store-faults.txt', import.meta.url))
})
