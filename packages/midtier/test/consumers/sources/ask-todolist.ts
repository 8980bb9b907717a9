// A user's program around a middle tier: the emulator, the To Do API behind it, and what each kind of caller is answered.
import express from 'express'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createWebApi, findClaimsChallenge, parseChallenges } from 'midtier'
import { protect, renderErrors } from 'midtier/express'
import { createEmulator, type Emulator } from '@midtier/emulator'

/** Where the middle tier finds what it depends on. */
export interface Around {
  readonly instance: string
  readonly todolistUrl: string
}

/** Caller → status, what the body says, and the claims that the challenge demands. */
export async function askTodolist(
  start: (around: Around) => Server | Promise<Server>,
): Promise<Record<string, string>> {
  const emulator = await createEmulator()
  const todolist = await listening(createTodolist(emulator.origin))
  const front = await listening(
    await start({ instance: emulator.origin, todolistUrl: `${urlOf(todolist)}/api/` }),
  )

  const answers = {
    alice: await ask(front, await mint(emulator, 'alice')),
    nobody: await ask(front),
    'bob without MFA': '',
    'bob after MFA': '',
    'alice after that': '',
  }
  emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
  answers['bob without MFA'] = await ask(front, await mint(emulator, 'bob'))
  answers['bob after MFA'] = await ask(front, await mint(emulator, 'bob', ['pwd', 'mfa']))
  answers['alice after that'] = await ask(front, await mint(emulator, 'alice', ['pwd', 'mfa']))

  for (const server of [front, todolist]) server.close()
  await emulator.stop()
  return answers
}

/** The server of an application on a port of its own. */
export function serve(app: RequestListener): Server {
  return createServer(app).listen(0, '127.0.0.1')
}

function createTodolist(instance: string): Server {
  const api = createWebApi({
    tenantId: 'contoso.onmicrosoft.com',
    clientId: 'a0000000-0000-4000-8000-000000000003',
    instance,
  })
  const app = express()
  app.get('/api/todos', protect(api), (req, res) => {
    res.json({ owner: req.caller.principal.claims['name'] })
  })
  app.use(renderErrors())
  return serve(app)
}

async function listening(server: Server): Promise<Server> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  return server
}

function urlOf(server: Server): string {
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

function mint(emulator: Emulator, name: string, amr: readonly string[] = ['pwd']): Promise<string> {
  return emulator.mint({
    user: `${name}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: 'a0000000-0000-4000-8000-000000000002',
    scopes: ['access_as_user'],
    amr: [...amr],
  })
}

async function ask(server: Server, token?: string): Promise<string> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${urlOf(server)}/todolist`, { headers })
  const body = (await answer.json()) as Record<string, string>
  const challenges = parseChallenges(answer.headers)
  const told = [
    answer.status,
    body['owner'] ?? body['error'] ?? body['title'],
    ...challenges.map(({ scheme }) => scheme),
    findClaimsChallenge(challenges)?.claims,
  ]
  return told.filter((each) => each !== undefined).join(' ')
}
