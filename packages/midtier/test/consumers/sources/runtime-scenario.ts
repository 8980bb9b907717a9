// What a program in another runtime answers to each kind of caller: `runtime-scenario.mjs {runtime} {file} {http or https}` prints it.
import { type Answer, ask, createWorld, crowd, type World } from './runtime-world.ts'
import { type Program, start } from './runtime-process.ts'

const [runtime = '', file = '', listener] = process.argv.slice(2)
const world = await createWorld(listener === 'https' ? listener : 'http')
const program = await start(runtime, file, world.places, world.caCertificate)
try {
  process.stdout.write(JSON.stringify(await answers(program, world)))
} finally {
  await program.end()
  await world.stop()
}

async function answers({ origin, said }: Program, { emulator, mint, exchanges }: World): Promise<unknown> {
  const alice = await mint('alice')
  const first = await Promise.all(Array.from({ length: 3 }, () => ask(`${origin}/todos`, alice)))
  const found = {
    runs: /^runs (.*)$/m.exec(said())?.[1],
    alice: first.map(nameOf),
    exchanges: exchanges('alice'),
    again: nameOf(await ask(`${origin}/direct`, alice)),
    exchangesAgain: exchanges('alice'),
    nobody: wordsOf(await ask(`${origin}/todos`)),
    'nobody, by the index': wordsOf(await ask(`${origin}/direct`)),
    'a forged token': wordsOf(await ask(`${origin}/todos`, `${alice.slice(0, -8)}AAAAAAAA`)),
    'without the scope': wordsOf(await ask(`${origin}/admin`, alice)),
    relayed: nameOf({ ...(await ask(`${origin}/relay`, alice)), status: 200 }),
    crowd: await askAsCrowd(origin, mint),
  }
  emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
  const bob = await mint('bob')
  return {
    ...found,
    'a second factor': wordsOf(await ask(`${origin}/todos`, bob)),
    'a second factor, relayed': wordsOf(await ask(`${origin}/relay`, bob)),
  }
}

/** Fifty at once, three times: a cold cache, a warm one, and tokens that are remembered. The users who got an answer that is not theirs. */
async function askAsCrowd(origin: string, mint: World['mint']): Promise<readonly string[]> {
  const tokens = await Promise.all(crowd.map(({ name }) => mint(name)))
  const wrong: string[] = []
  for (let round = 1; round <= 3; round += 1)
    await Promise.all(
      crowd.map(async ({ id, name }, user) => {
        const { status, body } = await ask(`${origin}/todos`, tokens[user])
        const seen = [idIn(body['caller']), idIn(body['current']), idIn(body['todos'])]
        if (status !== 200 || seen.some((each) => each !== id))
          wrong.push(`${name}: ${status} ${String(seen)}`)
      }),
    )
  return wrong
}

function idIn(value: unknown): unknown {
  const { objectId, oid } = (value ?? {}) as { readonly objectId?: string; readonly oid?: string }
  return objectId ?? oid
}

function nameOf({ status, body }: Answer): string {
  const { name } = (body['todos'] ?? body) as { readonly name?: string }
  return `${status} ${name ?? JSON.stringify(body)}`
}

/** Status, reason, and whether there is a challenge, with claims or without. */
function wordsOf({ status, challenge, body }: Answer): string {
  const kind = challenge.includes('claims="')
    ? 'claims'
    : challenge.startsWith('Bearer ')
      ? 'challenge'
      : 'no challenge'
  return `${status} ${String(body['reason'] ?? body['error'])} ${kind}`
}
