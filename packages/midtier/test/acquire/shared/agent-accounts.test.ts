// Which agents act through an account: what each process knows, and what the store is told for the others.
import { describe, expect, it } from 'vitest'
import { type AgentAccounts, createAgentAccounts } from '../../../src/acquire/shared/agent-accounts.ts'
import { createSharedStore } from '../../../src/acquire/shared/shared-store.ts'
import { HandClock } from '../scenario.ts'
import { createSharedTextStore } from '../shared-text-store.ts'

const account = 'oid-of-account'
const agents = Array.from({ length: 10 }, (_, index) => `agent-${index}`)

function createWorld() {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const limits = [{ timeoutMs: 60_000 }, { clock, random: () => 0 }] as const
  const start = (clientId = 'client'): AgentAccounts =>
    createAgentAccounts(clientId, createSharedStore(shared.store, ...limits))
  return { clock, shared, start }
}

describe('an agent that is about to act through an account', () => {
  it('is told to the other processes, of the same application and for that account', async () => {
    const { start } = createWorld()
    const [own, other] = [start(), start()]
    await own.note(account, 'agent')
    expect(await other.noted(account)).toEqual(['agent'])
    expect(other.known(account)).toEqual([])
    expect(await other.noted('another account')).toEqual([])
    expect(await start('another client').noted(account)).toEqual([])
  })

  it('is remembered for thirty hours from the last time', async () => {
    const { clock, start } = createWorld()
    const own = start()
    await own.note(account, 'agent')
    clock.advanceSeconds(29 * 3600)
    await own.note(account, 'agent')
    clock.advanceSeconds(30 * 3600 - 1)
    expect(await own.noted(account)).toEqual(['agent'])
    clock.advanceSeconds(1)
    expect(await own.noted(account)).toEqual([])
  })

  it('is one of the latest eight, and does not make those be forgotten who were let', async () => {
    const { start } = createWorld()
    const own = start()
    own.know(account, 'right')
    await own.note(account, 'right')
    await own.confirm(account, 'right')
    for (const agent of [...agents, agents[5]!]) {
      own.know(account, agent)
      await own.note(account, agent)
    }
    const others = [2, 3, 4, 6, 7, 8, 9, 5].map((index) => `agent-${index}`)
    expect((await own.noted(account)).filter((each) => each !== 'right')).toEqual(others)
    expect(own.known(account).filter((each) => each !== 'right')).toEqual(others)
    expect([(await own.noted(account))[0], own.known(account)[0]]).toEqual(['right', 'right'])
  })
})

describe('an agent that was let act', () => {
  it('is written when it is let for the first time, and when it asks the next time', async () => {
    const { shared, start } = createWorld()
    const own = start()
    const writes = async (work: () => Promise<void>): Promise<number> => {
      const before = shared.written.length
      await work()
      return shared.written.length - before
    }
    expect(await writes(() => own.confirm(account, 'agent'))).toBe(1)
    expect(await writes(() => own.confirm(account, 'agent'))).toBe(0)
    expect(await writes(() => own.note(account, 'agent'))).toBe(1)
    expect(await own.noted(account)).toEqual(['agent'])
    expect(new Set(shared.written.map(({ key }) => key)).size).toBe(1)
  })
})

it.each([
  ['{"agents":["a",7,null,"b"]}', ['a', 'b']],
  ['{"agents":"a"}', []],
  ['{}', []],
  ['a', []],
])('what the store holds is a list of names, or nobody: %s', async (text, expected) => {
  const { shared, start } = createWorld()
  shared.store.get = () => text
  expect(await start().noted(account)).toEqual(expected)
})

it('without a store an agent is known in its own process alone', async () => {
  const own = createAgentAccounts('client', undefined)
  own.know(account, 'a')
  await own.note(account, 'b')
  await own.confirm(account, 'c')
  expect([own.known(account), await own.noted(account)]).toEqual([['c', 'a'], []])
})
