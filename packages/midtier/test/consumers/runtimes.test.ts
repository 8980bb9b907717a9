// The packed package where it is not this Node that runs it: two other Nodes, Bun, Deno and workerd, each a process that is asked over HTTP.
import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { onThisMachine } from './quick-start.ts'
import { bundler, bundling, programs, runtimes, worker } from './runtimes.ts'
import { documented, inForm } from './sources.ts'

function workersQuickStart(): string {
  const page = readFileSync(new URL('../../../../docs/edge.md', import.meta.url), 'utf8')
  const [, block] = /^## Cloudflare Workers\n\n```js\n([\s\S]*?)^```$/m.exec(page) ?? []
  if (block === undefined) throw new Error('the page shows nothing for Workers')
  return block
}

const project = consumer({
  dependencies: runtimes,
  files: {
    ...programs('runtime-api', 'runtime-world', 'runtime-process', 'runtime-scenario', 'runtime-quick-start'),
    ...bundler,
    'worker.mjs': worker,
    'quick-start.mjs': inForm(onThisMachine(documented('docs/frameworks/fetch.md', 'Quick start')), 'module'),
    'quick-start-workers.mjs': onThisMachine(workersQuickStart()),
    'quick-start-bun.mjs': `
      import program from './quick-start.mjs'
      console.log('listening on ' + Bun.serve({ ...program, port: 0, hostname: '127.0.0.1' }).port)
    `,
  },
})

/** What everybody is answered, whatever runs. */
const everywhere = {
  alice: ['200 Alice Adams', '200 Alice Adams', '200 Alice Adams'],
  again: '200 Alice Adams',
  nobody: '401 token_missing challenge',
  'nobody, by the index': '401 token_missing challenge',
  'a forged token': '401 signature challenge',
  'without the scope': '403 scopes challenge',
  relayed: '200 Alice Adams',
  crowd: [],
  'a second factor': '401 claims_required claims',
  'a second factor, relayed': '401 claims_required claims',
}

interface Found {
  readonly runs?: string
  readonly exchanges: number
  readonly exchangesAgain: number
}

async function found(runtime: string, file: string, listener = 'http'): Promise<Found> {
  return JSON.parse(await project.run('node', ['runtime-scenario.mjs', runtime, file, listener])) as Found
}

describe('the same program', () => {
  test.for([
    ['node-20', 'node.mjs', process.versions.node],
    ['node-22', 'node.mjs', '22.23.3'],
    ['node-24', 'node.mjs', '24.21.0'],
    ['node-26', 'node.mjs', '26.10.0'],
    ['bun', 'bun.mjs', '1.4.5'],
    ['deno', 'deno.mjs', '2.9.6'],
  ] as const)('on %s: who calls, who is refused, on whose behalf', async ([runtime, file, version]) => {
    expect(await found(runtime, file)).toEqual({
      ...everywhere,
      runs: `${runtime.split('-')[0]} ${version}`,
      exchanges: 1,
      exchangesAgain: 1,
    })
  })

  test('on workerd: who calls, who is refused, on whose behalf', async () => {
    const imports = await project.run('node', bundling('worker.mjs', 'worker.bundle.mjs'))
    expect(JSON.parse(imports)).toEqual(['cloudflare:workers', 'node:async_hooks']) // the latter for `midtier/context`
    const { exchanges, exchangesAgain, ...rest } = await found('workerd', 'worker.bundle.mjs')
    expect(rest).toEqual(everywhere)
    // Each of the first requests may have asked for itself; who comes later is given what they got.
    expect(exchanges).toBeGreaterThan(0)
    expect(exchangesAgain).toBe(exchanges)
  })

  // The emulator's CA vouches for this machine alone, which BoringSSL (Bun, workerd) checks by the name and not by the address.
  test.for([
    ['node-26', 'node.mjs'],
    ['bun', 'bun.mjs'],
    ['deno', 'deno.mjs'],
    ['workerd', 'worker.bundle.mjs'],
  ] as const)('on %s, over https by the emulator’s CA', async ([runtime, file]) => {
    if (file.includes('bundle')) await project.run('node', bundling('worker.mjs', file))
    expect(await found(runtime, file, 'https')).toMatchObject(everywhere)
  })
})

describe('the quick starts of docs/frameworks/fetch.md and docs/edge.md', () => {
  test.for([
    ['bun', 'quick-start-bun.mjs'],
    ['deno serve', 'quick-start.mjs'],
    ['workerd with nodejs_compat', 'quick-start.bundle.mjs'], // for the addresses that stand in the place of Contoso's
  ] as const)('answers on %s', async ([runtime, file]) => {
    if (file.includes('bundle'))
      expect(await project.run('node', bundling('quick-start-workers.mjs', file))).toBe(
        '["cloudflare:workers"]\n',
      )
    const answers = await project.run('node', ['runtime-quick-start.mjs', runtime, file])
    expect(JSON.parse(answers)).toEqual([200, 'Alice Adams', 401, true])
  })
})
