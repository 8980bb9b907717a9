// What every token store must do, as cases without a test runner: run them on a store of your own.
import type { Slot, TokenStore } from '../token-cache/store.ts'
import { minuteMs, needing, type StoreCase } from './store-case.ts'
import { rankCases } from './store-rank-cases.ts'
import {
  expectLease,
  expectThat,
  expectValue,
  listen,
  newPartition,
  newSlot,
  takeLease,
} from './store-expectations.ts'

export type { StoreCase, StoreFeature, StoreUnderTest } from './store-case.ts'

/**
 * Every case.
 *
 * @example
 * ```ts
 * const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
 * for (const { name, needs, run } of storeCases) {
 *   if (needs === undefined) test(name, () => run({ store, other, wait })) // `other`: the same store, as another process has it
 * }
 * ```
 */
export const storeCases: readonly StoreCase[] = [
  always('gives back what was set, to every process', async ({ store, other }) => {
    const slot = newSlot()
    await store.set(slot, 'value', minuteMs)
    await expectValue(store, slot, 'value')
    await expectValue(other, slot, 'value')
  }),
  always('has nothing where nothing was set', async ({ store }) => {
    const slot = newSlot()
    await expectValue(store, slot, undefined)
    await store.set(slot, 'value', minuteMs)
    await expectValue(store, { ...slot, key: `${slot.key}x` }, undefined)
    await expectValue(store, { ...slot, partition: `${slot.partition}x` }, undefined)
  }),
  always('replaces a value and its time to live', async ({ store, other, wait }) => {
    const slot = newSlot()
    await store.set(slot, 'first', 400)
    await other.set(slot, 'second', minuteMs)
    await wait(700)
    await expectValue(store, slot, 'second')
  }),
  always('has no value after its time to live, nor one that was given none', async ({ store, wait }) => {
    const [brief, lasting, dead] = [newSlot(), newSlot(), newSlot()]
    await store.set(brief, 'brief', 300)
    await store.set(lasting, 'lasting', minuteMs)
    await store.set(dead, 'alive', minuteMs)
    await store.set(dead, 'dead', 0)
    await wait(600)
    await expectValue(store, brief, undefined)
    await expectValue(store, lasting, 'lasting')
    await expectValue(store, dead, undefined)
  }),
  always('takes a time to live that is no whole number', async ({ store }) => {
    const slot = newSlot()
    await store.set(slot, 'value', 60_000.75)
    await expectValue(store, slot, 'value')
  }),
  always('deletes one slot and no other', async ({ store, other }) => {
    const slot = newSlot()
    const neighbour = { ...slot, key: `${slot.key}-neighbour` }
    await store.set(slot, 'value', minuteMs)
    await store.set(neighbour, 'neighbour', minuteMs)
    await other.delete(slot)
    await other.delete(slot) // what is gone can be deleted again
    await expectValue(store, slot, undefined)
    await expectValue(store, neighbour, 'neighbour')
  }),
  always('deletes a whole partition and touches nobody else', async ({ store, other }) => {
    const partition = newPartition()
    const mine = Array.from({ length: 40 }, (_, index) => ({ partition, key: `${partition}/${index}` }))
    const others = [`${partition}x`, `x${partition}`, partition.slice(0, -1), partition.toUpperCase()]
    const theirs = others.map((name) => ({ partition: name, key: `${name}/0` }))
    for (const slot of [...mine, ...theirs]) await store.set(slot, slot.key, minuteMs)
    await other.deletePartition(partition)
    for (const slot of mine) await expectValue(store, slot, undefined)
    for (const slot of theirs) await expectValue(store, slot, slot.key)
  }),
  always('deletes a partition that has nothing in it', async ({ store }) => {
    await store.deletePartition(newPartition())
  }),
  always('keeps what is set after its partition was deleted', async ({ store, other }) => {
    const slot = newSlot()
    await store.set(slot, 'before', minuteMs)
    await other.deletePartition(slot.partition)
    await store.set(slot, 'after', minuteMs)
    await expectValue(other, slot, 'after')
  }),
  always('deletes with a partition what was set again after it was deleted', async ({ store }) => {
    const slot = newSlot()
    await store.set(slot, 'first', minuteMs)
    await store.delete(slot)
    await store.set(slot, 'second', minuteMs)
    await store.deletePartition(slot.partition)
    await expectValue(store, slot, undefined)
  }),
  always('deletes with a partition what outlives the entry that was set last', async ({ store, wait }) => {
    const slot = newSlot()
    await store.set(slot, 'lasting', minuteMs)
    await store.set({ ...slot, key: `${slot.key}-brief` }, 'brief', 200)
    await wait(500)
    await store.deletePartition(slot.partition)
    await expectValue(store, slot, undefined)
  }),
  always('keeps a value of 300 000 characters whole', async ({ store }) => {
    const slot = newSlot()
    const large = 'abcdefghij'.repeat(30_000)
    await store.set(slot, large, minuteMs)
    await expectValue(store, slot, large)
  }),
  ...[
    '\0',
    'a\0b',
    '\r\n*1\r\n$4\r\nPING\r\n',
    '"\\\'`${x}',
    '\u{1F511} ключ 鍵 \u202e',
    '\ufeffbom',
    ' ',
    '',
  ].map((text) =>
    always(`keeps the text ${JSON.stringify(text)} as it is`, async ({ store }) => {
      const slot = newSlot()
      await store.set(slot, text, minuteMs)
      await expectValue(store, slot, text)
    }),
  ),
  ...hostileNames().map((name) =>
    always(`takes ${JSON.stringify(name).slice(0, 40)} for a name like any other`, ({ store }) =>
      checkHostileName(store, name),
    ),
  ),
  always('tells slots apart whose names look alike when they are joined', async ({ store }) => {
    const id = newPartition()
    const pairs = [
      [`${id}a`, 'b:c'],
      [`${id}a:b`, 'c'],
      [`${id}a}`, ':b:c'],
      [`${id}a}:b`, ':c'],
      [id, 'a}entry:b'],
      [`${id}}entry:a`, 'b'],
    ] as const
    const slots = pairs.map(([partition, key]) => ({ partition, key }))
    for (const slot of slots) await store.set(slot, JSON.stringify(slot), minuteMs)
    for (const slot of slots) await expectValue(store, slot, JSON.stringify(slot))
  }),
  always('never gives one partition what another has under an equal key', async ({ store }) => {
    const [alice, bob] = [newSlot(), newSlot()]
    await store.set(alice, 'of alice', minuteMs)
    await expectValue(store, { ...bob, key: alice.key }, undefined)
    await store.delete({ ...bob, key: alice.key })
    await expectValue(store, alice, 'of alice')
  }),
  always('has one of the values that replaced another at the same time', async ({ store, other }) => {
    const slot = newSlot()
    await store.set(slot, 'replaced', minuteMs)
    const values = Array.from(
      { length: 12 },
      (_, index) => [`value ${index}`, `other value ${index}`] as const,
    )
    const setTo = async (process: TokenStore, value: string): Promise<void> =>
      process.set(slot, value, minuteMs)
    await Promise.all(values.flatMap(([own, others]) => [setTo(store, own), setTo(other, others)]))
    const [seen, seenByOther] = [await store.get(slot), await other.get(slot)]
    expectThat(
      values.flat().some((value) => value === seen),
      `one of the values, not ${JSON.stringify(seen)}`,
    )
    expectThat(
      seen === seenByOther,
      `the same value for every process, not ${JSON.stringify([seen, seenByOther])}`,
    )
  }),
  always('keeps what many slots of one partition are set to at the same time', async ({ store, other }) => {
    const partition = newPartition()
    const slotOf = (name: string): Slot => ({ partition, key: `${partition}/${name}` })
    const pairs = Array.from(
      { length: 12 },
      (_, index) => [slotOf(`${index}`), slotOf(`other ${index}`)] as const,
    )
    const set = async (process: TokenStore, slot: Slot): Promise<void> =>
      process.set(slot, slot.key, minuteMs)
    await store.set(slotOf('first'), 'first', minuteMs)
    await Promise.all(pairs.flatMap(([own, others]) => [set(store, own), set(other, others)]))
    const slots = pairs.flat()
    for (const slot of slots) await expectValue(store, slot, slot.key)
    await store.deletePartition(partition)
    for (const slot of slots) await expectValue(other, slot, undefined)
  }),
  ...rankCases,
  needing('lease', 'gives a lease to one process at a time', async ({ store, other }) => {
    const slot = newSlot()
    const lease = await expectLease(store, slot, minuteMs)
    expectThat((await takeLease(other, slot, minuteMs)) === undefined, 'no second lease of a slot')
    expectThat((await takeLease(store, slot, minuteMs)) === undefined, 'no second lease for its holder')
    await expectLease(other, { ...slot, key: `${slot.key}x` }, minuteMs)
    await lease.release()
    await expectLease(other, slot, minuteMs)
  }),
  needing('lease', 'gives one lease to many who ask at the same time', async ({ store, other }) => {
    const slot = newSlot()
    const asked = Array.from({ length: 10 }, () => [
      takeLease(store, slot, minuteMs),
      takeLease(other, slot, minuteMs),
    ])
    const leases = (await Promise.all(asked.flat())).filter((lease) => lease !== undefined)
    expectThat(leases.length === 1, `one lease, not ${leases.length}`)
  }),
  needing(
    'lease',
    'ends a lease by itself, and then its former holder cannot release it',
    async (subject) => {
      const { store, other, wait } = subject
      const slot = newSlot()
      const ended = await expectLease(store, slot, 300)
      await wait(600)
      await expectLease(other, slot, minuteMs)
      await ended.release()
      expectThat(
        (await takeLease(store, slot, minuteMs)) === undefined,
        'the lease of the new holder to stand',
      )
    },
  ),
  needing('lease', 'keeps leases and values apart', async ({ store }) => {
    const slot = newSlot()
    await expectLease(store, slot, minuteMs)
    await expectValue(store, slot, undefined)
    await store.set(slot, 'value', minuteMs)
    await store.delete(slot)
    expectThat((await takeLease(store, slot, minuteMs)) === undefined, 'the lease to stand')
  }),
  needing('messages', 'says that messages begin to arrive before it is ready', async ({ other }) => {
    let begun = 0
    const subscription = other.subscribe?.(
      () => undefined,
      () => (begun += 1),
    )
    await subscription?.ready
    await subscription?.close()
    expectThat(begun > 0, 'to be told that messages begin to arrive')
  }),
  needing(
    'messages',
    'tells everybody in one process, whoever of them came first or has gone',
    async (subject) => {
      const [first, second] = [await listen(subject.other), await listen(subject.other)]
      await first.subscription.close()
      await first.subscription.close() // once more does no harm
      const message = newPartition()
      await subject.store.publish?.(message)
      await second.until(message, subject.wait)
      await second.subscription.close()
      const third = await listen(subject.other)
      await subject.store.publish?.(`${message} again`)
      await third.until(`${message} again`, subject.wait)
      await third.subscription.close()
    },
  ),
  needing('messages', 'tells every process what is published', async (subject) => {
    const message = `\u{1F511} "forget" ${newPartition()}`
    const heard = await Promise.all([subject.store, subject.other].map(listen))
    await subject.store.publish?.(message)
    for (const { until } of heard) await until(message, subject.wait)
    for (const { subscription } of heard) await subscription.close()
  }),
  needing('messages', 'carries a message of 4 096 characters', async (subject) => {
    const message = newPartition().padEnd(4096, '.')
    const { subscription, until } = await listen(subject.other)
    await subject.store.publish?.(message)
    await until(message, subject.wait)
    await subscription.close()
  }),
  needing('messages', 'tells nothing to who has closed the subscription', async (subject) => {
    const closed = await listen(subject.other)
    const open = await listen(subject.other)
    await closed.subscription.close()
    const message = newPartition()
    await subject.store.publish?.(message)
    await open.until(message, subject.wait)
    await open.subscription.close()
    expectThat(!closed.messages.includes(message), 'no message after closing')
  }),
]

function always(name: string, run: StoreCase['run']): StoreCase {
  return { name, needs: undefined, run }
}

/** Names that mean something to a database, a protocol or an object. */
function hostileNames(): readonly string[] {
  return [
    '{}',
    '}',
    '{a}{b}',
    '*',
    '__proto__',
    'constructor',
    "'; DROP TABLE midtier_tokens; --",
    'a\r\nDEL b\r\n',
    'a\0b',
    '%00%s%n',
    '../../etc/passwd',
    '\u{1F511}\u202ekey',
    ' leading and trailing ',
    'k'.repeat(480), // twice in a name, which is 1 024 bytes at most
  ]
}

async function checkHostileName(store: TokenStore, name: string): Promise<void> {
  const id = newPartition()
  const named = { partition: `${name}${id}${name}`, key: `${name}/${id}/${name}` }
  const bystander = newSlot()
  await store.set(bystander, 'bystander', minuteMs)
  await store.set(named, 'named', minuteMs)
  await expectValue(store, named, 'named')
  await store.deletePartition(named.partition)
  await expectValue(store, named, undefined)
  await expectValue(store, bystander, 'bystander')
}
