// The runtimes that midtier is tried on, all from npm, and what each takes to serve the same program.
import type { Dependencies } from './install.ts'
import { source } from './sources.ts'

const node = `npm:node-${process.platform}-${process.arch}` // what the package `node` would download in an install script

/** Beside the Node that runs the tests. */
export const runtimes: Dependencies = {
  bun: '1.4.5',
  deno: '2.9.6',
  'node-22': `${node}@22.23.3`,
  'node-24': `${node}@24.21.0`,
  'node-26': `${node}@26.10.0`,
  rolldown: '1.2.19',
  workerd: '1.20261117.1',
}

/** Each says what runs, then where it listens. */
const servers: Readonly<Record<string, string>> = {
  'node.mjs': `
    import { createServer } from 'node:http'
    import { createHandler } from './runtime-api.mjs'
    const handle = createHandler(process.env)
    const server = createServer(async ({ url, method, headers }, response) => {
      const answer = await handle(new Request('http://' + headers.host + url, { method, headers }))
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
    })
    console.log('runs node ' + process.versions.node)
    server.listen(0, '127.0.0.1', () => console.log('listening on ' + server.address().port))
  `,
  'bun.mjs': `
    import { createHandler } from './runtime-api.mjs'
    console.log('runs bun ' + Bun.version)
    console.log('listening on ' + Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: createHandler(process.env) }).port)
  `,
  'deno.mjs': `
    import { createHandler } from './runtime-api.mjs'
    console.log('runs deno ' + Deno.version.deno)
    const onListen = ({ port }) => console.log('listening on ' + port)
    Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, createHandler(Deno.env.toObject()))
  `,
}

/** The same on Workers: a module that is made when nothing can be asked, and whose bindings are there from the start. */
export const worker = `
  import { env, waitUntil } from 'cloudflare:workers'
  import { createHandler } from './runtime-api.mjs'
  export default { fetch: createHandler(env, { waitUntil }) }
`

/** Programs in one project; what one of them imports of the others is found. */
export function programs(...names: readonly string[]): Readonly<Record<string, string>> {
  const written = names.map((name) => {
    const text = source(name, 'module').replaceAll(/from '\.\/([\w-]+)\.ts'/g, "from './$1.mjs'")
    return [`${name}.mjs`, text] as const
  })
  return { ...Object.fromEntries(written), ...servers }
}

/** How what workerd is given is bundled: for the web, by the conditions of Workers, as wrangler does. */
export function bundling(entry: string, file: string): readonly string[] {
  return ['bundle.mjs', entry, file]
}

/** The program for {@link bundling}. */
export const bundler = {
  'bundle.mjs': `
    import { rolldown } from 'rolldown'
    const [input, file] = process.argv.slice(2)
    const built = await rolldown({
      input,
      platform: 'browser',
      external: /^(?:node|cloudflare):/,
      resolve: { conditionNames: ['workerd', 'worker', 'browser', 'import'] },
    })
    const { output } = await built.write({ file, format: 'esm' })
    console.log(JSON.stringify(output.flatMap(({ imports }) => imports).sort()))
  `,
}
