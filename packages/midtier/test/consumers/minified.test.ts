// An API as a function in a cloud gets it: one CommonJS file, minified. Its errors keep their names, and it works with Node's own
// cryptography and Node's own HTTP client, as it would unbundled.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { express5 } from './dependencies.ts'

const files = {
  'app.mjs': `
    import express from 'express'
    import { clientSecret, createWebApi, isMidtierError } from 'midtier'
    import { protect, renderErrors } from 'midtier/express'

    export async function fail(instance, token, outage) {
      const create = (options) => createWebApi({
        tenantId: 'contoso.onmicrosoft.com',
        clientId: 'a0000000-0000-4000-8000-000000000002',
        instance,
        clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
        downstreamApis: { graph: { baseUrl: instance + '/v1.0/', scopes: ['User.Read'] } },
        resilience: { maxRetries: 0 },
        ...options,
      })
      const api = create()
      const enter = (api, header = 'Bearer ' + token) => api.authenticate({ header: (name) => name === 'authorization' ? header : undefined })
      const graph = async (api) => (await enter(api)).downstream('graph')
      const names = []
      const record = (work) => work().then(
        () => names.push('none'),
        (error) => names.push(isMidtierError(error) ? error.name + ' ' + error.code : String(error)),
      )
      const todo = { scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] }
      await record(async () => (await graph(api)).getJson('me'))
      await record(() => enter(api, 'Bearer a.b.c'))
      await record(async () => (await graph(api)).getJson('nobody'))
      await record(async () => create({ clientId: 'nobody' }))
      await record(async () => (await enter(api)).downstream('nobody').getJson('x'))
      await record(async () => (await enter(create({ clientCredential: clientSecret('wrong') }))).acquireToken(todo))
      await record(async () => (await enter(api)).acquireToken(todo))
      outage()
      await record(async () => (await enter(create())).acquireToken(todo))
      return names
    }

    export function createApp(instance) {
      const api = createWebApi({ tenantId: 'contoso.onmicrosoft.com', clientId: 'a0000000-0000-4000-8000-000000000002', instance })
      const app = express()
      app.get('/', protect(api), (req, res) => void res.json(req.caller.principal.scopes))
      app.use(renderErrors())
      return app
    }
  `,
  // Everything that the bundle asks over the network, by way; and every call into WebCrypto.
  'run.cjs': `
    const { subscribe } = require('node:diagnostics_channel')
    const { createEmulator } = require('@midtier/emulator')
    const [bundle] = process.argv.slice(2)
    async function main() {
      const emulator = await createEmulator()
      const token = await emulator.mint({
        user: 'alice@contoso.onmicrosoft.com',
        client: 'a0000000-0000-4000-8000-000000000001',
        audience: 'a0000000-0000-4000-8000-000000000002',
        scopes: ['access_as_user'],
      })
      const found = { http: new Set(), fetch: new Set(), webCrypto: new Set() }
      const lastOf = (path) => path.split('/').at(-1)
      subscribe('http.client.request.start', ({ request }) => found.http.add(lastOf(request.path)))
      subscribe('undici:request:create', ({ request }) => found.fetch.add(lastOf(request.path)))
      for (const name of ['verify', 'digest', 'importKey', 'encrypt', 'decrypt', 'sign']) {
        const original = crypto.subtle[name]
        Object.getPrototypeOf(crypto.subtle)[name] = function (...given) {
          if (new Error().stack.includes(bundle)) found.webCrypto.add(name)
          return original.apply(this, given)
        }
      }
      const { createApp, fail } = require('./' + bundle)
      emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
      const names = await fail(emulator.origin, token, () => emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503 } }))
      const asked = Object.fromEntries(Object.entries(found).map(([way, paths]) => [way, [...paths].sort()]))
      const server = createApp(emulator.origin).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const ask = async (headers) => (await fetch('http://127.0.0.1:' + server.address().port, { headers })).status
      const served = [await ask({ authorization: 'Bearer ' + token }), await ask({})]
      server.close()
      await emulator.stop()
      console.log(JSON.stringify({ ...asked, names, served }))
    }
    main()
  `,
  'webpack.cjs': `
    const bundled = require('webpack')({
      mode: 'production',
      target: 'node',
      entry: './app.mjs',
      externals: { express: 'commonjs express' },
      output: { path: __dirname, filename: 'webpack-bundle.cjs', library: { type: 'commonjs2' } },
    })
    bundled.run((error, stats) => {
      if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString())
      bundled.close(() => undefined)
    })
  `,
}

const bundlers = [
  [
    'esbuild',
    'esbuild',
    ['--bundle', '--minify', '--platform=node', '--format=cjs', '--outfile=esbuild-bundle.cjs', 'app.mjs'],
  ],
  [
    'rolldown',
    'rolldown',
    ['--minify', '--platform', 'node', '--format', 'cjs', '--file', 'rolldown-bundle.cjs', 'app.mjs'],
  ],
  ['webpack', 'node', ['webpack.cjs']],
] as const

describe('a minified bundle in CommonJS', () => {
  test.for(bundlers)('of %s runs', async ([bundler, command, args]) => {
    const project = consumer({ dependencies: express5, files })
    await project.run(command, args)
    expect(JSON.parse(await project.run('node', ['run.cjs', `${bundler}-bundle.cjs`]))).toEqual({
      http: ['keys', 'openid-configuration', 'token'],
      fetch: ['me', 'nobody'],
      webCrypto: [],
      names: [
        'none',
        'BearerError bearer_refused',
        'DownstreamError downstream_failed',
        'ConfigurationError configuration_invalid',
        'AcquisitionError acquisition_impossible',
        'TokenRequestError token_request_refused',
        'InteractionRequiredError interaction_required',
        'AuthorityUnavailableError authority_unavailable',
      ],
      served: [200, 401],
    })
  })
})
