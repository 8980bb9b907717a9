// What docs/websockets.md and docs/trpc-and-graphql.md show, as it stands there, compiled and run against the emulator.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import type { Result } from './process.ts'
import { documented } from './sources.ts'

const dependencies = {
  '@trpc/server': '11.25.2',
  '@types/node': '20.19.43',
  '@types/ws': '8.18.2',
  graphql: '16.15.0',
  'graphql-yoga': '5.24.1',
  typescript: '5.9.3',
  ws: '8.23.0',
}

/** A caller let in, one without a token, and one whom the authority asks for a second factor; `ask` is the recipe's own. */
const run = (ask: string): string => `
  import { createServer } from 'node:http'
  import { once } from 'node:events'
  import { createEmulator } from '@midtier/emulator'
  import { clientSecret, createWebApi } from 'midtier'
  import * as recipe from './recipe.js'
  const emulator = await createEmulator()
  const todo = createServer((req, res) => {
    const { name } = JSON.parse(Buffer.from(req.headers.authorization.split('.')[1], 'base64url'))
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ owner: name }))
  }).listen(0, '127.0.0.1')
  await once(todo, 'listening')
  const api = createWebApi({
    tenantId: 'contoso.onmicrosoft.com',
    instance: emulator.origin,
    clientId: 'a0000000-0000-4000-8000-000000000002',
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    downstreamApis: {
      todolist: {
        baseUrl: 'http://127.0.0.1:' + todo.address().port + '/api/',
        scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'],
      },
    },
  })
  const mint = (name) => emulator.mint({
    user: name + '@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: 'a0000000-0000-4000-8000-000000000002',
    scopes: ['access_as_user'],
    amr: ['pwd'],
  })
  const said = async (answer) => console.log(
    answer.status,
    await answer.text(),
    /claims="/.test(answer.headers.get('www-authenticate')) ? 'claims' : answer.headers.get('www-authenticate') !== null,
  )
  ${ask}
  process.exit()
`

const byFetch = (path: string): string => `
  const handler = recipe.createHandler(api)
  const asking = (token) => handler(new Request('https://host${path}', {
    headers: { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) },
  }))
  await said(await asking(await mint('alice')))
  console.log((await asking()).status)
  emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
  await said(await asking(await mint('bob')))
`

const byWebSocket = `
  import('ws').then(async ({ WebSocket }) => {
    const server = recipe.createApp(api).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = 'ws://127.0.0.1:' + server.address().port
    const refused = new WebSocket(url)
    const [, response] = await once(refused, 'unexpected-response')
    console.log(response.statusCode, response.headers['www-authenticate'].startsWith('Bearer '))
    const client = new WebSocket(url, { headers: { authorization: 'Bearer ' + await mint('alice') } })
    await once(client, 'open')
    client.send('todos')
    const [message] = await once(client, 'message')
    console.log(message.toString())
    process.exit()
  })
  await new Promise(() => {})
`

async function printed(page: string, heading: string, ask: string): Promise<Result> {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    strict: true,
    skipLibCheck: true,
  }
  const project = consumer({
    dependencies,
    files: {
      'package.json': '{ "private": true, "type": "module" }',
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['recipe.ts'] }),
      'recipe.ts': documented(page, heading),
      'run.js': run(ask),
    },
  })
  await project.run('tsc', [])
  return project.attempt('node', ['run.js'])
}

describe('recipes', () => {
  test('docs/websockets.md: a connection for Alice, and a challenge for nobody', async () => {
    const { stdout, stderr } = await printed('docs/websockets.md', 'Quick start', byWebSocket)
    expect(stdout, stderr).toBe('401 true\n{"owner":"Alice Adams"}\n')
  })

  test('docs/trpc-and-graphql.md: tRPC', async () => {
    const { stdout } = await printed('docs/trpc-and-graphql.md', 'tRPC', byFetch('/trpc/todolist'))
    const lines = stdout.split('\n')
    expect(lines[0]).toBe('200 {"result":{"data":{"owner":"Alice Adams"}}} false')
    expect(lines[1]).toBe('401')
    expect(lines[2]).toMatch(/^401 \{"error":\{"message":"interaction_required".*claims$/)
    expect(lines[2]).not.toContain('AADSTS')
  })

  test('docs/trpc-and-graphql.md: GraphQL Yoga', async () => {
    const path = '/graphql?query={owner}'
    const { stdout, stderr } = await printed('docs/trpc-and-graphql.md', 'GraphQL Yoga', byFetch(path))
    const lines = stdout.split('\n')
    expect(lines[0]).toBe('200 {"data":{"owner":"Alice Adams"}} false')
    expect(lines[1]).toBe('401')
    expect(lines[2]).toMatch(/^401 \{.*"path":\["owner"\].*claims$/)
    expect(lines[2]).not.toContain('AADSTS')
    expect(stderr).toBe('') // a challenge is nobody's fault
  })
})
