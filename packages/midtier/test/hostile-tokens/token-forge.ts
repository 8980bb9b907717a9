// The attacker's workshop: genuine tokens to start from, every key that leaked or was misused, and tools to sign anything with them.
import { createHash, sign, type SignKeyObjectInput } from 'node:crypto'
import {
  appClaims,
  createSigner,
  segment,
  signInput,
  signToken,
  userClaims,
  v1Claims,
  type Signer,
} from '../jwt/token-builder.ts'

type Json = Readonly<Record<string, unknown>>

/** The keys of the tests. What each is published as: `published-keys.ts`. */
export const keys = {
  /** The authority's own. */
  authority: createSigner('key-1'),
  /** The attacker's own, under the `kid` of the authority's. */
  stranger: createSigner('key-1'),
  /** Published for other purposes than signing our tokens, and in the attacker's hands. */
  leaked: createSigner('leaked'),
  /** Published for ES256. */
  curve: createSigner('key-ec', { algorithm: 'ES256' }),
  weak: createSigner('too-short', { modulusLength: 1024 }),
  exponent3: createSigner('exponent-3', { publicExponent: 3 }),
} as const

/** The same private key under another `kid`. */
export function named(
  signer: Signer,
  kid: string,
  algorithm: Signer['algorithm'] = signer.algorithm,
): Signer {
  return { ...signer, kid, algorithm }
}

const user = (claims: Json = {}, header: Json = {}): string =>
  signToken({ header, claims: userClaims(claims), signer: keys.authority })

/** Header and claims to the byte, signed by the authority's key. */
function exact(
  header: string | Uint8Array,
  claims: string | Uint8Array,
  signer: Signer = keys.authority,
): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signInput(input, signer)}`
}

/** Bytes or UTF-8 text as base64url. */
function encode(content: string | Uint8Array): string {
  return Buffer.from(content as string).toString('base64url')
}

const headerText = JSON.stringify({ typ: 'JWT', alg: 'RS256', kid: 'key-1' })

/** JSON text of a user's claims in which one claim is written exactly so. */
function claimsText(name: string, json: string): string {
  return JSON.stringify(userClaims({ [name]: '\u0001' })).replace('"\\u0001"', () => json)
}

/** A token whose signature is made in another way than its header says. */
function signedWith(
  options: Omit<SignKeyObjectInput, 'key'> & { readonly hash?: string },
  header: Json = {},
  signer: Signer = keys.authority,
): string {
  const { hash = 'sha256', ...padding } = options
  const input = unsigned({ alg: 'RS256', kid: signer.kid, ...header })
  return `${input}.${sign(hash, Buffer.from(input), { key: signer.privateKey, ...padding }).toString('base64url')}`
}

/** Header and claims of a user without a signature, nor the dot before it. */
function unsigned(header: Json = {}, claims: Json = userClaims()): string {
  return `${segment({ typ: 'JWT', alg: 'RS256', kid: 'key-1', ...header })}.${segment(claims)}`
}

/** The genuine token with another signature. */
function withSignature(change: (signature: Buffer) => Uint8Array | string): string {
  const [header, payload, signature = ''] = genuine.split('.')
  const changed = change(Buffer.from(signature, 'base64url'))
  return `${header}.${payload}.${typeof changed === 'string' ? changed : encode(changed)}`
}

/** The genuine token with its segments replaced. */
function withSegments(change: (header: string, payload: string, signature: string) => string): string {
  const [header = '', payload = '', signature = ''] = genuine.split('.')
  return change(header, payload, signature)
}

const genuine = user()

/** Number of a big-endian string of bytes. */
function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/** At least 256 bytes, big-endian. */
function toBytes(number: bigint): Buffer {
  const hex = number.toString(16).padStart(512, '0')
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

/** The padded digest of PKCS #1 v1.5 for 2 048 bits: with a public exponent of 1 it is the signature, and no key is needed. */
function paddedDigest(input: string): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const info = Buffer.concat([prefix, createHash('sha256').update(input).digest()])
  return Buffer.concat([
    Buffer.from([0, 1]),
    Buffer.alloc(256 - 3 - info.length, 0xff),
    Buffer.from([0]),
    info,
  ])
}

/** What cases are made with. */
export const forge = {
  keys,
  /** A v2.0 token of a user that is accepted as it stands. */
  genuine,
  /** The JSON of the genuine header. */
  headerText,
  /** The modulus of the authority's key. */
  modulus: toNumber(Buffer.from(String(keys.authority.jwk()['n']), 'base64url')),
  user,
  v1: (claims: Json = {}, header: Json = {}): string =>
    signToken({ header, claims: v1Claims(claims), signer: keys.authority }),
  app: (claims: Json = {}, header: Json = {}): string =>
    signToken({ header, claims: appClaims(claims), signer: keys.authority }),
  /** A user's token under another key. */
  by: (signer: Signer, header: Json = {}, claims: Json = userClaims()): string =>
    signToken({ header, claims, signer }),
  named,
  exact,
  /** A signed token in which one claim is written exactly so. */
  rawClaim: (name: string, json: string): string => exact(headerText, claimsText(name, json)),
  claimsText,
  encode,
  segment,
  signInput,
  signedWith,
  unsigned,
  withSignature,
  withSegments,
  toNumber,
  toBytes,
  paddedDigest,
} as const

export type TokenBuilder = typeof forge
