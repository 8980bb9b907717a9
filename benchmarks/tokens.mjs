// What is validated: tokens as Entra makes them for an API, each user's another, about 2 kB, and the documents that publish their key.
import { createServer } from 'node:http'
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'

export const tenantId = randomUUID()
export const clientId = randomUUID()
export const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`
const callerId = randomUUID()

const kid = 'nbCwW11w3XkB-xUaXwKRSLjMHGQ'
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const keyObject = publicKey
export const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', kid }] }
export const pem = publicKey.export({ type: 'spki', format: 'pem' })

const header = encode({ typ: 'JWT', alg: 'RS256', kid })
const groups = Array.from({ length: 12 }, () => randomUUID())

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A v2.0 access token of a user that nobody has seen before. */
function createToken() {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const claims = {
    aud: clientId,
    iss: issuer,
    iat: nowSeconds - 60,
    nbf: nowSeconds - 60,
    exp: nowSeconds + 7_200,
    aio: 'AXQAi/8TAAAAp5gU5qzDY2Z0cGl5ZWQ0b3hZb2tqN2ZxcnhuZGlwdHl2c2VnbW9r',
    azp: callerId,
    azpacr: '0',
    groups,
    name: 'Ada Lovelace',
    oid: randomUUID(),
    preferred_username: 'ada@contoso.com',
    rh: '0.AXQAMe_N-B6jSkuT5F9XHpElWtmuWPuZdqdHvmE4xZsQc8oBAFs.',
    roles: ['Todo.Reader'],
    scp: 'access_as_user Todo.Read Todo.Write',
    sub: encode(randomUUID()),
    tid: tenantId,
    uti: encode(randomUUID()).slice(0, 22),
    ver: '2.0',
    xms_ftd: encode('a'.repeat(30)),
  }
  const input = `${header}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
}

/**
 * Tokens of as many users, kept as the bytes that a server reads from its socket.
 *
 * `header(index)` and `token(index)` make a new string at each call: one that a runtime has hashed or flattened before is no
 * request's.
 */
export function createTokens(count, onProgress = () => {}) {
  const fields = Array.from({ length: count }, (_, index) => {
    if (index % 1000 === 0) onProgress(index)
    return Buffer.from(`Bearer ${createToken()}`, 'latin1')
  })
  return {
    count,
    length: fields[0].length - 'Bearer '.length,
    header: (index) => fields[index % count].latin1Slice(),
    token: (index) => fields[index % count].latin1Slice('Bearer '.length),
  }
}

/** Answers as the authority would, without a network. */
export function fetchDocument(url) {
  const path = String(url)
  if (path.includes('/keys')) return Promise.resolve(Response.json(jwks))
  const version = path.includes('/v2.0/')
  return Promise.resolve(
    Response.json({
      issuer: version ? issuer : `https://sts.windows.net/${tenantId}/`,
      jwks_uri: `https://login.microsoftonline.com/${tenantId}/discovery/${version ? 'v2.0/' : ''}keys`,
      cloud_instance_name: 'microsoftonline.com',
    }),
  )
}

/** The keys behind HTTP on this machine, for libraries that fetch by themselves. */
export async function serveKeys() {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(jwks))
  })
  await new Promise((resolve) => void server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return { url: `http://127.0.0.1:${server.address().port}/keys`, close: () => server.close() }
}
