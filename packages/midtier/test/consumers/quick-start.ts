// A quick start of a page for users, compiled and run against the emulator, on a port of its own.
import { consumer } from './consumer.ts'
import type { Dependencies } from './install.ts'

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
  while (server === undefined && platform?.fetch === undefined) await new Promise((next) => setImmediate(next))
  if (server !== undefined && !server.listening) await once(server, 'listening')
  const ask = (init) => platform?.fetch === undefined
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

/** A quick start with the addresses of this machine. */
export function onThisMachine(quickStart: string): string {
  return swaps.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the quick start does not say ${from}`)
    return before.replace(from, () => to)
  }, quickStart)
}

/** What is asked of every quick start: Alice's list, with a token and without. */
export const expectedAnswers = `200 ${JSON.stringify({ path: '/api/todos', name: 'Alice Adams' })}\n401 true\n`

interface Circumstances {
  readonly dependencies: Dependencies
  /** Beside what is needed anyway. */
  readonly compilerOptions?: Readonly<Record<string, unknown>>
  /** Default: `module`. */
  readonly type?: 'module' | 'commonjs'
}

/** What the quick start answers, or what went wrong. @throws when it does not compile */
export async function answersOf(
  quickStart: string,
  { dependencies, compilerOptions = {}, type = 'module' }: Circumstances,
): Promise<string> {
  const project = consumer({
    dependencies,
    files: {
      'package.json': JSON.stringify({ private: true, type }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2022',
          strict: true,
          skipLibCheck: true,
          experimentalDecorators: true,
          ...compilerOptions,
        },
        files: ['quick-start.ts'],
      }),
      'quick-start.ts': onThisMachine(quickStart).replace('5001', '0'),
      'run.mjs': run,
    },
  })
  await project.run('tsc', [])
  return (await project.attempt('node', ['run.mjs'])).stderr
}
