// The world around every adapter: the emulator, a To Do API that echoes whose token it got, and the API whose routes are protected.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { vi } from 'vitest'
import { createWebApi, type WebApi, type WebApiOptions } from '../../../src/index.ts'
import { alice, ids, middleTierOptions } from '../../behaviour/scenario.ts'
import type { Route } from './adapter.ts'

export interface World {
  readonly emulator: Emulator
  readonly api: WebApi
  /** What the log of the API was told: the facts of every failure that is the owner's to fix. */
  readonly logged: Readonly<Record<string, unknown>>[]
  /** Another API of the same registration. */
  readonly createApi: (options?: Partial<WebApiOptions>) => WebApi
  /** An access token for the API. */
  readonly token: (request?: Partial<Parameters<Emulator['mint']>[0]>) => Promise<string>
  readonly stop: () => Promise<void>
}

export const scope = 'access_as_user'
export const trace = 'a'.repeat(32)
export const traceparent = `00-${trace}-${'b'.repeat(16)}-01`

export async function createWorld(): Promise<World> {
  const emulator = await createEmulator()
  const todo = createServer((request, response) => {
    const path = request.url?.replace('/api/', '') ?? ''
    if (path === 'whoami') {
      const [, claims = ''] = request.headers.authorization?.split('.') ?? []
      response.setHeader('content-type', 'application/json').end(Buffer.from(claims, 'base64url'))
    } else if (path === 'report') {
      response
        .writeHead(200, { 'content-type': 'text/csv', 'set-cookie': 'session=evil', etag: '"1"' })
        .end('a,b')
    } else response.writeHead(Number(path)).end('a secret stack')
  })
  await new Promise<void>((resolve) => todo.listen(0, '127.0.0.1', resolve))
  const todoUrl = `http://127.0.0.1:${(todo.address() as AddressInfo).port}`
  const apis: WebApi[] = []
  const logged: Readonly<Record<string, unknown>>[] = []
  const log = (fields: Readonly<Record<string, unknown>>): void => void logged.push(fields)
  const createApi = (options: Partial<WebApiOptions> = {}): WebApi => {
    const base = middleTierOptions(emulator, todoUrl)
    const api = createWebApi({ ...base, logger: { error: log, warn: log }, ...options })
    apis.push(api)
    return api
  }
  return {
    emulator,
    logged,
    createApi,
    api: createApi(),
    token: (request = {}) =>
      emulator.mint({
        user: alice,
        client: ids.webClient,
        audience: ids.middleTier,
        scopes: [scope],
        ...request,
      }),
    stop: async () => {
      todo.closeAllConnections()
      todo.close()
      await Promise.all(apis.map((api) => api.close()))
      await emulator.stop()
    },
  }
}

/** A protected route that asks the To Do API for its caller. */
export const asksTodo = (api: WebApi, path = 'whoami'): Route => ({
  path: '/todo',
  protect: [api, { scopes: [scope] }],
  handle: async ({ caller, answerJson }) => answerJson(await caller.downstream('todolist').getJson(path)),
})

/** Nothing of this is printed; it can be asked what was. */
export function silentConsole(): { readonly said: () => string } {
  const spies = (['error', 'warn'] as const).map((level) => vi.spyOn(console, level).mockReturnValue())
  return {
    said: () =>
      spies
        .flatMap(({ mock }) => mock.calls)
        .flat()
        .map((part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part)) + String(part))
        .join('\n'),
  }
}
