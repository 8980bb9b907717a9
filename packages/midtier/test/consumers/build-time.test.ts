// A web framework that loads every module of an application while it builds it, where no secrets are; Next.js does. As
// docs/validating-tokens.md shows it: the API stands at module level, its options come later.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { express5 } from './dependencies.ts'
import { documented, inForm } from './sources.ts'

// The tenant of the emulator is the one of the page; where it answers is this machine's affair.
const auth = documented('docs/validating-tokens.md', 'Options that come later').replace(
  /^( *)tenantId:.*$/m,
  `$&\n$1instance: process.env['INSTANCE'] ?? '',`,
)

const files = {
  'auth.mjs': inForm(auth, 'module'),
  // A route handler as web standards have it, and beside it routes of Express in the same application.
  'route.mjs': `
    import { isMidtierError, render } from 'midtier'
    import { api } from './auth.mjs'

    export async function GET(request) {
      try {
        const { method, url } = request
        const caller = await api.authenticate({ header: (name) => request.headers.get(name) ?? undefined, method, url })
        const { accessToken } = await caller.acquireToken({ scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] })
        return Response.json({ name: caller.principal.claims.name, acquired: accessToken.length > 100 })
      } catch (error) {
        const { body, ...rest } = render(error) ?? {}
        if (!isMidtierError(error)) throw error
        return new Response(body, rest)
      }
    }
  `,
  'routes.mjs': `
    import express from 'express'
    import { handle, protect, renderErrors } from 'midtier/express'
    import { api } from './auth.mjs'

    export const routes = express.Router()
    routes.get('/', protect(api, { scopes: ['access_as_user'] }), handle(async (req, res) => {
      res.json(req.caller.principal.scopes)
    }))
    routes.use(renderErrors())
  `,
  'build.mjs': `
    const modules = await Promise.all(['./route.mjs', './routes.mjs'].map((path) => import(path)))
    console.log(modules.flatMap(Object.keys).join(' '))
  `,
  'start.mjs': `
    import { createEmulator } from '@midtier/emulator'
    import express from 'express'
    import { api } from './auth.mjs'
    import { GET } from './route.mjs'
    import { routes } from './routes.mjs'

    const emulator = await createEmulator()
    const token = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: 'a0000000-0000-4000-8000-000000000001',
      audience: 'a0000000-0000-4000-8000-000000000002',
      scopes: ['access_as_user'],
    })
    const headers = { authorization: 'Bearer ' + token }
    const server = express().use(routes).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const url = 'http://127.0.0.1:' + server.address().port
    const said = async (answer) => [(await answer).status, await (await answer).text()]

    process.env.INSTANCE = emulator.origin
    const found = { 'warm-up without secrets': await api.warmUp().catch(({ code, option }) => [code, option]) }
    found['a request without secrets'] = (await fetch(url, { headers })).status
    process.env.CLIENT_SECRET = 'middle-tier-secret-for-local-use-only'
    await api.warmUp()
    found['a route handler'] = await said(GET(new Request('http://localhost/', { headers })))
    found['nobody'] = (await GET(new Request('http://localhost/'))).headers.get('www-authenticate') !== null
    found['a route of Express'] = await said(fetch(url, { headers }))
    server.close()
    await api.close()
    await emulator.stop()
    console.log(JSON.stringify(found))
  `,
}

describe('an API at module level, whose options come later', () => {
  const project = consumer({ dependencies: express5, files })

  test('is loaded where no secrets are', async () => {
    expect(await project.run('node', ['build.mjs'])).toBe('GET routes\n')
  })

  test('says what is missing when it starts without them, and answers with them', async () => {
    expect(JSON.parse(await project.run('node', ['start.mjs']))).toEqual({
      'warm-up without secrets': ['configuration_invalid', 'clientCredential'],
      'a request without secrets': 500,
      'a route handler': [200, JSON.stringify({ name: 'Alice Adams', acquired: true })],
      nobody: true,
      'a route of Express': [200, '["access_as_user"]'],
    })
  })
})
