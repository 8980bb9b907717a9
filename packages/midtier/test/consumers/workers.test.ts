// Cloudflare Workers end what a request began together with that request: no request waits for what another one began.
import { expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { bundler, bundling, programs, runtimes } from './runtimes.ts'

/** A worker whose clock can be put ahead, with and without `waitUntil`, and a route that calls out three times at once. */
const worker = `
  import { env, waitUntil } from 'cloudflare:workers'
  import { createHandler } from './runtime-api.mjs'
  let aheadMs = 0
  let renewed = 0
  const options = {
    clock: { nowMs: () => Date.now() + aheadMs },
    observer: ({ type, reason }) => {
      if (type === 'token_acquired' && reason === 'refreshed_ahead') renewed += 1
    },
  }
  const [plain, kept] = [createHandler(env, options), createHandler(env, { ...options, waitUntil })]
  export default {
    fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      aheadMs = Number(searchParams.get('aheadMs') ?? aheadMs)
      if (pathname === '/renewed') return Response.json({ renewed })
      return searchParams.has('kept') ? kept(request) : plain(request)
    },
  }
`

test('no request waits for what another one began', async () => {
  const project = consumer({
    dependencies: runtimes,
    files: {
      ...programs('runtime-api', 'runtime-world', 'runtime-process', 'worker-scenario'),
      ...bundler,
      'worker.mjs': worker,
    },
  })
  await project.run('node', bundling('worker.mjs', 'worker.bundle.mjs'))
  const cold = { second: 200, third: 200, more: 0 }
  expect(JSON.parse(await project.run('node', ['worker-scenario.mjs', 'worker.bundle.mjs']))).toEqual({
    'cold, discovery': cold,
    'cold, keys': cold,
    'cold, token': cold,
    'one request, three calls': { status: 200, exchanges: 1 },
    'a renewal that ends with its request': { renewing: 200, over: 200 },
    'a renewal that is kept alive': { renewing: 200, over: 200, exchanges: 2 },
  })
})
