// docs/frameworks/nest.md with Nest 12, which is published as modules: the quick start on Express and on Fastify, as modules and by require, and
// who may send a body where `protect` stands in front of guards.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { answersOf, expectedAnswers } from './quick-start.ts'
import { allDocumented, documented } from './sources.ts'

const dependencies = {
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/platform-fastify': '12.5.0',
  '@types/node': '20.19.43',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  typescript: '5.9.3',
}

const onExpress = documented('docs/frameworks/nest.md', 'Quick start')
const onFastify = `import { FastifyAdapter } from '@nestjs/platform-fastify'\n${onExpress.replace(
  'create(AppModule)',
  'create(AppModule, new FastifyAdapter())',
)}`

/** What `nest new` writes into tsconfig.json, as far as it decides what compiles; its package.json says nothing of modules. */
const nestNew = {
  resolvePackageJsonExports: true,
  esModuleInterop: true,
  isolatedModules: true,
  emitDecoratorMetadata: true,
  allowSyntheticDefaultImports: true,
  target: 'es2023',
}

describe('Nest 12', () => {
  test('runs the quick start', async () => {
    expect(await answersOf(onExpress, { dependencies })).toBe(expectedAnswers)
  })

  test('runs it as `nest new` sets a project up', async () => {
    expect(await answersOf(onExpress, { dependencies, compilerOptions: nestNew, type: 'commonjs' })).toBe(
      expectedAnswers,
    )
  })

  test('runs it on Fastify, as CommonJS, with the types of parameters written by the compiler', async () => {
    const compilerOptions = { emitDecoratorMetadata: true }
    expect(await answersOf(onFastify, { dependencies, compilerOptions, type: 'commonjs' })).toBe(
      expectedAnswers,
    )
  })
})

// A body that is no JSON: who parsed it says 400, who asked for a token first says 401.
const askBodies = `
  import 'reflect-metadata'
  import { Body, Controller, Get, Module, Post } from '@nestjs/common'
  import { createEmulator } from '@midtier/emulator'
  import { type Caller, createWebApi } from 'midtier'
  import { CurrentCaller, MidtierModule, Protect, Public } from 'midtier/nest'
  import { createApp } from './create-app.js'

  @Controller('todolist')
  @Protect({ scopes: ['access_as_user'] })
  class TodolistController {
    @Post()
    add(@CurrentCaller() caller: Caller, @Body() body: object) {
      return { by: caller.principal.claims['name'], body }
    }
  }

  @Controller('health')
  @Public()
  class HealthController {
    @Get()
    health() {
      return 'up'
    }
  }

  const emulator = await createEmulator()
  const clientId = 'a0000000-0000-4000-8000-000000000002'
  const api = createWebApi({
    instance: emulator.origin,
    tenantId: 'contoso.onmicrosoft.com',
    clientId,
    resource: { identifier: 'https://api.contoso.com', scopes: [\`api://\${clientId}/access_as_user\`] },
  })

  @Module({ imports: [MidtierModule.forRoot(api)], controllers: [TodolistController, HealthController] })
  class AppModule {}

  const app = await createApp(AppModule, api)
  await app.listen(0, '127.0.0.1')
  const origin = await app.getUrl()
  const token = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
  })
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(origin + '/todolist', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const bearer = { authorization: 'Bearer ' + token }
  const added = await post('{"title":"Buy milk"}', bearer)
  console.error(JSON.stringify({
    stranger: (await post('{')).status,
    alice: (await post('{', bearer)).status,
    added: [added.status, await added.json()],
    open: (await fetch(origin + '/health')).status,
    metadata: (await fetch(origin + '/.well-known/oauth-protected-resource')).status,
  }))
  process.exit()
`

const [createOnExpress, createOnFastify] = allDocumented('docs/frameworks/nest.md', 'Bodies before guards')

describe.each([
  { platform: 'Express', createApp: createOnExpress },
  { platform: 'Fastify', createApp: createOnFastify },
])('bodies before guards, on $platform', ({ createApp = '' }) => {
  test('a stranger is refused before the body is read, what is public stays open', async () => {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      skipLibCheck: true,
      experimentalDecorators: true,
    }
    const project = consumer({
      dependencies,
      files: {
        'package.json': '{ "private": true, "type": "module" }',
        'tsconfig.json': JSON.stringify({ compilerOptions, files: ['ask-bodies.ts'] }),
        'create-app.ts': createApp,
        'ask-bodies.ts': askBodies,
      },
    })
    await project.run('tsc', [])
    const [said = ''] = /^\{.*\}$/m.exec((await project.attempt('node', ['ask-bodies.js'])).stderr) ?? []
    expect(JSON.parse(said)).toEqual({
      stranger: 401,
      alice: 400,
      added: [201, { by: 'Alice Adams', body: { title: 'Buy milk' } }],
      open: 200,
      metadata: 200,
    })
  })
})
