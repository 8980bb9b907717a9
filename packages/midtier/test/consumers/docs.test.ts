// What the pages for users show, run as it stands there: docs/commonjs.md, and the quick start of the README against the emulator.
import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { patientJest, testRunners } from './dependencies.ts'

const page = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')

const dependencies = {
  '@types/express': '5.0.6',
  '@types/jest': '30.0.0',
  '@types/node': '20.19.43',
  express: '5.3.0',
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  typescript: '5.9.3',
}

describe('the pages for users', () => {
  test('docs/commonjs.md: jest runs the program and its test', async () => {
    const blocks = [...page('docs/commonjs.md').matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)]
    const files = Object.fromEntries(blocks.map(([, name = '', text = '']) => [name, text]))
    expect(Object.keys(files)).toEqual(['app.js', 'app.test.js', 'jest.config.js'])
    await consumer({ dependencies, files }).run('jest', patientJest)
  })

  describe('docs/connecting-clients.md', () => {
    const blocks = [
      ...page('docs/connecting-clients.md').matchAll(/^```[jt]s\n\/\/ (\S+)\n([\s\S]*?)^```$/gm),
    ]
    const files = Object.fromEntries(blocks.map(([, name = '', text = '']) => [name, text]))
    const project = (name: string, more: Record<string, string> = {}): ReturnType<typeof consumer> =>
      consumer({
        dependencies: testRunners,
        files: { [name]: files[name] ?? `throw new Error('${name} is not on the page')`, ...more },
      })

    test('vitest runs tests with an emulator', async () => {
      await project('todos.vitest.test.mjs').run('vitest', ['run'])
    })

    test('node:test runs tests with an emulator', async () => {
      expect(await project('todos.node.test.mjs').run('node', ['--test', 'todos.node.test.mjs'])).toMatch(
        /pass 2\b/,
      )
    })

    test('jest runs tests with an emulator', async () => {
      await project('todos.jest.test.js').run('jest', patientJest)
    })

    test('Playwright gives each worker an emulator, and each test a new one; with types', async () => {
      const types = `
        import { test as base } from '@playwright/test'
        import { emulatorFixtures, type EmulatorTestFixtures, type EmulatorWorkerFixtures } from '@midtier/emulator/testing'
        const test = base.extend<EmulatorTestFixtures, EmulatorWorkerFixtures>(emulatorFixtures)
        test.use({ emulatorOptions: { accessTokenLifetimeSeconds: 60 } })
        test('has what was asked for', async ({ emulator }) => {
          const name: string = emulator.origin
          await fetch(name)
        })
      `
      const compilerOptions = { module: 'nodenext', strict: true, types: ['node'], target: 'es2022' }
      const playwright = project('todos.spec.mjs', {
        'types.spec.mts': types,
        'tsconfig.json': JSON.stringify({ compilerOptions, files: ['types.spec.mts'] }),
      })
      await playwright.run('tsc', ['--noEmit'])
      expect(await playwright.run('playwright', ['test', '--workers', '2'])).toMatch(/3 passed/)
    })
  })

  describe('docs/testing.md', () => {
    const blocks = [...page('docs/testing.md').matchAll(/^```[jt]s\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)]
    const files = Object.fromEntries(blocks.map(([, name = '', text = '']) => [name, text]))
    const block = (name: string): string => files[name] ?? `throw new Error('${name} is not on the page')`
    const modules = '{ "private": true, "type": "module" }'

    test('vitest runs the test of a service', async () => {
      const project = { 'package.json': modules, 'service.test.ts': block('service.test.ts') }
      await consumer({ dependencies: testRunners, files: project }).run('vitest', ['run'])
    })

    test('node:test runs the test of an application', async () => {
      const compilerOptions = { module: 'nodenext', strict: true }
      const project = consumer({
        dependencies: testRunners,
        files: {
          'package.json': modules,
          'tsconfig.json': JSON.stringify({ compilerOptions, files: ['app.test.ts'] }),
          'app.test.ts': block('app.test.ts'),
        },
      })
      await project.run('tsc', [])
      expect(await project.run('node', ['--test', 'app.test.js'])).toMatch(/pass 1\b/)
    })

    test('jest runs the test of a module whose web API is replaced', async () => {
      const project = {
        'app.test.js': block('app.test.js'),
        'api.js': `throw new Error('the real one')`,
        'titles.js': `
          exports.titles = async (caller) =>
            (await caller.downstream('todolist').getJson('todos')).map(({ title }) => title)
        `,
      }
      await consumer({ dependencies: testRunners, files: project }).run('jest', patientJest)
    })
  })

  test('the README of the package on npm: its first program says who Alice is', async () => {
    const [, program = ''] = /^```js\n([\s\S]*?)^```$/m.exec(page('packages/midtier/README.md')) ?? []
    const project = consumer({ dependencies, files: { 'me.mjs': program } })
    expect(await project.run('node', ['me.mjs'])).toContain(`displayName: 'Alice Adams'`)
  })

  test('the README of the emulator on npm: its first program runs', async () => {
    const [, program = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(page('packages/emulator/README.md')) ?? []
    const project = consumer({ dependencies, files: { 'first.mjs': program } })
    expect(await project.run('node', ['first.mjs'])).toMatch(/^\d+ \d+\n$/)
  })

  test('README.md: the quick start answers Alice, against the emulator', async () => {
    const [, block = ''] = /## Quick start[\s\S]*?^```ts\n([\s\S]*?)^```$/m.exec(page('README.md')) ?? []
    // The addresses of Contoso become those of this machine; everything else is what a reader copies.
    const swaps: [string, string][] = [
      [
        `tenantId: 'contoso.onmicrosoft.com',`,
        `tenantId: 'contoso.onmicrosoft.com', instance: process.env['EMULATOR'] ?? '',`,
      ],
      [`'https://todolist.contoso.com/api/'`, `\`\${process.env['TODO'] ?? ''}/api/\``],
      [`'api://todolist/.default'`, `'api://a0000000-0000-4000-8000-000000000003/.default'`],
      [`app.listen(5001, '127.0.0.1')`, `export const server = app.listen(0, '127.0.0.1')`],
    ]
    for (const [from] of swaps) expect(block).toContain(from)
    const quickStart = swaps.reduce((text, [from, to]) => text.replace(from, () => to), block)
    const project = consumer({
      dependencies,
      files: {
        'package.json': '{ "private": true, "type": "module" }',
        'tsconfig.json': JSON.stringify({
          compilerOptions: { module: 'nodenext', strict: true },
          files: ['quick-start.ts'],
        }),
        'quick-start.ts': quickStart,
        'run.js': `
          import { createServer } from 'node:http'
          import { once } from 'node:events'
          import { createEmulator } from '@midtier/emulator'
          const emulator = await createEmulator()
          const todo = createServer((req, res) => {
            const { appid, azp, name } = JSON.parse(Buffer.from(req.headers.authorization.split('.')[1], 'base64url'))
            res.setHeader('content-type', 'application/json').end(JSON.stringify({ path: req.url, name, client: azp ?? appid }))
          }).listen(0, '127.0.0.1')
          await once(todo, 'listening')
          process.env.EMULATOR = emulator.origin
          process.env.TODO = 'http://127.0.0.1:' + todo.address().port
          process.env.CLIENT_SECRET = 'middle-tier-secret-for-local-use-only'
          const { server } = await import('./quick-start.js')
          if (!server.listening) await once(server, 'listening')
          const token = await emulator.mint({
            user: 'alice@contoso.onmicrosoft.com',
            client: 'a0000000-0000-4000-8000-000000000001',
            audience: 'a0000000-0000-4000-8000-000000000002',
            scopes: ['access_as_user'],
          })
          const answer = await fetch('http://127.0.0.1:' + server.address().port + '/todolist', {
            headers: { authorization: 'Bearer ' + token },
          })
          console.log(answer.status, await answer.text())
          process.exit()
        `,
      },
    })
    await project.run('tsc', [])
    const client = 'a0000000-0000-4000-8000-000000000002'
    expect(await project.run('node', ['run.js'])).toBe(
      `200 ${JSON.stringify({ path: '/api/todos', name: 'Alice Adams', client })}\n`,
    )
  })
})
