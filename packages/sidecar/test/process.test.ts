// The command as a process: it says where it listens, or in one line why it does not, keeps callers apart, and stops without losing anybody.
import { once } from 'node:events'
import { Agent, request as ask, type IncomingMessage } from 'node:http'
import type { Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEchoApi, type EchoApi, type Seen } from './echo-api.ts'
import { startByNpx, startProcess } from './process.ts'
import {
  alice,
  assistant,
  blueprintVariables,
  bob,
  carol,
  ids,
  middleTierVariables,
  startEmulator,
} from './scenario.ts'

let emulator: Emulator
let todo: EchoApi
beforeAll(async () => {
  emulator = await startEmulator()
  todo = await startEchoApi()
})
afterAll(() => Promise.all([emulator.stop(), todo.stop()]))

describe('the command', () => {
  it('says where it listens, and ends by SIGTERM', async () => {
    const sidecar = startProcess(middleTierVariables(emulator, todo.url))
    const url = await sidecar.url
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('Healthy')
    sidecar.kill('SIGTERM')
    expect(await sidecar.ended).toBe(0)
  })

  it.each([false, true])('ends with npx, which hands no signal on (gone early: %s)', async (isGoneEarly) => {
    const npx = startByNpx(middleTierVariables(emulator, todo.url), { isGoneEarly })
    await npx.url
    npx.kill('SIGKILL')
    expect(await npx.ended).toBe('SIGKILL') // when all that it started has let go of its output
    await expect(fetch(`${await npx.url}/healthz`)).rejects.toThrow()
  })

  it.each([
    ['a setting that is missing', {}, ['--port', '0'], 'AzureAd__TenantId'],
    ['a port that is none', {}, ['--port', 'many'], '--port'],
    ['a file that is not there', {}, ['--config', 'nothing.json'], 'nothing.json'],
    ['an argument that nobody knows', {}, ['--prot', '1'], '--prot'],
  ])('says in one line what is wrong: %s', async (_, variables, args, named) => {
    const sidecar = startProcess(variables, args)
    expect(await sidecar.ended).toBe(1)
    expect(sidecar.output().trim().split('\n')).toHaveLength(1)
    expect(sidecar.output()).toContain(named)
  })

  it('explains itself', async () => {
    const sidecar = startProcess({}, ['--help'])
    expect(await sidecar.ended).toBe(0)
    expect(sidecar.output()).toContain('AzureAd__TenantId')
  })
})

describe('two hundred requests at once', () => {
  it('of different callers, agents, scopes and tenants have each their own answer', async () => {
    const sidecar = startProcess({
      ...blueprintVariables(emulator, todo.url),
      AzureAd__TenantId: 'organizations',
    })
    const url = await sidecar.url
    const kinds = [
      { user: alice, query: '', expected: { azp: ids.blueprint, oid: ids.alice, tid: ids.contoso } },
      { user: bob, query: `AgentIdentity=${ids.agent}`, expected: { azp: ids.agent, tid: ids.contoso } },
      { user: carol, query: '', expected: { azp: ids.blueprint, tid: ids.fabrikam } },
      {
        user: alice,
        query: `AgentIdentity=${ids.agent}&AgentUsername=${assistant}&optionsOverride.AcquireTokenOptions.Tenant=${ids.contoso}`,
        expected: { azp: ids.agent, oid: ids.assistant },
      },
      {
        user: bob,
        query: `AgentIdentity=${ids.agent}&optionsOverride.RequestAppToken=true&optionsOverride.AcquireTokenOptions.Tenant=${ids.contoso}`,
        expected: { azp: ids.agent, roles: ['Tasks.Read.All'] },
      },
      {
        user: alice,
        query: `optionsOverride.Scopes=api%3A%2F%2F${ids.todoApi}%2F.default`,
        expected: { azp: ids.blueprint, oid: ids.alice },
      },
    ]
    const one = async (number: number): Promise<void> => {
      const { user, query, expected } = kinds[number % kinds.length]!
      const token = await emulator.mint({
        user,
        client: ids.webClient,
        audience: ids.blueprint,
        scopes: ['access_agent'],
        capabilities: ['cp1'],
      })
      const own = `optionsOverride.ExtraHeaderParameters.X-Number=${number}&optionsOverride.RelativePath=n/${number}`
      const response = await fetch(`${url}/DownstreamApi/todo?${own}&${query}`, {
        method: 'POST',
        body: String(number),
        headers: { authorization: `Bearer ${token}` },
      })
      const { content, ...rest } = (await response.json()) as { content: string }
      expect(rest, String(number)).toMatchObject({ statusCode: 200 })
      const seen = JSON.parse(content) as Seen
      expect(seen, String(number)).toMatchObject({ url: `/api/n/${number}`, claims: expected })
      expect(seen.headers['x-number']).toBe(String(number))
    }
    await Promise.all(Array.from({ length: 200 }, (_, number) => one(number)))
    expect(sidecar.output()).not.toMatch(/eyJ|error/)
    await sidecar.stop()
  })
})

describe('SIGTERM under load', () => {
  it('loses no request on connections that are there, and ends', async () => {
    const sidecar = startProcess(middleTierVariables(emulator, todo.url))
    const url = await sidecar.url
    const token = await emulator.mint({
      user: alice,
      client: ids.webClient,
      audience: ids.middleTier,
      scopes: ['access_as_user'],
    })
    const statuses: number[] = []
    const lost: string[] = []
    let answered: (() => void) | undefined
    const busy = new Promise<void>((resolve) => (answered = resolve))

    /** One connection that is kept alive and asked again and again, until the sidecar says that it is the last time. */
    const client = async (): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (;;) {
        const sent = ask(`${url}/DownstreamApi/todo`, {
          agent,
          headers: { authorization: `Bearer ${token}` },
        }).end()
        try {
          const [response] = (await once(sent, 'response')) as [IncomingMessage]
          response.resume()
          await once(response, 'end')
          statuses.push(response.statusCode ?? 0)
          if (statuses.length >= 100) answered?.()
          if (response.headers.connection === 'close') break
        } catch (error) {
          lost.push(String(error))
          break
        }
      }
      agent.destroy()
    }
    const clients = Array.from({ length: 20 }, client)
    await busy
    sidecar.kill('SIGTERM')
    await Promise.all(clients)
    expect(lost).toEqual([])
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await sidecar.ended).toBe(0)
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  })

  it('waits for what is under way, and not for ever', async () => {
    const sidecar = startProcess({
      ...middleTierVariables(emulator, todo.url),
      Sidecar__ShutdownTimeoutSeconds: '1',
    })
    const url = await sidecar.url
    const { hostname, port } = new URL(url)
    const hanging = ask({ hostname, port, path: '/DownstreamApi/todo', method: 'POST' })
    hanging.on('error', () => undefined).write('half')
    await fetch(`${url}/healthz`)
    sidecar.kill('SIGTERM')
    expect(await sidecar.ended).toBe(0)
    hanging.destroy()
  })
})
