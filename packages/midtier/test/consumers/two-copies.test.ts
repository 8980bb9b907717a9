// Two copies in one process, which are ordinary: a second install in a monorepo, the CommonJS build beside the modules, one of them by
// `require` and the other by `import`. The API is made by one, the adapter comes from the other, and every refusal is answered the same.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { express5 } from './dependencies.ts'

/** A middle tier of one copy behind the adapter of another: what each caller is answered. */
const middleTier = `
  const express = require('express')
  const { createEmulator } = require('@midtier/emulator')

  exports.ask = async ({ createWebApi }, { explainToken, clientSecret }, { handle, protect, renderErrors }) => {
    const emulator = await createEmulator()
    const downstream = await new Promise((resolve) => {
      const server = express().use((req, res) => void res.status(404).end()).listen(0, '127.0.0.1', () => resolve(server))
    })
    const create = (options) => createWebApi({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      instance: emulator.origin,
      clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
      downstreamApis: {
        graph: { baseUrl: emulator.origin + '/v1.0/', scopes: ['User.Read'] },
        todolist: {
          baseUrl: 'http://127.0.0.1:' + downstream.address().port,
          scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'],
        },
      },
      resilience: { maxRetries: 0 },
      ...options,
    })
    const api = create()
    const app = express()
    const get = (path, requirements, handler, of = api) => app.get(path, protect(of, requirements), handle(handler))
    get('/me', {}, async (req, res) => void res.json(await req.caller.downstream('graph').getJson('me')))
    get('/todos', {}, async (req, res) => void res.json(await req.caller.downstream('todolist').getJson('todos')))
    get('/silent', {}, async (req) => void (await req.caller.acquireTokenSilent({ scopes: ['Mail.Read'] })))
    get('/unknown', {}, async (req) => void (await req.caller.downstream('nobody').getJson('x')))
    get('/scope', { scopes: ['Tasks.Write'] }, (req, res) => void res.end())
    get('/role', { roles: ['Admin'] }, (req, res) => void res.end())
    get('/own', { check: (_, caller) => caller.acquireToken({ scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] }) }, (req, res) => void res.end())
    const later = createWebApi(() => ({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      instance: emulator.origin,
    }))
    get('/later', {}, (req, res) => void res.json(req.caller.principal.scopes), later)
    get('/wrong-secret', {}, async (req, res) => void res.json(await req.caller.downstream('graph').getJson('me')),
      create({ clientCredential: clientSecret('wrong') }))
    app.get('/unprotected', (req, res) => void res.json(req.caller.principal))
    app.use(renderErrors())
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const mint = (user) => emulator.mint({
      user: user + '@contoso.onmicrosoft.com',
      client: 'a0000000-0000-4000-8000-000000000001',
      audience: 'a0000000-0000-4000-8000-000000000002',
      scopes: ['access_as_user'],
    })
    const [alice, bob] = [await mint('alice'), await mint('bob')]
    const found = { logged: [] }
    console.error = (line) => void found.logged.push(line.split(' ').slice(1, 3).join(' '))
    console.warn = console.error
    async function ask(what, path, token) {
      const headers = token === undefined ? {} : { authorization: 'Bearer ' + token }
      const answer = await fetch('http://127.0.0.1:' + server.address().port + path, { headers })
      const { error, reason, claims } = await answer.json()
      const challenge = answer.headers.get('www-authenticate')
      const told = [answer.status, error, reason, claims && 'claims', challenge && 'challenge', answer.headers.has('retry-after') && 'retry']
      found[what] = told.filter(Boolean).join(' ')
    }
    found.explained = (await explainToken(later, alice)).verdict
    await ask('let in', '/me', alice)
    await ask('by options that come later', '/later', alice)
    await ask('without a token', '/me')
    await ask('with a token that is none', '/me', 'a.b.c')
    await ask('without the scope', '/scope', alice)
    await ask('without the role', '/role', alice)
    await ask('nothing downstream', '/todos', alice)
    await ask('nothing in the cache', '/silent', alice)
    await ask('an API that is not there', '/unknown', alice)
    await ask('a route without protect', '/unprotected', alice)
    await ask('a secret that is wrong', '/wrong-secret', bob)
    emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    await ask('MFA in the handler', '/todos', bob)
    await ask('MFA in the check of a route', '/own', bob)
    emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503 } })
    await ask('an outage', '/me', bob)
    for (const each of [server, downstream]) each.close()
    await api.close()
    await emulator.stop()
    return found
  }
`

const answers = {
  'let in': '200',
  'by options that come later': '200',
  'without a token': '401 token_missing challenge',
  'with a token that is none': '401 invalid_token not_base64url challenge',
  'without the scope': '403 insufficient_scope scopes challenge',
  'without the role': '403 insufficient_scope roles challenge',
  'nothing downstream': '404',
  'nothing in the cache': '401 invalid_token no_token_cached challenge',
  'an API that is not there': '500',
  'a route without protect': '500',
  'a secret that is wrong': '500',
  'MFA in the handler': '401 insufficient_claims claims_required claims challenge',
  'MFA in the check of a route': '401 insufficient_claims claims_required claims challenge',
  'an outage': '503 retry',
  explained: 'accepted',
  logged: [
    '500 acquisition_impossible:',
    '500 configuration_invalid:',
    '500 token_request_refused:',
    '503 authority_unavailable:',
  ],
}

/** name, the copy that makes the API, the copy whose adapter is in front */
const pairs = [
  ['one copy', `import('midtier')`, `import('midtier/express')`],
  ['a second install in front, imported', `require('midtier')`, `import('second-midtier/express')`],
  ['a second install behind, imported', `import('second-midtier')`, `require('midtier/express')`],
  [
    'the CommonJS build in front',
    `import('midtier')`,
    `require('../node_modules/midtier/dist/cjs/express.cjs')`,
  ],
  [
    'the CommonJS build behind',
    `require('../node_modules/midtier/dist/cjs/index.cjs')`,
    `import('midtier/express')`,
  ],
] as const

describe('two copies of midtier', () => {
  test('answer every failure as one does, and say it once in the log', async () => {
    const project = consumer({
      dependencies: express5,
      files: {
        'middle-tier.cjs': middleTier,
        'index.mjs': `
          import { createRequire } from 'node:module'
          import { ask } from './middle-tier.cjs'
          const require = createRequire(import.meta.url)
          const copies = new Set([require('midtier'), await import('second-midtier'), require('../node_modules/midtier/dist/cjs/index.cjs')]
            .map(({ createWebApi }) => createWebApi))
          const found = { copies: copies.size }
          ${pairs
            .map(
              ([name, core, adapter]) =>
                `found['${name}'] = await ask(await ${core}, await import('midtier'), await ${adapter})`,
            )
            .join('\n')}
          console.log(JSON.stringify(found))
        `,
      },
    })
    expect(JSON.parse(await project.run('node', ['index.mjs']))).toEqual({
      copies: 3,
      ...Object.fromEntries(pairs.map(([name]) => [name, answers])),
    })
  })
})
