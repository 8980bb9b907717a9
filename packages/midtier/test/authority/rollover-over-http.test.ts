// Five unannounced rollovers of the emulator's keys while an API on Express serves 200 requests a second, all over real HTTP.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createEmulator, type Emulator } from '@midtier/emulator'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protect } from '../../src/adapters/express.ts'
import { createWebApi, type WebApi } from '../../src/index.ts'

const tenantId = 'c0000000-0000-4000-8000-000000000001'
const webClient = 'a0000000-0000-4000-8000-000000000001'
const middleTier = 'a0000000-0000-4000-8000-000000000002'

let emulator: Emulator
let api: WebApi
let server: Server
let url: string

beforeAll(async () => {
  emulator = await createEmulator()
  api = createWebApi({
    tenantId,
    clientId: middleTier,
    instance: emulator.origin,
    clock: { nowMs: () => emulator.clock.now() },
    signingKeys: { timeoutMs: 60_000 }, // a busy machine is no outage of the authority
  })
  const app = express()
  app.get('/', protect(api, { scopes: ['access_as_user'] }), (_request, response) => void response.json({}))
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await api.close()
  await emulator.stop()
})

function mint(): Promise<string> {
  return emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: webClient,
    audience: middleTier,
    scopes: ['access_as_user'],
  })
}

async function statusOf(token: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await response.arrayBuffer()
  return response.status
}

// Sixty rounds of twenty requests, one round each tenth of a second; a rollover every ten rounds. Entra's rollovers are further
// apart than the cool-down of 30 s, so the clock that both sides share moves on by that much with each.
const rounds = 60
const requestsPerRound = 20
const roundMs = 100
const roundsPerRollover = 10

describe('five rollovers at 200 requests a second over HTTP', () => {
  it('refuse no valid request, and cost one request for keys each', async () => {
    const generations: string[][] = [[]]
    const answers: Promise<number>[] = []
    const startedMs = performance.now()
    for (let round = 0; round < rounds; round++) {
      if (round > 0 && round % roundsPerRollover === 0) {
        // A busy machine falls behind: all but the latest requests are answered before the next rollover.
        await Promise.all(answers.slice(0, -requestsPerRound))
        emulator.clock.advance(31)
        await emulator.keys.rotate()
        generations.unshift([])
      }
      generations[0]!.push(await mint(), await mint())
      const usable = generations.slice(0, 3).flat() // the emulator goes on publishing the last four keys
      for (let request = 0; request < requestsPerRound; request++)
        answers.push(statusOf(usable[request % usable.length]!))
      await wait(Math.max(0, startedMs + (round + 1) * roundMs - performance.now()))
    }
    const statuses = await Promise.all(answers)
    expect(statuses).toHaveLength(1_200)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    expect(emulator.requests.list({ endpoint: 'keys' })).toHaveLength(6)
    expect(emulator.requests.list({ endpoint: 'discovery' })).toHaveLength(1)
  })

  it('leave tokens of a retired key refused, remembered or not', async () => {
    const [remembered, unseen] = [await mint(), await mint()]
    for (let use = 1; use <= 3; use++) expect(await statusOf(remembered)).toBe(200)
    const retired = emulator.keys.current.kid
    emulator.clock.advance(31)
    await emulator.keys.rotate()
    await emulator.keys.retire(retired)
    expect(await statusOf(await mint())).toBe(200)
    expect([await statusOf(remembered), await statusOf(unseen)]).toEqual([401, 401])
  })
})
