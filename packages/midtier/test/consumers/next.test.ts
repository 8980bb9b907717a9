// Next.js 16 as a user has it: the route of docs/frameworks/fetch.md and a proxy in front of another, built where no secret is, and run.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { onThisMachine } from './quick-start.ts'
import { documented, routeAnswers, source } from './sources.ts'

const dependencies = {
  '@types/node': '20.19.43',
  '@types/react': '19.3.3',
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  typescript: '5.9.3',
}

const route = onThisMachine(documented('docs/frameworks/fetch.md', 'Next.js'))

const project = consumer({
  dependencies,
  files: {
    // The projects of this suite share one node_modules, above themselves.
    'next.config.mjs': `export default { turbopack: { root: new URL('..', import.meta.url).pathname } }`,
    'app/todos/[id]/route.ts': route,
    'app/guarded/route.ts': `export const GET = () => new Response('let through')`,
    'proxy.ts': `
      import { NextResponse } from 'next/server'
      ${route.replace(/^export const GET[\s\S]*/m, '')}
      export default protect(api, {}, () => NextResponse.next())
      export const config = { matcher: '/guarded' }
    `,
    'ask-routes.mjs': source('ask-routes', 'module'),
    'start-next.mjs': source('start-next', 'module'),
    'start.mjs': ask('start'),
    'dev.mjs': ask('dev'),
  },
})

function ask(command: string): string {
  return `
    import { askRoutes } from './ask-routes.mjs'
    import { startNext } from './start-next.mjs'
    const start = (around) => startNext('${command}', around)
    console.log(JSON.stringify(await askRoutes(start, ['/todos/7', '/guarded'])))
    process.exit()
  `
}

// One registry is asked, and nobody else.
const quiet = { NEXT_TELEMETRY_DISABLED: '1' }

const answers = {
  ...routeAnswers('/todos/7', '/api/todos/7'),
  'nobody at /guarded': '401 application/problem+json bearer without an error',
  'alice at /guarded': '200 text/plain let through',
}

describe('a Next.js application', () => {
  test('is built where no secret is, its types checked', async () => {
    const said = await project.run('next', ['build'], quiet)
    expect(said).toContain('Finished TypeScript')
    expect(said).toMatch(/ƒ \/guarded\s+└ ƒ \/todos\/\[id\]\s+ƒ Proxy/)
  })

  test('answers as any other server behind `next start`', async () => {
    expect(JSON.parse(await project.run('node', ['start.mjs'], quiet))).toEqual(answers)
  })

  test('and behind `next dev`', async () => {
    expect(JSON.parse(await project.run('node', ['dev.mjs'], quiet))).toEqual(answers)
  })
})
