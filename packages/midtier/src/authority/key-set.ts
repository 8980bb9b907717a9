// A published key set read into keys by `kid`: what is weak, ambiguous or meant for another cloud is left out (RFC 7517 §5).
import { importJwk } from '../jwt/json-web-key.ts'
import { isJsonObject, type JsonObject } from '../kernel/json.ts'
import type { SignatureAlgorithm, VerificationKey } from '../kernel/crypto/signature-algorithm.ts'

/** A key of the authority, and whose tokens it may sign. */
export interface SigningKey {
  readonly kid: string
  readonly verification: VerificationKey
  /** The issuer, or template of issuers, that the authority limits this key to; `undefined` when it says nothing. */
  readonly issuer: string | undefined
  /** The published material: the same text means the same key. */
  readonly material: string
}

/** Keys by `kid`; a Map, so that a `kid` of `__proto__` is a name like any other. */
export type KeySet = ReadonlyMap<string, SigningKey>

/** What is needed to read a key set. */
export interface KeySetContext {
  readonly algorithms: readonly SignatureAlgorithm[]
  /** `cloud_instance_name` of the metadata; a key that names another cloud is left out. */
  readonly cloudInstanceName: string | undefined
  /** The set so far: a key that is published again unchanged stays the same object, and what it verified stays verified. */
  readonly previous: KeySet
}

/** Most keys that are imported, which is what costs: more than any authority signs with. The first ones are taken (RFC 7517 §5). */
const maxKeys = 100

/** Most entries that are looked at: a set may hold keys of other kinds and purposes in between. */
const maxEntries = 2000

/**
 * Reads a key set; `undefined` when it holds no usable key, so that an emptied or broken set never replaces a good one.
 */
export async function parseKeySet(document: JsonObject, context: KeySetContext): Promise<KeySet | undefined> {
  const { keys } = document
  if (!Array.isArray(keys)) return undefined
  const set = new Map<string, SigningKey>()
  for (const jwk of (keys as readonly unknown[]).slice(0, maxEntries)) {
    if (set.size >= maxKeys && !isNamedIn(set, jwk)) continue
    const key = await readKey(jwk, context)
    if (key !== undefined) add(set, key)
  }
  for (const [kid, key] of set) if (key.material === ambiguous) set.delete(kid)
  return set.size === 0 ? undefined : set
}

const ambiguous = ''

/** Two different keys of one `kid`: which of them signed would be a guess, so neither is used. */
function add(set: Map<string, SigningKey>, key: SigningKey): void {
  const same = set.get(key.kid)
  if (same === undefined) set.set(key.kid, key)
  else if (same.material !== key.material) set.set(key.kid, { ...same, material: ambiguous })
}

/** Whether it could make a key of the set ambiguous, for which it has to be read although the set is full. */
function isNamedIn(set: ReadonlyMap<string, SigningKey>, jwk: unknown): boolean {
  return isJsonObject(jwk) && typeof jwk['kid'] === 'string' && set.has(jwk['kid'])
}

async function readKey(jwk: unknown, context: KeySetContext): Promise<SigningKey | undefined> {
  if (!isJsonObject(jwk)) return undefined
  const { kid, issuer, cloud_instance_name: cloud } = jwk
  if (typeof kid !== 'string' || kid === '' || (issuer !== undefined && typeof issuer !== 'string'))
    return undefined
  if (cloud !== undefined && context.cloudInstanceName !== undefined && cloud !== context.cloudInstanceName)
    return undefined
  const material = JSON.stringify([
    jwk['kty'],
    jwk['use'],
    jwk['alg'],
    jwk['n'],
    jwk['e'],
    jwk['crv'],
    jwk['x'],
    jwk['y'],
    issuer,
  ])
  const known = context.previous.get(kid)
  if (known?.material === material) return known
  const verification = await importJwk(jwk, context.algorithms)
  return verification === undefined ? undefined : { kid, verification, issuer, material }
}
