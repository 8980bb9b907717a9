// @ts-check
// Web-standard handlers, and nothing of a platform: what each of them does with these is in README.md.
import { clientSecret, createWebApi, requireAuthContext } from 'midtier'
import { protect, renderErrors } from 'midtier/fetch'

// Options that are read when the first request comes need no secret where the program is built.
const api = createWebApi(() => ({
  tenantId: process.env['TENANT_ID'] ?? '',
  clientId: process.env['CLIENT_ID'] ?? '',
  clientCredential: clientSecret(process.env['CLIENT_SECRET']),
  instance: process.env['INSTANCE'],
  downstreamApis: {
    graph: {
      baseUrl: process.env['GRAPH_URL'] ?? 'https://graph.microsoft.com/v1.0/',
      scopes: ['User.Read'],
    },
  },
}))

/** What is in the account. */
const readAccount = protect(api, { scopes: ['access_as_user'] }, () => Response.json({ balance: 120 }))

/** Money leaves it: only for somebody who has just proven more than a password. */
const stepUp = { scopes: ['access_as_user'], ...requireAuthContext('c1') }
const pay = protect(api, stepUp, async (request, caller) => {
  const { amount } = await request.json().catch(() => ({}))
  if (!(amount > 0)) return Response.json({ title: 'amount: a number above 0' }, { status: 422 })
  /** @type {{ displayName: string }} */
  const { displayName } = await caller.downstream('graph').getJson('me')
  return Response.json({ paid: amount, by: displayName }, { status: 201 })
})

/** @param {Request} request */
const route = (request) => {
  const { pathname } = new URL(request.url)
  if (pathname === '/account' && request.method === 'GET') return readAccount(request)
  if (pathname === '/payments' && request.method === 'POST') return pay(request)
  return Response.json({ title: 'Not Found' }, { status: 404 })
}

export default { fetch: renderErrors(route) }
