// Signs any token, genuine or hostile: header, claims, segments and key are all up to the test.
import { createHmac, createSign, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

export const tenantId = '11111111-1111-4111-8111-111111111111'
export const otherTenantId = '22222222-2222-4222-8222-222222222222'
export const clientId = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'
export const callerId = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'
export const userId = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc'

/** Where the tests' clock stands, in seconds: 22 November 2026, noon. */
export const nowSeconds = 1_795_348_800

export interface Signer {
  readonly kid: string
  readonly algorithm: 'RS256' | 'PS256' | 'ES256'
  readonly privateKey: KeyObject
  /** The public key as the authority publishes it; further members, such as `issuer`, are added or replaced. */
  jwk(members?: Readonly<Record<string, unknown>>): Record<string, unknown>
}

/** A new key pair. Making RSA keys is slow: share them within a file. */
export function createSigner(
  kid: string,
  options: {
    readonly algorithm?: Signer['algorithm']
    readonly modulusLength?: number
    readonly publicExponent?: number
  } = {},
): Signer {
  const { algorithm = 'RS256', modulusLength = 2048, publicExponent = 65_537 } = options
  const { publicKey, privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength, publicExponent })
  const published = publicKey.export({ format: 'jwk' })
  return {
    kid,
    algorithm,
    privateKey,
    jwk: (members = {}) => ({ ...published, use: 'sig', kid, ...members }),
  }
}

/** Text or JSON as one segment. */
export function segment(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}

export interface TokenParts {
  /** Members that replace the default header's; `undefined` removes one. */
  readonly header?: Readonly<Record<string, unknown>>
  /** The whole claims set, as an object or as the exact text. */
  readonly claims: Readonly<Record<string, unknown>> | string
  readonly signer: Signer
}

/** A compact JWS, signed by the signer whatever the header claims. */
export function signToken({ header = {}, claims, signer }: TokenParts): string {
  const input = `${segment({ typ: 'JWT', alg: signer.algorithm, kid: signer.kid, ...header })}.${segment(claims)}`
  return `${input}.${signInput(input, signer)}`
}

/** The signature of a signing input that a test has put together by itself. */
export function signInput(input: string, { algorithm, privateKey }: Signer): string {
  const data = Buffer.from(input)
  if (algorithm === 'RS256') return createSign('sha256').update(data).sign(privateKey, 'base64url')
  if (algorithm === 'PS256')
    return sign('sha256', data, { key: privateKey, padding: 6, saltLength: 32 }).toString('base64url')
  return sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

/** An HMAC over a signing input, for key-confusion attacks. */
export function hmacInput(input: string, secret: string): string {
  return createHmac('sha256', secret).update(input).digest('base64url')
}

type Claims = Record<string, unknown>

/** The claims of a v2.0 token of a user, as Entra writes them; `undefined` removes one. */
export function userClaims(claims: Claims = {}): Claims {
  const tid = typeof claims['tid'] === 'string' ? claims['tid'] : tenantId
  return withoutUndefined({
    aud: clientId,
    iss: `https://login.microsoftonline.com/${tid}/v2.0`,
    iat: nowSeconds - 60,
    nbf: nowSeconds - 60,
    exp: nowSeconds + 4_200,
    aio: 'ATQAy/8TAAAA',
    azp: callerId,
    azpacr: '0',
    name: 'Ada Lovelace',
    oid: userId,
    preferred_username: 'ada@contoso.com',
    rh: '0.AAAA',
    scp: 'access_as_user',
    sub: 'pairwise-subject-of-this-api',
    tid,
    uti: 'unique-token-id',
    ver: '2.0',
    ...claims,
  })
}

/** The claims of a v1.0 token of a user. */
export function v1Claims(claims: Claims = {}): Claims {
  const tid = typeof claims['tid'] === 'string' ? claims['tid'] : tenantId
  return userClaims({
    aud: `api://${clientId}`,
    iss: `https://sts.windows.net/${tid}/`,
    azp: undefined,
    azpacr: undefined,
    appid: callerId,
    appidacr: '0',
    ver: '1.0',
    ...claims,
  })
}

/** The claims of a v2.0 token of an application by itself. */
export function appClaims(claims: Claims = {}): Claims {
  return userClaims({
    azpacr: '1',
    name: undefined,
    preferred_username: undefined,
    scp: undefined,
    roles: ['Todo.ReadWrite.All'],
    oid: 'dddddddd-dddd-4ddd-8ddd-dddddddddddd',
    sub: 'dddddddd-dddd-4ddd-8ddd-dddddddddddd',
    ...claims,
  })
}

function withoutUndefined(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}
