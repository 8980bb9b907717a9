// The warm path under sustained load: from the Authorization field to the cached token of the downstream API, by how many users call in
// turn. Processor time of the whole process, collections included, beside one SHA-256 of the same token in the same run.
import { hash } from 'node:crypto'
import { PerformanceObserver } from 'node:perf_hooks'
import { createMidtier, midtierUser } from './acquire-contenders.mjs'
import { createUsers } from './acquire-tokens.mjs'
import { median } from './rounds.mjs'
import { listAims } from './report.mjs'

const callsInTurn = 20_000
const counts = [1, 1_000, 20_000]

export async function measure({ rounds, quick, progress = () => {} }) {
  const users = createUsers()
  const rows = []
  for (const count of quick ? counts.slice(0, 2) : counts) {
    progress(`${count} users`)
    rows.push(await measureUsers(users, count, Math.max(5, Math.min(rounds, 25))))
  }
  const { allocated, asking } = await measureAllocated(users)
  const worst = Math.max(...rows.map(({ ratio }) => ratio))
  return {
    rows,
    allocated,
    asking,
    tokenLength: users.length,
    promises: [
      {
        what: 'from the field to the token, of a SHA-256 of the token',
        most: 1.7,
        measured: worst,
        kept: worst <= 1.7,
      },
      {
        what: 'bytes allocated, the copy of the token included',
        most: 3_072,
        measured: allocated,
        kept: allocated <= 3_072,
      },
    ],
  }
}

async function measureUsers(users, count, rounds) {
  const api = createMidtier(users.jwks)
  const { serve, digest } = contenders(api, users, count)
  for (let index = 0; index < 3 * count; index += 1) await serve(index) // verified, remembered, cached
  const times = { warm: [], hash: [] }
  for (let round = 0; round < rounds; round += 1) {
    times.warm.push(await spent(serve))
    times.hash.push(await spent(digest))
  }
  await api.close()
  const ratio = median(times.warm.map((us, round) => us / times.hash[round]))
  return { count, warmUs: median(times.warm), hashUs: median(times.hash), ratio }
}

/** Fields are kept as the bytes that a server reads from its socket, and become a new string for each request. */
function contenders(api, users, count) {
  const fields = Array.from({ length: count }, (_, index) => Buffer.from(`Bearer ${users.assertion(index)}`))
  const fieldOf = (index) => fields[index % count].latin1Slice()
  return {
    async serve(index) {
      const field = fieldOf(index)
      const header = (name) => (name === 'authorization' ? field : undefined)
      const caller = await api.authenticate({ method: 'GET', url: '/', header })
      return caller.acquireToken(midtierUser)
    },
    digest: (index) => hash('sha256', fieldOf(index), 'base64url'),
  }
}

async function spent(call) {
  const start = process.cpuUsage()
  for (let index = 0; index < callsInTurn; index += 1) await call(index)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / callsInTurn
}

/**
 * Bytes of the heap that one request of 64 users in turn leaves to be collected, without those of the measuring loop; a run with a
 * collection in it is taken again.
 */
async function measureAllocated(users) {
  const api = createMidtier(users.jwks)
  const asked = await allocatedBy(contenders(api, users, 64).serve)
  const asking = await allocatedBy(contenders(nobody, users, 64).serve)
  await api.close()
  return { allocated: asked - asking + users.length + 'Bearer '.length, asking }
}

/** Has all at hand, and makes nothing: what is allocated with it is the measuring loop's, the copy of the field included. */
const answered = Promise.resolve({ acquireToken: () => answered })
const nobody = { authenticate: () => answered }

async function allocatedBy(serve) {
  for (let index = 0; index < 20_000; index += 1) await serve(index)
  let collections = 0
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length))
  observer.observe({ entryTypes: ['gc'] })
  const samples = []
  while (samples.length < 15) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 5))
    collections = 0
    const before = process.memoryUsage().heapUsed
    for (let index = 0; index < 200; index += 1) await serve(index)
    const bytes = (process.memoryUsage().heapUsed - before) / 200
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (collections === 0) samples.push(bytes)
  }
  observer.disconnect()
  return Math.round(median(samples))
}

export function render(facts, { rows, allocated, asking, tokenLength, promises }) {
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. Tokens of ${tokenLength} characters, a new string at each call.`,
    `Turns of ${callsInTurn} calls of each contender, one after the other; microseconds of processor time a call with all collections,`,
    'medians; ratios are medians of the ratios within a round.',
    '',
    '| users in turn | header to downstream token | SHA-256 of the token | ratio |',
    '|---:|---:|---:|---:|',
    ...rows.map(
      ({ count, warmUs, hashUs, ratio }) =>
        `| ${count} | ${warmUs.toFixed(2)} | ${hashUs.toFixed(2)} | ${ratio.toFixed(2)} |`,
    ),
    '',
    `Allocated by one request, 64 users in turn: ${allocated} bytes, of which ${tokenLength + 7} are the copy of the field out of the socket.`,
    `The measuring loop by itself, with that copy, allocates ${asking}.`,
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
