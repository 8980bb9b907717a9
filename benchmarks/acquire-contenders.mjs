// The contenders of acquiring: midtier, @azure/msal-node and @azure/identity, set up as their guides say, with a network handed in.
import { ClientSecretCredential, OnBehalfOfCredential } from '@azure/identity'
import { ConfidentialClientApplication } from '@azure/msal-node'
import { createHttpHeaders } from '@azure/core-rest-pipeline'
import { clientSecret, createWebApi } from '../packages/midtier/build/index.js'
import { inProcess, jsonHeaders, optionsOf } from './acquire-midtier.mjs'
import {
  appScope,
  authority,
  clientId,
  clientSecretText,
  readDocument,
  tenantId,
  userScope,
} from './acquire-tokens.mjs'

export { inProcess, midtierApp, midtierUser, requestOf } from './acquire-midtier.mjs'

export function createMidtier(jwks, settings) {
  return createWebApi({ ...optionsOf(jwks, settings), clientCredential: clientSecret(clientSecretText) })
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
    headers: createHttpHeaders(jsonHeaders),
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
