// The quick start of every framework's page, as it stands there: at most twenty lines for it, compiled, and run against the emulator.
import { readdirSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { documented } from './sources.ts'

const dependencies = {
  '@hono/node-server': '2.1.8',
  '@types/node': '20.19.43',
  fastify: '5.12.8',
  hono: '4.13.19',
  typescript: '5.9.3',
}

const pages = readdirSync(new URL('../../../../docs/frameworks/', import.meta.url))
const middleTier = 'a0000000-0000-4000-8000-000000000002'

/** The addresses of Contoso become those of this machine; everything else is what a reader copies. */
const swaps: readonly (readonly [string, string])[] = [
  [
    `tenantId: 'contoso.onmicrosoft.com',`,
    `tenantId: 'contoso.onmicrosoft.com', instance: process.env['EMULATOR'] ?? '',`,
  ],
  [`'https://todolist.contoso.com/api/'`, `\`\${process.env['TODO'] ?? ''}/api/\``],
  [`'api://todolist/.default'`, `'api://a0000000-0000-4000-8000-000000000003/.default'`],
]

/** Asks the quick start for Alice's list, with a token and without: a server on whatever port it got, or the handler that is exported. */
const run = `
  import { createServer, Server } from 'node:http'
  import { once } from 'node:events'
  import { createEmulator } from '@midtier/emulator'
  const emulator = await createEmulator()
  const todo = createServer((req, res) => {
    const { name } = JSON.parse(Buffer.from(req.headers.authorization.split('.')[1], 'base64url'))
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ path: req.url, name }))
  }).listen(0, '127.0.0.1')
  await once(todo, 'listening')
  process.env.EMULATOR = emulator.origin
  process.env.TODO = 'http://127.0.0.1:' + todo.address().port
  process.env.CLIENT_SECRET = 'middle-tier-secret-for-local-use-only'
  let server
  const { listen } = Server.prototype
  Server.prototype.listen = function (...given) {
    server = this
    return listen.apply(this, given)
  }
  const { default: platform } = await import('./quick-start.js')
  if (server !== undefined && !server.listening) await once(server, 'listening')
  const ask = (init) => platform === undefined
    ? fetch('http://127.0.0.1:' + server.address().port + '/todolist', init)
    : platform.fetch(new Request('https://host/todolist', init))
  const token = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: '${middleTier}',
    scopes: ['access_as_user'],
  })
  const answer = await ask({ headers: { authorization: 'Bearer ' + token } })
  console.error(answer.status, await answer.text())
  const refused = await ask()
  console.error(refused.status, /^Bearer /.test(refused.headers.get('www-authenticate')))
  process.exit()
`

describe.each(pages)('docs/frameworks/%s', (page) => {
  const quickStart = documented(`docs/frameworks/${page}`, 'Quick start')

  test('is two imports and at most twenty lines beside the API itself', () => {
    const [, api = ''] = /^const api = [\s\S]*?^\}\)\n/m.exec(quickStart) ?? []
    const lines = quickStart
      .replace(api, '')
      .split('\n')
      .filter((line) => line !== '')
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(quickStart.match(/from 'midtier/g)).toHaveLength(2)
  })

  test('answers Alice, and refuses who brings no token', async () => {
    for (const [from] of swaps) expect(quickStart).toContain(from)
    const text = swaps.reduce((before, [from, to]) => before.replace(from, () => to), quickStart)
    const project = consumer({
      dependencies,
      files: {
        'package.json': '{ "private": true, "type": "module" }',
        'tsconfig.json': JSON.stringify({
          compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true },
          files: ['quick-start.ts'],
        }),
        'quick-start.ts': text.replace('5001', '0'),
        'run.js': run,
      },
    })
    await project.run('tsc', [])
    const { stderr } = await project.attempt('node', ['run.js'])
    expect(stderr).toBe(`200 ${JSON.stringify({ path: '/api/todos', name: 'Alice Adams' })}\n401 true\n`)
  })
})
