// @ts-check
// A GraphQL API: each resolver asks Microsoft Graph as whoever queries, with no more permission than its field takes.
import { serve } from '@hono/node-server'
import { GraphQLError } from 'graphql'
import { createSchema, createYoga, maskError } from 'graphql-yoga'
import { answer, clientSecret, createWebApi, isMidtierError } from 'midtier'
import { protect } from 'midtier/fetch'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/', CONSENT_REDIRECT_URI } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  consentRedirectUri: CONSENT_REDIRECT_URI,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})

/** @typedef {{ caller: import('midtier').Caller<'graph'> }} Context */
/** @typedef {{ displayName: string }} Person */

/** @type {ReturnType<typeof createSchema<Context>>} */
const schema = createSchema({
  typeDefs: `
    type Person { displayName: String! }
    type Query { me: Person, colleagues: [Person!] }
  `,
  resolvers: {
    Query: {
      /** @type {(parent: unknown, args: object, context: Context) => Promise<Person>} */
      me: (_parent, _args, { caller }) => caller.downstream('graph').getJson('me'),
      /** @type {(parent: unknown, args: object, context: Context) => Promise<Person[]>} */
      colleagues: async (_parent, _args, { caller }) => {
        const options = { scopes: ['User.ReadBasic.All'] }
        /** @type {{ value: Person[] }} */
        const { value } = await caller.downstream('graph').getJson('users?$select=displayName', options)
        return value
      },
    },
  },
})

/** What a caller can act on keeps its status and its challenge. @type {typeof maskError} */
function keepChallenge(error, message) {
  if (!(error instanceof GraphQLError)) return maskError(error, message)
  const answered = answer(error.originalError)
  if (answered === undefined) return maskError(error, message)
  const { reason, detail } = JSON.parse(answered.body ?? '{}')
  const headers = { ...answered.headers, 'content-type': 'application/json' }
  const extensions = { reason, http: { status: answered.status, headers } }
  const { nodes = null, path = null } = error
  return new GraphQLError(detail, { nodes, path, extensions })
}

/** Yoga prints what it masks. What is the owner's to fix `answer` has said; a challenge is nobody's fault. */
const logging = {
  ...console,
  debug: () => undefined,
  /** @param {unknown} error */
  error: (error) => {
    if (!(error instanceof GraphQLError && isMidtierError(error.originalError))) console.error(error)
  },
}

/** @type {ReturnType<typeof createYoga<Context>>} */
const yoga = createYoga({ schema, logging, maskedErrors: { maskError: keepChallenge } })
const handler = protect(api, { scopes: ['access_as_user'] }, (request, caller) =>
  yoga.fetch(request, { caller }),
)

serve({ fetch: handler, port: Number(PORT), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
)
