// Azure Functions v4: the function of docs/frameworks/fetch.md, registered with the real library of the programming model, and invoked over
// HTTP in the form in which the host of Azure and its worker do that.
import { expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { documented, routeAnswers, source } from './sources.ts'

const dependencies = { '@azure/functions': '4.16.5', '@types/node': '20.19.43', typescript: '5.9.3' }

const run = `
  const { becomeWorker, logged, startHost } = require('./functions-host.cjs')
  becomeWorker()
  const { addFunctions } = require('./functions.js')
  const { askRoutes } = require('./ask-routes.cjs')
  const { clientSecret, createWebApi } = require('midtier')

  function start({ EMULATOR, TODO, CLIENT_SECRET }) {
    addFunctions(createWebApi({
      instance: EMULATOR,
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      clientCredential: clientSecret(CLIENT_SECRET),
      downstreamApis: {
        todolist: { baseUrl: TODO + '/api/', scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] },
      },
    }))
    return startHost()
  }

  askRoutes(start, ['/api/todolist']).then((answers) => {
    console.log(JSON.stringify({ answers, logged }))
    process.exit()
  })
`

const project = consumer({
  dependencies,
  files: {
    'tsconfig.json': JSON.stringify({
      compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true },
      files: ['functions.ts'],
    }),
    'functions.ts': documented('docs/frameworks/fetch.md', 'Azure Functions'),
    'ask-routes.cjs': source('ask-routes', 'commonjs'),
    'functions-host.cjs': source('functions-host', 'commonjs'),
    'run.cjs': run,
  },
})

test('a function of Azure is served as any other handler, by its own request, context and response', async () => {
  await project.run('tsc', [])
  expect(JSON.parse(await project.run('node', ['run.cjs']))).toEqual({
    answers: routeAnswers('/api/todolist', '/api/todos'),
    logged: Array.from({ length: 3 }, () => 'todolist for a0000000-0000-4000-8000-000000000001'),
  })
})
