// The peers on Express, set up as their guides say: one validates, another exchanges, and the route puts the two together.
import { clientId, clientSecretText, tenantId, userScope } from '../acquire-tokens.mjs'

const scope = 'access_as_user'

/** By name: who validates, and who exchanges. A validator gives middlewares that leave the token at `request.assertion`. */
const peers = {
  'jose + msal-node': [withJose, withMsal],
  'express-oauth2-jwt-bearer + msal-node': [withExpressBearer, withMsal],
  'passport-azure-ad + msal-node': [withPassport, withMsal],
  'jose + @azure/identity': [withJose, withIdentity],
}

export const peerNames = Object.keys(peers)

/** A listener; `seed(count, assertions)` beside it, where a cache can be filled without asking the authority for each token. */
export async function createPeer(name, world, said) {
  const [validating, acquiring] = peers[name]
  const { default: express } = await import('express')
  const { acquire, seed } = await acquiring(world)
  const app = express()
  app.use(...(await validating(world)))
  app.get('/', async (request, response) => {
    if ((await acquire(request.assertion)).length === 0) throw new Error('there is no token')
    response.json(said)
  })
  app.get('/todos', async (request, response) => {
    response.json(await callApi(world.apiUrl, await acquire(request.assertion)))
  })
  return Object.assign((request, response) => app(request, response), { seed })
}

/** The downstream API's answer to whoever has this token. */
export async function callApi(apiUrl, accessToken) {
  const response = await fetch(`${apiUrl}todos`, { headers: { authorization: `Bearer ${accessToken}` } })
  if (!response.ok) throw new Error(`the downstream API answered ${response.status}`)
  return response.json()
}

const issuerOf = ({ instance }) => `${instance}/${tenantId}/v2.0`
const keysOf = ({ instance }) => `${instance}/${tenantId}/discovery/v2.0/keys`

async function withJose(world) {
  const { createRemoteJWKSet, jwtVerify } = await import('jose')
  const keys = createRemoteJWKSet(new URL(keysOf(world)))
  const expected = { issuer: issuerOf(world), audience: clientId, algorithms: ['RS256'] }
  const validate = async (request, response, next) => {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    if (token === undefined) return response.status(401).end()
    const { payload } = await jwtVerify(token, keys, expected)
    if (!payload.scp.split(' ').includes(scope)) return response.status(403).end()
    request.assertion = token
    next()
  }
  return [validate]
}

async function withExpressBearer(world) {
  const { auth, claimCheck } = await import('express-oauth2-jwt-bearer')
  const leave = (request, _, next) => {
    request.assertion = request.auth.token
    next()
  }
  return [
    auth({
      issuer: issuerOf(world),
      audience: clientId,
      jwksUri: keysOf(world),
      tokenSigningAlg: 'RS256',
    }),
    claimCheck(({ scp }) => scp.split(' ').includes(scope)),
    leave,
  ]
}

async function withPassport(world) {
  const { default: passport } = await import('passport')
  const { default: azureAd } = await import('passport-azure-ad')
  const options = {
    identityMetadata: `${issuerOf(world)}/.well-known/openid-configuration`,
    clientID: clientId,
    audience: clientId,
    issuer: issuerOf(world),
    validateIssuer: true,
    scope: [scope],
    loggingLevel: 'error',
    loggingNoPII: true,
  }
  passport.use(new azureAd.BearerStrategy(options, (claims, done) => done(null, claims, {})))
  const leave = (request, _, next) => {
    request.assertion = request.headers.authorization.slice('Bearer '.length)
    next()
  }
  return [passport.initialize(), passport.authenticate('oauth-bearer', { session: false }), leave]
}

/** One application for all users, which keeps their tokens in memory. */
async function withMsal({ instance }) {
  const { ConfidentialClientApplication } = await import('@azure/msal-node')
  const authority = `${instance}/${tenantId}`
  const auth = {
    clientId,
    authority,
    clientSecret: clientSecretText,
    knownAuthorities: [new URL(instance).host],
  }
  const create = () => new ConfidentialClientApplication({ auth })
  let application = create()
  return {
    acquire: async (oboAssertion) =>
      (await application.acquireTokenOnBehalfOf({ oboAssertion, scopes: [userScope] })).accessToken,
    seed: async (count, assertions) => {
      const { seedMsal } = await import('../acquire-seed-msal.mjs')
      const users = { assertion: (index) => assertions[index] }
      ;({ application } = await seedMsal(users, count, new Set(assertions.keys()), create()))
    },
  }
}

/** A credential is one user's, so that whoever caches keeps one for each. */
async function withIdentity({ instance }) {
  const { OnBehalfOfCredential } = await import('@azure/identity')
  const credentials = new Map()
  const create = (userAssertionToken) =>
    new OnBehalfOfCredential({
      tenantId,
      clientId,
      clientSecret: clientSecretText,
      userAssertionToken,
      authorityHost: instance,
      disableInstanceDiscovery: true,
    })
  return {
    acquire: async (assertion) => {
      if (!credentials.has(assertion)) credentials.set(assertion, create(assertion))
      return (await credentials.get(assertion).getToken([userScope])).token
    },
  }
}
