// Tokens of people and applications that a test thinks up, signed by a key that is made in this process and trusted by the fake alone.
import { encodeBase64url, encodeTextBase64url } from '../kernel/crypto/base64url.ts'
import { isGuidInAnyCase } from '../kernel/guid.ts'
import type { Clock } from '../kernel/time/clock.ts'
import type { FakeCaller } from './fake-caller.ts'

/** Who issues, and for whom. */
export interface FakeIssuer {
  readonly tenantId: string
  readonly clientId: string
  readonly clock: Clock
}

export const fakeAlgorithm = 'ES256'
const keyId = 'fake-key'
const curve = { name: 'ECDSA', namedCurve: 'P-256' }

let pair: Promise<CryptoKeyPair> | undefined
const keyPair = (): Promise<CryptoKeyPair> =>
  (pair ??= crypto.subtle.generateKey(curve, false, ['sign', 'verify']))

/** The key as an authority publishes it. */
export async function publishedKeys(): Promise<{ readonly keys: readonly object[] }> {
  const { publicKey } = await keyPair()
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  return { keys: [{ kty, crv, x, y, use: 'sig', kid: keyId, alg: fakeAlgorithm }] }
}

/** A token of its own for each request, so that what one test acquired is not at hand in the next. */
export async function signFakeToken(who: FakeCaller, issuer: FakeIssuer): Promise<string> {
  const { privateKey } = await keyPair()
  const header = encodeTextBase64url(JSON.stringify({ typ: 'JWT', alg: fakeAlgorithm, kid: keyId }))
  const input = `${header}.${encodeTextBase64url(JSON.stringify(claimsOf(who, issuer)))}`
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(input))
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

function claimsOf(who: FakeCaller, { tenantId, clientId, clock }: FakeIssuer): Record<string, unknown> {
  const nowSeconds = Math.floor(clock.nowMs() / 1000)
  const tid = who.tenantId?.toLowerCase() ?? tenantId
  return {
    aud: clientId,
    iss: `https://login.microsoftonline.com/${tid}/v2.0`,
    iat: nowSeconds - 60,
    nbf: nowSeconds - 60,
    exp: nowSeconds + 3_600,
    azp: who.clientId ?? guidOf('client'),
    azpacr: '0',
    tid,
    uti: crypto.randomUUID(),
    ver: '2.0',
    xms_cc: ['cp1'],
    ...subjectOf(who),
    ...actorOf(who),
    ...who.claims,
  }
}

/** The agent that holds the token; what is written of an ordinary application stays. */
function actorOf({ agent, user, agentUser }: FakeCaller): Record<string, unknown> | undefined {
  if (agent === undefined) return undefined
  const byItself = user === undefined && agentUser === undefined
  const subjectFacets = agentUser === undefined ? (byItself ? '11' : undefined) : '13'
  return {
    azp: isGuidInAnyCase(agent) ? agent.toLowerCase() : guidOf(agent),
    azpacr: '2',
    idtyp: byItself ? 'app' : 'user',
    ...(byItself ? { scp: '/' } : {}),
    xms_act_fct: '11',
    ...(subjectFacets === undefined ? {} : { xms_sub_fct: subjectFacets }),
    xms_par_app_azp: guidOf('blueprint'),
  }
}

function subjectOf({ agent, agentUser, user, app, scopes, roles }: FakeCaller): Record<string, unknown> {
  const application = app ?? (user === undefined && agentUser === undefined ? agent : undefined)
  const name = application ?? agentUser ?? user ?? 'alice'
  const subject = { oid: guidOf(name), sub: `sub-of-${guidOf(name)}` }
  if (application !== undefined)
    return { ...subject, idtyp: 'app', azpacr: '1', roles: roles ?? ['access_as_app'] }
  return {
    ...subject,
    name,
    preferred_username: name,
    scp: (scopes ?? ['access_as_user']).join(' '),
    ...(roles === undefined ? {} : { roles }),
  }
}

/** The object id of a name: the same for the same name, in every test. */
function guidOf(name: string): string {
  const digits = [...Array(4).keys()].map((round) => hash(`${round}:${name}`).toString(16).padStart(8, '0'))
  return digits.join('').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}

/** The token of an `Authorization` that is there once; `''` otherwise. */
export function bearerIn(authorization: string | readonly string[] | null | undefined): string {
  return typeof authorization === 'string' ? authorization.replace(/^bearer +/i, '') : ''
}
