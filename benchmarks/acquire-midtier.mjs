// How a web API of midtier is set up that the benches of acquiring ask for tokens: as its guide says, with a network handed in.
import {
  answerTokenRequest,
  appScope,
  clientId,
  readDocument,
  tenantId,
  userScope,
} from './acquire-tokens.mjs'

/** Answers token requests inside the process: `post(body)` gives the JSON text. */
export const inProcess = (body) => answerTokenRequest(body)

/** Bounds that hold every user. */
const room = 200_000

/** All but the credential; `maxCachedTokens` verified tokens are remembered. */
export function optionsOf(
  jwks,
  { post = inProcess, tokenCache = {}, maxCachedTokens = room, more = {} } = {},
) {
  const answer = async (init) => lightResponse(await post(init.body))
  return {
    tenantId,
    clientId,
    algorithms: ['ES256'],
    maxCachedTokens,
    tokenCache: { maxEntries: room, maxBytes: 2 ** 30, ...tokenCache },
    fetch: (url, init) =>
      init?.method === 'POST'
        ? answer(init)
        : Promise.resolve(Response.json(readDocument(String(url), jwks))),
    ...more,
  }
}

export const jsonHeaders = { 'content-type': 'application/json' }
const receivedHeaders = new Headers(jsonHeaders)

/** As much of a `Response` as midtier reads: making real ones would take most of the time of filling a cache. */
function lightResponse(text) {
  const body = [Buffer.from(text)]
  return { status: 200, type: 'default', headers: receivedHeaders, body }
}

export const midtierUser = { scopes: [userScope] }
export const midtierApp = { scopes: [appScope] }

/** What an adapter hands to `authenticate` for a request that carries this assertion. */
export function requestOf(assertion) {
  const field = `Bearer ${assertion}`
  return { method: 'GET', url: '/', header: (name) => (name === 'authorization' ? field : undefined) }
}
