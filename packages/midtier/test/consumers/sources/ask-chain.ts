// A user's program: the emulator, a middle tier on Express, and what each kind of caller is answered by them.
import express from 'express'
import type { Server } from 'node:http'
import { clientSecret, createWebApi, type WebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/express'
import { createEmulator, type Emulator } from '@midtier/emulator'

/** Caller → status and the word that says it. */
export async function askChain(): Promise<Record<string, string>> {
  const emulator = await createEmulator()
  const api: WebApi = createWebApi({
    tenantId: 'contoso.onmicrosoft.com',
    clientId: 'a0000000-0000-4000-8000-000000000002',
    instance: emulator.origin,
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    downstreamApis: { graph: { baseUrl: `${emulator.origin}/v1.0/`, scopes: ['User.Read'] } },
  })
  const app = express()
  app.get('/me', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
    res.json(await req.caller.downstream('graph').getJson('me'))
  })
  app.use(renderErrors())
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))

  const alice = await mint(emulator, 'alice')
  const bob = await mint(emulator, 'bob')
  const answers: Record<string, string> = {
    alice: await ask(server, alice),
    nobody: await ask(server),
    'bytes that are no text': await ask(server, alice.replace(/\..*\./, '.__4.')),
    'a page of the emulator': String((await fetch(`${emulator.origin}/_emulator/assets/style.css`)).status),
  }
  const outage = emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503 } })
  answers['bob in an outage'] = await ask(server, bob)
  outage.remove()
  await emulator.stop()
  answers['bob without an authority'] = await ask(server, bob)
  server.close()
  await api.close()
  return answers
}

function mint(emulator: Emulator, name: string): Promise<string> {
  return emulator.mint({
    user: `${name}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: 'a0000000-0000-4000-8000-000000000002',
    scopes: ['access_as_user'],
  })
}

async function ask(server: Server, token?: string): Promise<string> {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`http://127.0.0.1:${port}/me`, { headers })
  const body = (await answer.json()) as Record<string, string>
  return `${answer.status} ${body['displayName'] ?? body['error'] ?? body['title'] ?? ''}`
}
