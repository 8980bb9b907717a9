// A route of a user's application behind the real thing that serves it, between the emulator and a To Do API: what callers are answered.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { findClaimsChallenge, parseChallenges } from 'midtier'

/** Where the application finds what it depends on: the variables of its environment. */
export type Around = Readonly<Record<'EMULATOR' | 'TODO' | 'CLIENT_SECRET', string>>

/** Caller → status, kind of content, and what the challenge says, or else the body. `start` resolves to where the application answers. */
export async function askRoutes(
  start: (around: Around) => Promise<string>,
  paths: readonly string[],
): Promise<Record<string, string>> {
  const emulator = await createEmulator()
  const todolist = await listening(createTodolist())
  const origin = await start({
    EMULATOR: emulator.origin,
    TODO: urlOf(todolist),
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
  })
  const answers: Record<string, string> = {}
  const alice = await mint(emulator, 'alice')
  for (const path of paths) {
    answers[`nobody at ${path}`] = await ask(origin + path)
    answers[`alice at ${path}`] = await ask(origin + path, alice)
  }
  const first = `${origin}${paths[0] ?? ''}`
  emulator.policies.enable('b0000000-0000-4000-8000-000000000001')
  answers['bob without MFA'] = await ask(first, await mint(emulator, 'bob'))
  answers['bob after MFA'] = await ask(first, await mint(emulator, 'bob', ['pwd', 'mfa']))
  return answers
}

/** Tells whose token it was called with, and for whom that was issued. */
function createTodolist(): Server {
  return createServer((request, response) => {
    const [, payload = ''] = request.headers.authorization?.split('.') ?? []
    const { name, aud } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, string>
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ path: request.url, name, aud }))
  })
}

function mint(emulator: Emulator, user: string, amr: readonly string[] = ['pwd']): Promise<string> {
  return emulator.mint({
    user: `${user}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: 'a0000000-0000-4000-8000-000000000002',
    scopes: ['access_as_user'],
    capabilities: ['CP1'],
    amr: [...amr],
  })
}

async function ask(url: string, token?: string): Promise<string> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url, { headers })
  const text = await answer.text()
  const challenges = parseChallenges(answer.headers)
  const told = [
    answer.status,
    answer.headers.get('content-type')?.split(';', 1)[0],
    ...(challenges.length === 0 ? [text] : []),
    ...challenges.map(
      ({ scheme, parameters }) => `${scheme} ${parameters.get('error') ?? 'without an error'}`,
    ),
    findClaimsChallenge(challenges)?.claims,
  ]
  return told.filter((each) => each !== undefined).join(' ')
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
