// What surrounds a program in another runtime: the emulator with fifty users, a To Do API that says whose token it got, and those who ask.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import type { Places } from './runtime-api.ts'

export interface World {
  readonly emulator: Emulator
  readonly places: Places
  /** Of the emulator, when it is asked over https. */
  readonly caCertificate: string | undefined
  /** An access token for the API. */
  readonly mint: (user: string) => Promise<string>
  /** How often a token was acquired on behalf of a user. */
  readonly exchanges: (user: string) => number
  readonly stop: () => Promise<void>
}

const domain = 'contoso.onmicrosoft.com'

/** The users of the crowd, beside Alice and Bob. */
export const crowd = Array.from({ length: 50 }, (_, user) => ({
  name: `user${user}`,
  id: `c0000000-0000-4000-8000-${String(user).padStart(12, '0')}`,
}))

/** @param listener Over which the program asks the emulator. */
export async function createWorld(listener: 'http' | 'https' = 'http'): Promise<World> {
  const users = crowd.map(({ id, name }) => ({
    id,
    tenantId: 'c0000000-0000-4000-8000-000000000001',
    username: `${name}@${domain}`,
    password: 'Passw0rd!',
    displayName: name,
  }))
  const emulator = await createEmulator({
    directory: { ...defaultDirectory, users: [...defaultDirectory.users, ...users] },
    ...(listener === 'https' && { httpsPort: 0 }),
    accessTokenLifetimeSeconds: 3600, // so that it is known when tokens are renewed and when they are over
  })
  const todo = createServer((request, response) => {
    const [, claims = ''] = request.headers.authorization?.split('.') ?? []
    const { oid, name } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ oid, name }))
  }).listen(0, '127.0.0.1')
  await once(todo, 'listening')
  return {
    emulator,
    places: {
      EMULATOR: emulator.httpsOrigin ?? emulator.origin,
      TODO: `http://127.0.0.1:${(todo.address() as AddressInfo).port}`,
    },
    caCertificate: emulator.caCertificate,
    mint: (user) =>
      emulator.mint({
        user: `${user}@${domain}`,
        client: 'a0000000-0000-4000-8000-000000000001',
        audience: 'a0000000-0000-4000-8000-000000000002',
        scopes: ['access_as_user'],
        lifetimeSeconds: 7200,
      }),
    exchanges: (user) =>
      emulator.requests.list({ endpoint: 'token' }).filter((request) => request.user === `${user}@${domain}`)
        .length,
    async stop() {
      todo.closeAllConnections()
      todo.close()
      await emulator.stop()
    },
  }
}

/** An answer, as far as it is looked at. */
export interface Answer {
  readonly status: number
  readonly challenge: string
  readonly body: Readonly<Record<string, unknown>>
}

export async function ask(url: string, token?: string, signal?: AbortSignal): Promise<Answer> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url, { headers, signal: signal ?? AbortSignal.timeout(60_000) })
  const text = await answer.text()
  return {
    status: answer.status,
    challenge: answer.headers.get('www-authenticate') ?? '',
    body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Answer['body'],
  }
}

/** Waits for what has to come about; not for ever. */
export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 6000; look += 1) {
    if (await met()) return
    await pause(10)
  }
  throw new Error('it did not come about')
}
