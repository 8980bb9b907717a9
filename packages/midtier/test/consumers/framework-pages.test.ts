// What the pages for users show beside quick starts, compiled as it stands there and run against the emulator: who answers which error, and
// the exchange that docs/emulator.md makes.
import { describe, expect } from 'vitest'
import { consumer, type Consumer, test } from './consumer.ts'
import { frameworks as dependencies } from './dependencies.ts'
import { documented } from './sources.ts'

const compilerOptions = {
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable'],
  strict: true,
  skipLibCheck: true,
}

/** A project with a block of a page as `shown.ts`, compiled before anything is run. */
async function projectWith(page: string, heading: string, run = ''): Promise<Consumer> {
  const project = consumer({
    dependencies,
    files: {
      'package.json': '{ "private": true, "type": "module" }',
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['shown.ts'] }),
      'shown.ts': documented(page, heading).replace('5001', '0'),
      'run.js': run,
    },
  })
  await project.run('tsc', [])
  return project
}

/** `api` at an emulator that asks for a second step, and `token`, of somebody who did not pass it. */
const prelude = `
  import { once } from 'node:events'
  import { createServer } from 'node:http'
  import { createEmulator } from '@midtier/emulator'
  import { clientSecret, createWebApi } from 'midtier'
  const emulator = await createEmulator()
  emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
  const api = createWebApi({
    tenantId: 'contoso.onmicrosoft.com',
    instance: emulator.origin,
    clientId: 'a0000000-0000-4000-8000-000000000002',
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    downstreamApis: {
      todolist: { baseUrl: 'http://127.0.0.1/', scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] },
    },
  })
  const token = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: 'a0000000-0000-4000-8000-000000000002',
    scopes: ['access_as_user'],
  })
  const ask = async (server, path = '/') => {
    if (!server.listening) await once(server, 'listening')
    const url = 'http://127.0.0.1:' + server.address().port + path
    const answer = await fetch(url, { headers: { authorization: 'Bearer ' + token } })
    const text = await answer.text()
    const { title, error } = text.startsWith('{') ? JSON.parse(text) : { title: text }
    console.log([answer.status, title, error].join(' ').trim())
  }
`

describe('docs/emulator.md', () => {
  test('makes the exchange that is refused, and those that are not', async () => {
    const project = await projectWith('docs/emulator.md', 'MFA in a test')
    const said = await project.run('node', ['shown.js'])
    expect(said.match(/status: \d+/g)).toEqual(['status: 400', 'status: 200', 'status: 200'])
    expect(said).toMatch(/error: 'invalid_grant'[\s\S]*AADSTS50076[\s\S]*suberror: 'basic_action'/)
    expect(said).toMatch(/claims: '.*capolids[\s\S]*^\[ .+ \]$/m)
  })
})

describe('docs/frameworks/express.md: where errors go', () => {
  test('one handler in front, one behind, and midtier answers its own', async () => {
    const run = `${prelude}
      import express from 'express'
      import { createApp } from './shown.js'
      const routes = express.Router()
      routes.get('/todolist', async (req, res) => res.json(await req.caller.downstream('todolist').getJson('todos')))
      routes.get('/range', () => { throw new RangeError('one') })
      routes.get('/other', () => { throw new Error('another') })
      const server = createApp(api, routes).listen(0, '127.0.0.1')
      for (const path of ['/api/todolist', '/api/range', '/api/other']) await ask(server, path)
      process.exit()
    `
    const project = await projectWith('docs/frameworks/express.md', 'Where errors go', run)
    const { stdout, stderr } = await project.attempt('node', ['run.js'])
    expect(stdout).toBe('401 Unauthorized insufficient_claims\n422 Out of range\n500 Internal Server Error\n')
    expect(stderr).toMatch(/^Error: another/)
  })
})

describe('docs/frameworks/fetch.md: Node', () => {
  const run = `${prelude}
    import { serve } from '@hono/node-server'
    import { protect } from 'midtier/fetch'
    import { start } from './shown.js'
    const failing = protect(api, {}, () => { throw new Error('of yours') })
    const challenged = protect(api, {}, (request, caller) => caller.downstream('todolist').getJson('todos'))
    if (process.argv[2] === 'shown') {
      await ask(start(failing))
      await ask(start(challenged))
    } else await ask(serve({ fetch: failing, port: 0, hostname: '127.0.0.1' }))
    process.exit()
  `

  test('prints an error of others, and answers it', async () => {
    const project = await projectWith('docs/frameworks/fetch.md', 'Node', run)
    const { stdout, stderr } = await project.attempt('node', ['run.js', 'shown'])
    expect(stdout).toBe('500 Internal Server Error\n401 Unauthorized insufficient_claims\n')
    expect(stderr).toMatch(/^Error: of yours/)
  })

  test('says why: by itself the server answers with nothing, and prints nothing', async () => {
    const project = await projectWith('docs/frameworks/fetch.md', 'Node', run)
    const { stdout, stderr } = await project.attempt('node', ['run.js'])
    expect([stdout, stderr]).toEqual(['500\n', ''])
  })
})

describe('docs/frameworks/node-http.md', () => {
  const run = `${prelude}
    import { protect, renderErrors } from 'midtier/node-http'
    const failing = protect(api, {}, () => { throw new Error('of yours') })
    const handler = process.argv[2] === 'returned'
      ? renderErrors((req, res) => failing(req, res))
      : renderErrors((req, res) => { failing(req, res) })
    await ask(createServer(handler).listen(0, '127.0.0.1'))
    process.exit()
  `

  test('a handler that is not returned ends the process when it fails', async () => {
    const project = await projectWith('docs/frameworks/node-http.md', 'Streams and metadata', run)
    const returned = await project.attempt('node', ['run.js', 'returned'])
    expect([returned.code, returned.stdout]).toEqual([0, '500 Internal Server Error\n'])
    const { code, stderr } = await project.attempt('node', ['run.js'])
    expect(code).toBe(1)
    expect(stderr).toContain('Error: of yours')
  })
})
