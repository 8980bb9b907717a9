// The contenders of acquiring: midtier, @azure/msal-node and @azure/identity, set up as their guides say, with a network handed in.
import { ClientSecretCredential, OnBehalfOfCredential } from '@azure/identity'
import { ConfidentialClientApplication } from '@azure/msal-node'
import { createHttpHeaders } from '@azure/core-rest-pipeline'
import { clientSecret, createWebApi } from '../packages/midtier/build/index.js'
import {
  answerTokenRequest,
  appScope,
  authority,
  clientId,
  clientSecretText,
  readDocument,
  tenantId,
  userScope,
} from './acquire-tokens.mjs'

/** Answers token requests inside the process: `post(body)` gives the JSON text. */
export const inProcess = (body) => answerTokenRequest(body)

/** Bounds that hold every user. */
const room = 200_000

/** A web API that remembers `maxCachedTokens` verified tokens. */
export function createMidtier(
  jwks,
  { post = inProcess, tokenCache = {}, maxCachedTokens = room, more = {} } = {},
) {
  const answer = async (init) => lightResponse(await post(init.body))
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret(clientSecretText),
    algorithms: ['ES256'],
    maxCachedTokens,
    tokenCache: { maxEntries: room, maxBytes: 2 ** 30, ...tokenCache },
    fetch: (url, init) =>
      init?.method === 'POST'
        ? answer(init)
        : Promise.resolve(Response.json(readDocument(String(url), jwks))),
    ...more,
  })
}

const json = { 'content-type': 'application/json' }
const jsonHeaders = new Headers(json)

/** As much of a `Response` as midtier reads: making real ones would take most of the time of filling a cache. */
function lightResponse(text) {
  const body = [Buffer.from(text)]
  return { status: 200, type: 'default', headers: jsonHeaders, body }
}

export const midtierUser = { scopes: [userScope] }
export const midtierApp = { scopes: [appScope] }

/** What an adapter hands to `authenticate` for a request that carries this assertion. */
export function requestOf(assertion) {
  const field = `Bearer ${assertion}`
  return { method: 'GET', url: '/', header: (name) => (name === 'authorization' ? field : undefined) }
}

export function createMsal(post = inProcess) {
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      authority,
      clientSecret: clientSecretText,
      authorityMetadata: JSON.stringify(readDocument('/v2.0/', undefined)),
    },
    system: {
      networkClient: {
        sendGetRequestAsync: async (url) => ({
          status: 200,
          headers: {},
          body: readDocument(url, undefined),
        }),
        sendPostRequestAsync: async (_, { body }) => ({
          status: 200,
          headers: {},
          body: JSON.parse(await post(body)),
        }),
      },
    },
  })
}

export const msalUser = (assertion) => ({ oboAssertion: assertion, scopes: [userScope] })
export const msalApp = () => ({ scopes: [appScope] })

/** A credential is one user's: an application that caches keeps a map of them. */
export function createIdentityUser(assertion, post = inProcess) {
  return new OnBehalfOfCredential({ ...identityOptions(post), userAssertionToken: assertion })
}

export function createIdentityApp(post = inProcess) {
  return new ClientSecretCredential(tenantId, clientId, clientSecretText, identityOptions(post))
}

function identityOptions(post) {
  const sendRequest = async (request) => ({
    request,
    status: 200,
    headers: createHttpHeaders(json),
    bodyAsText:
      request.method === 'POST'
        ? await post(request.body)
        : JSON.stringify(readDocument(request.url, undefined)),
  })
  return {
    tenantId,
    clientId,
    clientSecret: clientSecretText,
    disableInstanceDiscovery: true,
    httpClient: { sendRequest },
    retryOptions: { maxRetries: 0 },
  }
}
