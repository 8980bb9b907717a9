// Unmodified openid-client and oauth4webapi redeem codes at one listener; in a process of its own, for NODE_EXTRA_CA_CERTS.
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'

const { origin, tenant, clientId, clientSecret, redirectUri, codes, verifier, nonce, state } = JSON.parse(
  process.argv[2],
)
const issuer = new URL(`${origin}/${tenant}/v2.0`)
const isPlain = issuer.protocol === 'http:'
const [first, second] = codes.map((code) => new URL(`${redirectUri}?${new URLSearchParams({ code, state })}`))

async function withOpenidClient() {
  const options = isPlain ? { execute: [client.allowInsecureRequests] } : {}
  const config = await client.discovery(issuer, clientId, clientSecret, undefined, options)
  const tokens = await client.authorizationCodeGrant(config, first, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  return tokens.claims().iss
}

async function withOauth4webapi() {
  const options = { [oauth.allowInsecureRequests]: isPlain }
  const found = await oauth.discoveryRequest(issuer, options)
  const server = await oauth.processDiscoveryResponse(issuer, found)
  const application = { client_id: clientId }
  const answer = oauth.validateAuthResponse(server, application, second, state)
  const secret = oauth.ClientSecretPost(clientSecret)
  const parameters = [server, application, secret, answer, redirectUri, verifier, options]
  const response = await oauth.authorizationCodeGrantRequest(...parameters)
  const tokens = await oauth.processAuthorizationCodeResponse(server, application, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  return oauth.getValidatedIdTokenClaims(tokens).iss
}

console.log(JSON.stringify([await withOpenidClient(), await withOauth4webapi()]))
