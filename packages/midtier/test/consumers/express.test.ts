// Applications on Express 4 and on Express 5, as docs/frameworks/express.md shows them: JavaScript by `require`, TypeScript with the types of
// that version, and what the process survives.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { expressVersions } from './dependencies.ts'
import { documented, inForm, source } from './sources.ts'

const app = documented('docs/frameworks/express.md', 'Express 4')

const start = `
  import { clientSecret, createWebApi } from 'midtier'
  import { createApp } from './app.js'
  import { askTodolist, serve } from './ask-todolist.js'

  askTodolist(({ instance, todolistUrl }) => {
    const api = createWebApi({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
      instance,
      downstreamApis: {
        todolist: { baseUrl: todolistUrl, scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] },
      },
    })
    return serve(createApp(api))
  }).then((answers) => console.log(JSON.stringify(answers)))
`

const answers = {
  alice: '200 Alice Adams',
  nobody: '401 Unauthorized bearer',
  'bob without MFA': expect.stringMatching(/^401 insufficient_claims bearer \{"access_token":/),
  'bob after MFA': '200 Bob Brown',
  'alice after that': '200 Alice Adams',
}

describe.each(expressVersions)('$name', ({ dependencies }) => {
  test('runs the application of the docs, in JavaScript by require', async () => {
    const project = consumer({
      dependencies,
      files: {
        'app.js': inForm(app, 'commonjs'),
        'ask-todolist.js': source('ask-todolist', 'commonjs'),
        'start.js': inForm(start, 'commonjs'),
      },
    })
    expect(JSON.parse(await project.run('node', ['start.js']))).toEqual(answers)
  })

  test('compiles the application of the docs with the types of this version, and runs it', async () => {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      types: ['node'],
      outDir: 'out',
    }
    const project = consumer({
      dependencies,
      files: {
        'package.json': '{ "private": true, "type": "module" }',
        'tsconfig.json': JSON.stringify({ compilerOptions }),
        'app.ts': app,
        'ask-todolist.ts': source('ask-todolist', 'typescript'),
        'start.ts': start,
      },
    })
    await project.run('tsc', [])
    expect(JSON.parse(await project.run('node', ['out/start.js']))).toEqual(answers)
  })
})
