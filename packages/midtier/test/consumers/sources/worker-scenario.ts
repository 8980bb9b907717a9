// Requests to a worker that would wait for what another one began: `worker-scenario.mjs {file}` prints what each was answered.
import { type Answer, ask, createWorld, until, type World } from './runtime-world.ts'
import { type Program, start } from './runtime-process.ts'

const minuteMs = 60_000
const [file = ''] = process.argv.slice(2)
const world = await createWorld()
const found: Record<string, unknown> = {}
try {
  for (const endpoint of ['discovery', 'keys', 'token'] as const)
    found[`cold, ${endpoint}`] = await onceMore((program) => askWhileAnotherHangs(program, world, endpoint))
  found['one request, three calls'] = await onceMore((program) => callThreeTimes(program, world))
  found['a renewal that ends with its request'] = await onceMore((program) => loseRenewal(program, world))
  found['a renewal that is kept alive'] = await onceMore((program) => keepRenewal(program, world))
  process.stdout.write(JSON.stringify(found))
} finally {
  await world.stop()
}

/** In a worker that knows nothing yet. */
async function onceMore(scenario: (program: Program) => Promise<unknown>): Promise<unknown> {
  const program = await start('workerd', file, world.places)
  try {
    return await scenario(program)
  } finally {
    await program.end()
    world.emulator.faults.clear()
    world.emulator.requests.clear()
  }
}

/** The first request is never answered by the authority; the second asks for the same, and a third finds what that one got. */
async function askWhileAnotherHangs(
  { origin }: Program,
  { emulator, mint, exchanges }: World,
  endpoint: 'discovery' | 'keys' | 'token',
): Promise<unknown> {
  const alice = await mint('alice')
  const { id } = emulator.faults.add({ when: { endpoint, nth: 1 }, then: { hang: true } })
  const gone = new AbortController()
  const first = ask(`${origin}/todos`, alice, gone.signal).catch(() => undefined)
  await until(() => emulator.faults.list().some((fault) => fault.id === id && fault.hits === 1))
  const second = statusOf(await ask(`${origin}/todos`, alice))
  const before = exchanges('alice')
  const third = statusOf(await ask(`${origin}/todos`, alice))
  const more = exchanges('alice') - before
  gone.abort()
  await first
  return { second, third, more }
}

/** What one request began, that request does wait for. */
async function callThreeTimes({ origin }: Program, { mint, exchanges }: World): Promise<unknown> {
  const { status } = await ask(`${origin}/thrice`, await mint('user1'))
  return { status, exchanges: exchanges('user1') }
}

/** A token is renewed behind a request that is answered meanwhile; when the token is over, nobody waits for that renewal. */
async function loseRenewal({ origin }: Program, { emulator, mint }: World): Promise<unknown> {
  const token = await mint('user2')
  await ask(`${origin}/todos`, token)
  emulator.faults.add({ when: { endpoint: 'token', nth: 1 }, then: { hang: true } })
  const renewing = statusOf(await ask(`${origin}/todos?aheadMs=${40 * minuteMs}`, token))
  await until(() => emulator.faults.list().every(({ hits }) => hits === 1))
  const over = statusOf(await ask(`${origin}/todos?aheadMs=${80 * minuteMs}`, token))
  return { renewing, over }
}

/** Handed to `waitUntil`, it comes to its end, and the token that it got serves when the first one is over. */
async function keepRenewal({ origin }: Program, { emulator, mint, exchanges }: World): Promise<unknown> {
  const token = await mint('user3')
  await ask(`${origin}/todos?kept`, token)
  emulator.faults.add({ when: { endpoint: 'token' }, then: { delayMs: 500 } })
  const renewing = statusOf(await ask(`${origin}/todos?kept&aheadMs=${40 * minuteMs}`, token))
  await until(async () => (await ask(`${origin}/renewed`)).body['renewed'] === 1)
  const over = statusOf(await ask(`${origin}/todos?kept&aheadMs=${80 * minuteMs}`, token))
  return { renewing, over, exchanges: exchanges('user3') }
}

function statusOf({ status }: Answer): number {
  return status
}
