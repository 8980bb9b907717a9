// Two copies in one process, which are ordinary: a second install in a monorepo, the CommonJS build beside the modules. The API is made by
// one, the adapter comes from the other, and every refusal keeps its status.
import { describe, expect } from 'vitest'
import { consumer, midtierTarball, test } from './consumer.ts'

/** A middle tier of one copy behind the adapter of another. */
const program = (core: string, adapter: string): string => `
  const express = require('express')
  const { createEmulator } = require('@midtier/emulator')
  const { clientSecret, createWebApi } = require('${core}')
  const { protect, renderErrors } = require('${adapter}')
  if (createWebApi === require('midtier').createWebApi && protect === require('midtier/express').protect)
    throw new Error('this is one copy')

  async function main() {
    const emulator = await createEmulator()
    const api = createWebApi({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      instance: emulator.origin,
      clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
      downstreamApis: { graph: { baseUrl: emulator.origin + '/v1.0/', scopes: ['User.Read'] } },
    })
    const app = express()
    app.get('/me', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
      res.json(await req.caller.downstream('graph').getJson('me'))
    })
    app.get('/roles', protect(api, { roles: ['Admin'] }), (req, res) => res.end())
    app.use(renderErrors())
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const token = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: 'a0000000-0000-4000-8000-000000000001',
      audience: 'a0000000-0000-4000-8000-000000000002',
      scopes: ['access_as_user'],
    })
    const ask = async (path, headers = { authorization: 'Bearer ' + token }) =>
      (await fetch('http://127.0.0.1:' + server.address().port + path, { headers })).status
    const found = [await ask('/me', {}), await ask('/me', { authorization: 'Bearer a.b.c' }), await ask('/roles')]
    const outage = emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503 } })
    found.push(await ask('/me'))
    outage.remove()
    console.log(found.join(' '))
    process.exit()
  }
  main()
`

describe('two copies of midtier', () => {
  test.for([
    [
      'the CommonJS build beside the modules',
      '../node_modules/midtier/dist/cjs/index.cjs',
      'midtier/express',
    ],
    [
      'the modules beside the CommonJS build',
      'midtier',
      '../node_modules/midtier/dist/cjs/adapters/express.cjs',
    ],
    ['a second install', 'second-midtier', 'midtier/express'],
  ] as const)('%s: every refusal keeps its status', async ([, core, adapter]) => {
    const project = consumer({
      dependencies: { express: '5.3.0', 'second-midtier': midtierTarball() },
      files: { 'index.cjs': program(core, adapter) },
    })
    expect(await project.run('node', ['index.cjs'])).toBe('401 401 403 503\n')
  })
})
