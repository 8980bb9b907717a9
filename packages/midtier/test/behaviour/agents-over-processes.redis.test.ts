// Agents over four processes: whatever meets a cold cache at once, each kind of token is asked for once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountId, agentId } from './many-processes/agents.ts'
import { blueprint, processCount, startCluster, userId, type Cluster } from './many-processes/cluster.ts'

const limitMs = 900_000
const requests = 200
let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster(60_000, blueprint)
}, limitMs)
afterAll(() => cluster.stop())

type Kind = 'caller' | 'account' | 'itself'

/** Two hundred requests at once with one user's token, in turn to each process; what each kind came to. */
async function askAtOnce(agent: number, kinds: readonly Kind[], user: number): Promise<void> {
  const token = await cluster.token(user)
  const subjects = { caller: userId(user), account: accountId(agent), itself: agentId(agent) }
  cluster.issued() // what was before does not count
  const answers = await Promise.all(
    Array.from({ length: requests }, async (_, index) => {
      const kind = kinds[Math.floor(index / processCount) % kinds.length]!
      const subject = subjects[kind]
      const worker = cluster.workers[index % processCount]!
      const { status, body } = await worker.get(`/${agentId(agent)}/${kind}/whoami/${subject}`, token)
      return `${status} ${body}`
    }),
  )
  expect(new Set(answers)).toEqual(new Set(kinds.map((kind) => `200 {"oid":"${subjects[kind]}"}`)))
}

describe('four processes of a blueprint that share a Redis', () => {
  it(
    'exchange once for a person and an agent: T1 and the token on behalf of the person',
    async () => {
      await askAtOnce(0, ['caller'], 1)
      expect(cluster.issued()).toEqual(['Agent 0: T1', 'Agent 0: jwt-bearer'])
    },
    limitMs,
  )

  it(
    'exchange once for the user account of an agent: T1, T2 and the token of the account',
    async () => {
      await askAtOnce(1, ['account'], 1)
      expect(cluster.issued()).toEqual(['Agent 1: T1', 'Agent 1: T2', 'Agent 1: user_fic'])
    },
    limitMs,
  )

  it(
    'exchange each kind once when an agent acts in all three ways at once',
    async () => {
      await askAtOnce(2, ['caller', 'account', 'itself'], 1)
      const issued = [...cluster.issued()].sort()
      expect(issued).toEqual(
        ['T1', 'T2', 'by itself', 'jwt-bearer', 'user_fic'].map((kind) => `Agent 2: ${kind}`),
      )
      expect(cluster.downstream.mismatches).toBe(0)
    },
    limitMs,
  )

  it(
    'have T1 for the next person, whom nobody asked for before',
    async () => {
      await askAtOnce(2, ['caller'], 2)
      expect(cluster.issued()).toEqual(['Agent 2: jwt-bearer'])
    },
    limitMs,
  )

  it(
    'find everything in Redis when they are new',
    async () => {
      for (let worker = 0; worker < processCount; worker += 1) await cluster.replaceWorker(worker)
      const before = await cluster.counts()
      const token = await cluster.token(3)
      cluster.issued()
      for (let worker = 0; worker < processCount; worker += 1) {
        const path = `/${agentId(2)}/account/whoami/${accountId(2)}`
        expect((await cluster.workers[worker]!.get(path, token)).status).toBe(200)
      }
      expect(cluster.issued()).toEqual([])
      expect((await cluster.counts()).l2 - before.l2).toBe(processCount)
    },
    limitMs,
  )
})
