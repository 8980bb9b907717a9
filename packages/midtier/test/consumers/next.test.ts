// Next.js 16 as a user has it: the files of docs/frameworks/fetch.md and a route that the proxy alone guards, built where no secret is, and run.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { onThisMachine } from './quick-start.ts'
import { allDocumented, routeAnswers, source } from './sources.ts'

const dependencies = {
  '@types/node': '20.19.43',
  '@types/react': '19.3.3',
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  typescript: '5.9.3',
}

const metadata = '/.well-known/oauth-protected-resource/todos'

/** Every file that the page shows, by the name in its first line. */
const shown = Object.fromEntries(
  allDocumented('docs/frameworks/fetch.md', 'Next.js').map((text) => {
    const [, path = ''] = /^\/\/ (\S+)\n/.exec(text) ?? []
    return [path, path === 'lib/api.ts' ? onThisMachine(text) : text]
  }),
)

const project = consumer({
  dependencies,
  files: {
    // The projects of this suite share one node_modules, above themselves.
    'next.config.mjs': `export default { turbopack: { root: new URL('..', import.meta.url).pathname } }`,
    // As `create-next-app` writes it; Next.js adds what else it needs.
    'tsconfig.json': JSON.stringify({
      compilerOptions: { strict: true, skipLibCheck: true, paths: { '@/*': ['./*'] } },
      include: ['**/*.ts'],
    }),
    ...shown,
    'app/guarded/route.ts': `export const GET = () => new Response('let through')`,
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
    console.log(JSON.stringify(await askRoutes(start, ['/todos/7', '/guarded', '${metadata}'])))
    process.exit()
  `
}

// One registry is asked, and nobody else.
const quiet = { NEXT_TELEMETRY_DISABLED: '1' }

const answers = {
  ...routeAnswers('/todos/7', '/api/todos/7'),
  'nobody at /guarded': '401 application/problem+json bearer without an error',
  'alice at /guarded': '200 text/plain let through',
  [`nobody at ${metadata}`]: expect.stringMatching(
    /^200 application\/json \{"resource":"https:\/\/api\.contoso\.com\/todos",/,
  ),
  [`alice at ${metadata}`]: expect.stringMatching(/^200 application\/json /),
}

describe('a Next.js application', () => {
  test('has the files that the page shows', () => {
    expect(Object.keys(shown)).toEqual([
      'lib/api.ts',
      'app/todos/[id]/route.ts',
      'app/.well-known/oauth-protected-resource/[[...path]]/route.ts',
      'proxy.ts',
    ])
  })

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
