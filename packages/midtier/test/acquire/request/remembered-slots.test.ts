// Slots of agents: whoever may choose the agents must not choose how much is remembered.
import { expect, it } from 'vitest'
import { RememberedSlots } from '../../../src/acquire/request/remembered-slots.ts'

const slot = { partition: 'p', key: 'k' }
const atMost = 50_000

it('remembers so many agents of all owners together, and begins anew beyond them', () => {
  const slots = new RememberedSlots<object>()
  const owners = Array.from({ length: 100 }, () => ({}))
  const perOwner = 1_000
  for (const owner of owners)
    for (let agent = 0; agent < perOwner; agent += 1) slots.get(owner, 'b', 'n', `${agent}`, () => slot)
  const known = (): number => {
    const agents = Array.from({ length: perOwner }, (_, agent) => `${agent}`)
    return owners.flatMap((owner) =>
      agents.filter((agent) => slots.peek(owner, 'b', 'n', agent) !== undefined),
    ).length
  }
  expect(known()).toBe(atMost)
  slots.get(owners[0]!, 'b', 'n', 'one more', () => slot)
  expect([known(), slots.peek(owners[0]!, 'b', 'n', 'one more')]).toEqual([0, slot])
})

it('counts an agent once, however often it is asked for', () => {
  const slots = new RememberedSlots<object>()
  const [owner, first] = [{}, 'first']
  slots.get(owner, 'b', 'n', first, () => slot)
  for (let time = 0; time < 2 * atMost; time += 1) slots.get(owner, 'b', 'n', 'second', () => slot)
  expect(slots.peek(owner, 'b', 'n', first)).toBe(slot)
})

it('remembers 64 names of one owner beside the latest, and begins anew beyond them', () => {
  const slots = new RememberedSlots<object>()
  const owner = {}
  const names = Array.from({ length: 66 }, (_, index) => `n${index}`)
  const known = (): readonly string[] => names.filter((name) => slots.peek(owner, 'b', name) === slot)
  for (const name of names.slice(0, 65)) slots.get(owner, 'b', name, undefined, () => slot)
  expect(known()).toEqual(names.slice(0, 65))
  slots.get(owner, 'b', 'n65', undefined, () => slot)
  expect(known()).toEqual(['n64', 'n65'])
})
