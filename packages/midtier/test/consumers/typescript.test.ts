// Every entry point, typed and run, in every way in which a TypeScript of the last years may be told to find modules.
import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, unknown>
}
const entryPoints = [
  ...Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => path.replace('.', 'midtier')),
  '@midtier/emulator',
  '@midtier/emulator/testing',
]

/** Entry points of frameworks whose own declarations do not pass where the compiler looks into them, by its version. */
const unreadable: Readonly<Record<string, readonly string[]>> = {
  '5.4': ['midtier/fastify', 'midtier/hono', 'midtier/koa'],
  '7.0': ['midtier/koa'],
}
const entryPointsFor = (version: string): readonly string[] =>
  entryPoints.filter((name) => unreadable[version]?.includes(name) !== true)

/** Takes every entry point, refuses types that are `any`, and prints what came of it. */
const programOf = (entryPoints: readonly string[]): string => `
  import type { RequestHandler } from 'express'
  import { clientSecret, ConfigurationError, createWebApi, type Caller, type WebApi } from 'midtier'
  import { protect } from 'midtier/express'
  ${entryPoints.map((name, index) => `import * as entry${index} from '${name}'`).join('\n')}

  type IsAny<T> = 0 extends 1 & T ? true : false
  const isTyped = <T extends object>(_: IsAny<T> extends true ? never : T): boolean => true
  const entries: boolean[] = [${entryPoints.map((_, index) => `isTyped<typeof entry${index}>(entry${index})`).join(', ')}]

  const api = createWebApi({
    tenantId: 'contoso.com',
    clientId: 'a0000000-0000-4000-8000-000000000002',
    clientCredential: clientSecret('for-nobody-to-see'),
    downstreamApis: { graph: { baseUrl: 'https://graph.microsoft.com/v1.0/', scopes: ['User.Read'] } },
  })
  declare module 'midtier' {
    interface Register {
      api: typeof api
    }
  }
  const handlers: RequestHandler[] = [protect(api as WebApi), (req, res) => void res.json(req.caller.principal.scopes)]
  const isNamed = (caller: Caller<'graph'>): boolean => caller.downstream('graph') !== undefined
  handlers.push((req, res) => {
    // @ts-expect-error -- no such downstream API
    req.caller.downstream('grpah')
    res.json(isNamed(req.caller))
  })
  let refused = ''
  try {
    createWebApi({ tenantId: 'contoso.com', clientId: 'nobody' })
  } catch (error) {
    if (error instanceof ConfigurationError) refused = error.code
  }
  console.log(entries.length, handlers.length, refused)
`

const commonJs = 'user.cts'
const module = 'user.mts'
const both = [commonJs, module]

/** version, module, moduleResolution, the files that are compiled that way */
const ways: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['5.4', 'commonjs', 'node10', [commonJs]],
  ['5.4', 'esnext', 'node10', [module]],
  ['5.4', 'node16', 'node16', both],
  ['5.4', 'nodenext', 'nodenext', both],
  ['5.4', 'esnext', 'bundler', [module]],
  ['5.9', 'commonjs', 'node10', [commonJs]],
  ['5.9', 'node16', 'node16', both],
  ['5.9', 'node18', 'node16', both],
  ['5.9', 'node20', 'node16', both],
  ['5.9', 'nodenext', 'nodenext', both],
  ['5.9', 'esnext', 'bundler', [module]],
  ['6.0', 'commonjs', 'node10', [commonJs]],
  ['6.0', 'commonjs', 'bundler', [commonJs]],
  ['6.0', 'node16', 'node16', both],
  ['6.0', 'node18', 'node16', both],
  ['6.0', 'node20', 'node16', both],
  ['6.0', 'nodenext', 'nodenext', both],
  ['6.0', 'esnext', 'bundler', [module]],
  ['7.0', 'nodenext', 'nodenext', both],
  ['7.0', 'esnext', 'bundler', [module]],
]

// Our declarations stand where the compiler looks into them too; by the oldest and the newest, since that takes it twice as long.
const strictest: ReadonlySet<string> = new Set(['5.4', '7.0'])

const dependencies = {
  '@nestjs/common': '11.2.8',
  '@nestjs/core': '11.2.8',
  '@opentelemetry/api': '1.9.1',
  '@types/express': '5.0.6',
  '@types/koa': '3.0.3',
  '@types/node': '20.19.43',
  express: '5.3.0',
  fastify: '5.12.8',
  hono: '4.13.19',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  'typescript-5.4': 'npm:typescript@5.4.5',
  'typescript-5.9': 'npm:typescript@5.9.3',
  'typescript-6.0': 'npm:typescript@6.0.3',
  'typescript-7.0': 'npm:typescript@7.0.2',
}

describe('TypeScript', () => {
  test.for(ways)(
    '%s compiles for %s and %s, and the result runs',
    async ([version, kind, resolution, files]) => {
      const compilerOptions = {
        module: kind,
        moduleResolution: resolution,
        target: 'es2022',
        strict: true,
        lib: kind === 'esnext' ? ['es2022', 'dom'] : ['es2022'], // bundled for whatever platform, or for Node alone
        skipLibCheck: !strictest.has(version),
        types: ['node'],
        rootDir: '.',
        outDir: 'out',
        ...(version === '6.0' && resolution === 'node10' ? { ignoreDeprecations: '6.0' } : {}),
      }
      const project = consumer({
        dependencies,
        files: {
          [commonJs]: programOf(entryPointsFor(version)),
          [module]: programOf(entryPointsFor(version)),
          'tsconfig.json': JSON.stringify({ compilerOptions, files }),
        },
      })
      await project.run('node', [`../node_modules/typescript-${version}/bin/tsc`])
      for (const file of files) {
        const printed = await project.run('node', [`out/${file.replace('ts', 'js')}`])
        expect(printed).toBe(`${entryPointsFor(version).length} 3 configuration_invalid\n`)
      }
    },
  )
})
