// What acquiring makes of the shared store, operation by operation: scripts of a few words, each with what it leads to, to be read.
import { afterEach, beforeEach, it, vi } from 'vitest'
import { createSharedStore, type Urgency } from '../../../src/acquire/shared/shared-store.ts'
import { sha256 } from '../../../src/kernel/crypto/crypto.node.ts'
import { isMidtierError } from '../../../src/index.ts'
import type { SealedTokenStore, Slot } from '../../../src/token-cache/store.ts'
import { HandClock } from '../scenario.ts'
import { expectWritten } from '../../written.ts'

/**
 * An operation, on whose slot, and what the store makes of it: `ok`, `fails`, `silent` (no answer at all), `throws` (before there is a
 * promise), `late` (an answer that is on its way when it is asked for). `!` in front: nothing else can answer. Alice is on one node of the
 * store, all others are on another one.
 */
const scripts: Readonly<Record<string, readonly string[]>> = {
  'reading fails for one': [
    'get alice fails',
    'get alice fails',
    'get alice fails',
    'get alice fails',
    'get alice fails',
    'get alice ok',
  ],
  'reading fails for two of one node': [
    'get bob fails',
    'get carol fails',
    'get bob fails',
    'get carol fails',
    'get bob fails',
    'get bob ok',
    'set bob ok',
    'lease bob ok',
    '!get bob ok',
    'get bob ok',
  ],
  'reading fails for two of one node, and goes on to fail': [
    'get bob fails',
    'get carol fails',
    'get bob fails',
    'get carol fails',
    'get bob fails',
    'get alice ok',
    'publish alice ok',
    '1999 ms later',
    'get bob ok',
    '1 ms later',
    'get bob fails',
    'get carol ok',
    '2 s later',
    'get bob ok',
    'get carol ok',
  ],
  'writing fails alone': [
    'set bob fails',
    'lease carol fails',
    '!setIfGreater bob fails',
    'set carol fails',
    'set bob fails',
    'set bob ok',
    'lease bob ok',
    '!setIfGreater bob ok',
    'get bob ok',
    'set bob ok',
  ],
  'deleting fails alone': [
    '!delete bob fails',
    '!deletePartition carol fails',
    '!delete bob fails',
    '!delete carol fails',
    '!delete bob fails',
    'get bob ok',
    '!delete bob ok',
  ],
  'no answer': [
    'get bob silent',
    'get bob ok',
    'set carol ok',
    'get alice ok',
    '2 s later',
    'get carol silent',
    '2 s later',
    'get carol ok',
    'set bob ok',
  ],
  'no answer to what is written': ['set bob silent', 'get bob ok', '2 s later', 'get bob ok', 'set bob ok'],
  'mixed failures': [
    'get bob fails',
    'set carol fails',
    '!delete bob fails',
    'get carol fails',
    'set bob fails',
    'get bob ok',
    '!delete carol ok',
    'set bob ok',
  ],
  'failures before there is a promise': [
    'get bob throws',
    'set bob throws',
    '!delete bob throws',
    'get bob ok',
  ],
  'a lease': ['lease bob ok', '!release bob fails', 'lease bob ok', '!release bob ok', 'lease bob none'],
  messages: ['!publish bob fails', '!publish bob silent', 'get bob ok', '!publish bob ok'],
  'what failed long ago': [
    'set bob fails',
    'get bob ok',
    '600 s later',
    'get bob ok',
    '1 ms later',
    'get bob ok',
  ],
  'messages that failed long ago': ['!publish bob fails', '600001 ms later', 'get bob ok'],
  'a write that was sent': ['set bob late', 'set bob silent'],
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('the shared store is treated as it is written down', async () => {
  const lines: string[] = []
  for (const [name, steps] of Object.entries(scripts)) lines.push(name, ...(await play(steps)), '')
  await expectWritten(lines, new URL('written/shared-store.txt', import.meta.url))
})

async function play(steps: readonly string[]): Promise<readonly string[]> {
  const clock = new HandClock()
  const aliceAt = await sha256('alice')
  let how = 'ok'
  const answer = <Value>(value: Value): Promise<Value> => {
    if (how === 'throws') throw new TypeError('not connected')
    if (how === 'fails') return Promise.reject(new TypeError('broken pipe'))
    if (how === 'silent') return new Promise<never>(() => undefined)
    return Promise.resolve(value)
  }
  const store: SealedTokenStore = {
    sealed: true,
    get: () => answer('text'),
    set: () => answer(undefined),
    setIfGreater: () => answer('standing'),
    delete: () => answer(undefined),
    deletePartition: () => answer(undefined),
    lease: () => answer(how === 'none' ? undefined : { release: () => answer(undefined) }),
    publish: () => answer(undefined),
    subscribe: () => ({ ready: Promise.resolve(), close: () => undefined }),
    faultGroup: (partition) => (partition === aliceAt ? 'one' : 'two'),
  }
  const shared = createSharedStore(store, { timeoutMs: 50, pauseMs: 2000 }, { clock, random: () => 0 })
  let held: Awaited<ReturnType<NonNullable<typeof shared.lease>>>
  const told: string[] = []
  for (const step of steps) {
    const [operation = '', what = '', then = ''] = step.split(' ')
    const amount = Number(operation)
    if (!Number.isNaN(amount)) {
      clock.ms += what === 's' ? amount * 1000 : amount
      told.push(`  ${step}`)
      continue
    }
    how = then
    const isNeeded = operation.startsWith('!')
    const sent: unknown[] = []
    const outcome = await settle(act(operation.replace('!', ''), what, isNeeded ? 'needed' : 'helpful', sent))
    const { failing, lastFailure = 'nothing failed' } = shared.health()
    told.push(`  ${step.padEnd(28)} ${outcome.padEnd(60)} ${failing ? `failing: ${lastFailure}` : 'healthy'}`)
  }
  return told

  async function act(operation: string, who: string, urgency: Urgency, sent: unknown[]): Promise<unknown> {
    const slot: Slot = { partition: who, key: 'graph' }
    if (operation === 'get') return shared.get(slot, urgency)
    if (operation === 'setIfGreater') return shared.setIfGreater?.(slot, 1, 'text', 1000)
    if (operation === 'delete') return shared.delete(slot)
    if (operation === 'deletePartition') return shared.deletePartition(who)
    if (operation === 'publish') return shared.publish?.('message')
    if (operation === 'release') return held?.release()
    if (operation === 'lease') {
      held = await shared.lease?.(slot, 1000)
      return held === undefined ? 'somebody else has it' : 'lease'
    }
    const set = shared.set(slot, 'text', 1000, urgency, (landing) => sent.push(landing))
    return set.then(() => (how === 'late' ? `sent ${sent.length}` : undefined))
  }
}

async function settle(work: Promise<unknown>): Promise<string> {
  const outcome = work.then(
    (value) => (typeof value === 'string' ? value : 'done'),
    (error: unknown) => (isMidtierError(error) ? error.message : `not ours: ${String(error)}`),
  )
  await vi.advanceTimersByTimeAsync(50)
  return outcome
}
