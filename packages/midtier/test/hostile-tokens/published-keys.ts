// The key set of an authority that has made every mistake there is: beside the good key, those that must never verify a token.
import { generateKeyPairSync } from 'node:crypto'
import { otherTenantId } from '../jwt/token-builder.ts'
import { keys } from './token-forge.ts'

type Jwk = Record<string, unknown>

const { authority, leaked, curve, weak, exponent3 } = keys
const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })

/** The entries of a key set; `issuer` is what a v2.0 document says beside its keys, v1.0 documents say nothing. */
export function publishedKeys(issuer: string | undefined): readonly Jwk[] {
  const entry = (kid: string, members: Jwk = {}): Jwk => leaked.jwk({ kid, issuer, ...members })
  return [
    authority.jwk({ issuer }),
    ...misusedKeys(entry),
    ...boundKeys(entry),
    ...malformedKeys(entry),
    weak.jwk({ issuer }),
    exponent3.jwk({ issuer }),
    curve.jwk({ issuer }),
    curve.jwk({ issuer, kid: 'off-curve', y: curve.jwk()['x'] }),
    { ...otherCurve, kid: 'key-p384' },
  ]
}

type Entry = (kid: string, members?: Jwk) => Jwk

/** Strong keys, published for something else. */
function misusedKeys(entry: Entry): readonly Jwk[] {
  return [
    entry('for-encryption', { use: 'enc' }),
    entry('for-wrapping', { use: undefined, key_ops: ['wrapKey', 'encrypt'] }),
    entry('for-ps256', { alg: 'PS256' }),
    entry('for-rs512', { alg: 'RS512' }),
    entry('for-oaep', { alg: 'RSA-OAEP' }),
    entry('for-none', { alg: 'none' }),
    entry('for-hs256', { alg: 'HS256' }),
  ]
}

/** Keys that the authority limits to somebody else's tokens. */
function boundKeys(entry: Entry): readonly Jwk[] {
  const of = (tenant: string): string => `https://login.microsoftonline.com/${tenant}/v2.0`
  return [
    entry('of-other-tenant', { issuer: of(otherTenantId) }),
    entry('of-consumers', { issuer: of(consumersTenantId) }),
    entry('of-gov-issuer', { issuer: 'https://login.microsoftonline.us/{tenantid}/v2.0' }),
    entry('of-nobody', { issuer: '' }),
    entry('of-list', { issuer: [of('{tenantid}')] }),
    entry('of-other-cloud', { cloud_instance_name: 'microsoftonline.us' }),
  ]
}

/** Entries that are no usable key (RFC 7517 §5). */
function malformedKeys(entry: Entry): readonly Jwk[] {
  const modulus = Buffer.from(String(weak.jwk()['n']), 'base64url')
  return [
    entry('twice'),
    authority.jwk({ kid: 'twice' }),
    entry('exponent-1', { e: 'AQ' }),
    entry('even-exponent', { e: Buffer.from([1, 0, 2]).toString('base64url') }),
    entry('padded-modulus', { n: Buffer.concat([Buffer.alloc(256), modulus]).toString('base64url') }),
    entry('lower-case-type', { kty: 'rsa' }),
    entry('other-type', { kty: 'EC' }),
    entry('certificate-only', { n: undefined, e: undefined, x5c: ['MIIB'] }),
    { ...entry('number'), kid: 7 },
    { kty: 'oct', kid: 'secret', k: Buffer.from('published by mistake').toString('base64url'), use: 'sig' },
  ]
}
