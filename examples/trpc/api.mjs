// @ts-check
// A tRPC API: procedures ask Microsoft Graph as whoever calls, and what is refused keeps its status and its challenge.
import { serve } from '@hono/node-server'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { answer, clientSecret, createWebApi, render } from 'midtier'
import { protect } from 'midtier/fetch'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})

/** @typedef {{ caller: import('midtier').Caller<'graph'> }} Context */
/** @type {ReturnType<typeof initTRPC.context<Context>>} */
const builder = initTRPC.context()
const t = builder.create({
  // A message of midtier is for the owner: the client gets the one for callers.
  errorFormatter: ({ shape, error }) => {
    const answered = render(error.cause)
    if (answered === undefined) return shape
    const { reason, detail } = JSON.parse(answered.body ?? '{}')
    return { ...shape, message: detail, data: { code: error.code, httpStatus: answered.status, reason } }
  },
})
const router = t.router({
  me: t.procedure.query(async ({ ctx }) => {
    /** @type {{ displayName: string }} */
    const { displayName } = await ctx.caller.downstream('graph').getJson('me')
    return displayName
  }),
})
/** @typedef {typeof router} Router */

const handler = protect(api, { scopes: ['access_as_user'] }, (req, caller) =>
  fetchRequestHandler({
    endpoint: '/trpc',
    req,
    router,
    createContext: () => ({ caller }),
    responseMeta: ({ errors }) => {
      const [answered] = errors.flatMap(({ cause }) => answer(cause) ?? [])
      if (answered === undefined) return {}
      const headers = new Headers({ ...answered.headers, 'content-type': 'application/json' })
      return { status: answered.status, headers }
    },
  }),
)

serve({ fetch: handler, port: Number(PORT), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
)
