// What docs/operating.md shows, as it stands there: a server that is told to end says so, serves on, and answers its last request.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { frameworks as dependencies } from './dependencies.ts'
import { documented } from './sources.ts'

/** The addresses of Contoso become those of this machine, and the time that load balancers take is cut short. */
const swaps: readonly (readonly [string, string])[] = [
  [
    `tenantId: 'contoso.onmicrosoft.com',`,
    `tenantId: 'contoso.onmicrosoft.com', instance: process.env['EMULATOR'] ?? '',`,
  ],
  [`'https://todolist.contoso.com/api/'`, `\`\${process.env['TODO'] ?? ''}/api/\``],
  [`'api://todolist/.default'`, `'api://a0000000-0000-4000-8000-000000000003/.default'`],
  [`const server = app.listen(5001)`, `export const server = app.listen(0, '127.0.0.1')`],
  [`secondsUntilNobodySends = 15`, `secondsUntilNobodySends = 1`],
]

const run = `
  import { createServer } from 'node:http'
  import { once } from 'node:events'
  import { createEmulator } from '@midtier/emulator'
  const emulator = await createEmulator()
  let release
  const asked = new Promise((resolve) => {
    const todo = createServer((req, res) => {
      resolve()
      release = () => { res.setHeader('content-type', 'application/json').end('["Milk"]'); todo.close() }
    }).listen(0, '127.0.0.1', () => { process.env.TODO = 'http://127.0.0.1:' + todo.address().port })
  })
  while (process.env.TODO === undefined) await new Promise(setImmediate)
  process.env.EMULATOR = emulator.origin
  process.env.CLIENT_SECRET = 'middle-tier-secret-for-local-use-only'
  const { server } = await import('./server.js')
  if (!server.listening) await once(server, 'listening')
  const url = 'http://127.0.0.1:' + server.address().port
  const get = (path, headers = {}) => fetch(url + path, { headers: { connection: 'close', ...headers } })
  const probe = async () => (await get('/readyz')).status
  while (await probe() !== 200) await new Promise(setImmediate)
  console.log('ready')
  const token = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: 'a0000000-0000-4000-8000-000000000002',
    scopes: ['access_as_user'],
  })
  const last = get('/todolist', { authorization: 'Bearer ' + token })
  await asked
  process.kill(process.pid, 'SIGTERM')
  while (await probe() === 200) await new Promise(setImmediate)
  console.log(JSON.stringify(await (await get('/readyz')).json()), (await get('/livez')).status, (await get('/todolist')).status)
  const refused = async () => { try { await get('/livez'); return false } catch { return true } }
  while (!(await refused())) await new Promise((resolve) => setTimeout(resolve, 20))
  release()
  const answer = await last
  console.log(answer.status, await answer.text())
  await emulator.stop()
`

describe('docs/operating.md: graceful shutdown', () => {
  test('says that it ends, serves on, answers the last request, and ends by itself', async () => {
    const block = documented('docs/operating.md', 'Graceful shutdown')
    for (const [from] of swaps) expect(block).toContain(from)
    const project = consumer({
      dependencies,
      files: {
        'package.json': '{ "private": true, "type": "module" }',
        'tsconfig.json': JSON.stringify({
          compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true },
          files: ['server.ts'],
        }),
        'server.ts': swaps.reduce((text, [from, to]) => text.replace(from, () => to), block),
        'run.js': run,
      },
    })
    await project.run('tsc', [])
    expect((await project.run('node', ['run.js'])).trim().split('\n')).toEqual([
      'ready',
      '{"ready":false,"reasons":["application"]} 200 401',
      '200 ["Milk"]',
    ])
  })
})
