// What is exchanged: assertions of about 2 kB, each user's another, for access tokens of 1.8 kB, at an authority that needs no network.
import { createHash, generateKeyPairSync, sign } from 'node:crypto'

export const tenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
export const clientId = '2d4d2a60-3b4c-4f0f-9a51-6d2f0a2b7c11'
export const clientSecretText = 'a secret that only benchmarks know'
export const authority = `https://login.microsoftonline.com/${tenantId}`
export const userScope = 'api://todolist/Todo.Read'
export const appScope = 'api://todolist/.default'

/** Length of the tokens that the authority gives. */
export const accessTokenLength = 1_800

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const groups = Array.from({ length: 30 }, (_, index) => guid(`group ${index}`))

function guid(text) {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const userId = (index) => guid(`user ${index}`)

const generate = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

/**
 * Assertions of users, signed when they are first asked for, and the key that signed them. ES256, as signing takes a tenth of
 * RS256's time and nothing that is measured depends on it: a cached token's assertion was verified before. RS256 for what knows no other.
 *
 * `assertion(index)` makes a new string at each call, as a server reads it from its socket; `sign(index)` another token at each, and
 * remembers none. `pair` is given where several processes sign.
 */
export function createUsers(issuingAuthority = authority, alg = 'ES256', pair = generate[alg]()) {
  const { jwk, sign } = createIssuer(issuingAuthority, { alg, pair })
  const known = new Map()
  const assertion = (index) => {
    if (!known.has(index)) known.set(index, Buffer.from(sign(index), 'latin1'))
    return known.get(index).latin1Slice()
  }
  return { jwks: { keys: [jwk] }, assertion, sign, length: assertion(0).length }
}

/** A signing key of the authority: as it is published, and `sign(index)`, which makes another assertion of that user at each call. */
export function createIssuer(
  issuingAuthority,
  { alg = 'ES256', kid = 'acquire-1', lifetimeSeconds = 7_200, pair = generate[alg]() } = {},
) {
  const { publicKey, privateKey } = pair
  const key = { alg, kid, key: privateKey, dsaEncoding: 'ieee-p1363' }
  const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg, kid }
  return { jwk, sign: (index) => createAssertion(index, key, issuingAuthority, lifetimeSeconds) }
}

function createAssertion(index, key, issuingAuthority, lifetimeSeconds) {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const claims = {
    aud: clientId,
    iss: `${issuingAuthority}/v2.0`,
    iat: nowSeconds - 60,
    nbf: nowSeconds - 60,
    exp: nowSeconds + lifetimeSeconds,
    azp: guid('a single-page application'),
    azpacr: '0',
    groups,
    name: 'Ada Lovelace',
    oid: userId(index),
    preferred_username: 'ada@contoso.com',
    scp: 'access_as_user',
    sub: createHash('sha256').update(`sub ${index}`).digest('base64url'),
    tid: tenantId,
    uti: createHash('sha256').update(`uti ${index}`).digest('base64url').slice(0, 22),
    ver: '2.0',
  }
  const { alg, kid, ...signer } = key
  const input = `${encode({ typ: 'JWT', alg, kid })}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), signer).toString('base64url')}`
}

/** The documents that publish an authority's endpoints and keys. */
export function readDocument(url, jwks, issuingAuthority = authority) {
  if (url.includes('/keys')) return jwks
  const version = url.includes('/v2.0/')
  return {
    issuer: version ? `${issuingAuthority}/v2.0` : `https://sts.windows.net/${tenantId}/`,
    jwks_uri: `${issuingAuthority}/discovery/${version ? 'v2.0/' : ''}keys`,
    authorization_endpoint: `${issuingAuthority}/oauth2/v2.0/authorize`,
    token_endpoint: `${issuingAuthority}/oauth2/v2.0/token`,
    id_token_signing_alg_values_supported: ['RS256'],
    cloud_instance_name: 'microsoftonline.com',
  }
}

/** The same at an authority of this machine alone, where both versions name one issuer. */
export function readLocalDocument(url, jwks, issuingAuthority) {
  const document = readDocument(url, jwks, issuingAuthority)
  return document.issuer === undefined || url.includes('/v2.0/')
    ? document
    : { ...document, issuer: `${issuingAuthority}/` }
}

const opaque = createHash('sha512').update('opaque').digest('base64url').repeat(30)
let exchanges = 0

/** Whom an assertion is of; `undefined` for a request of the application. */
export function readUserId(body) {
  const assertion = new URLSearchParams(body).get('assertion')
  return assertion === null
    ? undefined
    : JSON.parse(Buffer.from(assertion.split('.')[1], 'base64url').toString()).oid
}

/** The answer of the token endpoint, as JSON text: another token at each call, and for a user what MSAL makes an account of. */
export function answerTokenRequest(body) {
  const oid = readUserId(body)
  const accessToken = `${oid ?? ''}.${String(++exchanges).padStart(12, '0')}${opaque}`.slice(
    0,
    accessTokenLength,
  )
  const facts = { token_type: 'Bearer', expires_in: 5_400, ext_expires_in: 5_400, access_token: accessToken }
  if (oid === undefined) return JSON.stringify(facts)
  const idToken = `${encode({ alg: 'none' })}.${encode({ oid, tid: tenantId, sub: oid, ver: '2.0', aud: clientId })}.`
  const account = { client_info: encode({ uid: oid, utid: tenantId }), id_token: idToken }
  return JSON.stringify({ ...facts, ...account, scope: userScope })
}

/** What the downstream API answers. */
export const todos = JSON.stringify(
  Array.from({ length: 10 }, (_, id) => ({ id, title: 'Buy milk', done: false })),
)
