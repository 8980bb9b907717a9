// The keys that seal a shared store: one seals, all open, so that a key is replaced without losing what the former one sealed.
import { deriveSecretKey } from '#crypto'
import { decodeBase64, decodeBase64url } from '../kernel/crypto/base64url.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { SecretKey } from '../kernel/crypto/secret-key.ts'

/**
 * The keys of a shared store, the same in every process that shares it.
 *
 * To replace a key: add the new one everywhere; make it `current` everywhere; once the longest-lived entry has expired,
 * remove the old one. While there are several, a read looks in the slots of each, at the same time.
 */
export interface KeyRingOptions {
  /** Id of the key that seals. */
  readonly current: string
  /**
   * Keys by id: exactly 32 random bytes, as bytes or as base64; the id is 1 to 32 letters, digits, `_` or `-`, and is not secret.
   * At most 8. Replace a key before it has sealed 4 billion entries: random nonces repeat one day (NIST SP 800-38D §8.3).
   */
  readonly keys: Readonly<Record<string, Uint8Array | string>>
}

/** One key of the ring, split by purpose: what names slots does not help to open them. */
export interface RingKey {
  readonly id: string
  /** Seals and opens entries. */
  readonly encryption: SecretKey
  /** Names slots outside: without it, knowing a user is not enough to find the user's entries. */
  readonly naming: SecretKey
}

/** The keys of a ring; the first one seals. */
export type RingKeys = readonly [RingKey, ...RingKey[]]

const maxKeys = 8
const keyBytes = 32
const keyId = /^[\w-]{1,32}$/

/**
 * Checks a key ring and derives what its keys are used for.
 *
 * @throws ConfigurationError naming the member at fault; the message never holds a key.
 */
export function createKeyRing(options: KeyRingOptions): Promise<RingKeys> {
  return deriveRing(readSecrets(options)) // not async: what is wrong is thrown at once
}

type Secret = readonly [id: string, bytes: Uint8Array]

interface Secrets {
  readonly current: Secret
  readonly others: readonly Secret[]
}

function readSecrets(options: KeyRingOptions): Secrets {
  checkKnownOptions(options, ['current', 'keys'], 'tokenCache.keyRing')
  if (typeof options.keys !== 'object' || (options.keys as unknown) === null)
    throw new ConfigurationError(
      'tokenCache.keyRing.keys',
      'must be keys by id: { k1: 32 random bytes, as base64 }',
    )
  const ids = Object.keys(options.keys)
  if (ids.length > maxKeys)
    throw new ConfigurationError('tokenCache.keyRing.keys', `has more than ${maxKeys} keys`)
  const secrets = ids.map((id): Secret => [id, readSecret(id, options.keys[id])])
  refuseRepeated(secrets)
  const current = secrets.find(([id]) => id === options.current)
  if (current === undefined)
    throw new ConfigurationError(
      'tokenCache.keyRing.current',
      'is not the id of one of tokenCache.keyRing.keys',
    )
  return { current, others: secrets.filter((secret) => secret !== current) }
}

function readSecret(id: string, value: unknown): Uint8Array {
  if (!keyId.test(id))
    throw new ConfigurationError(
      'tokenCache.keyRing.keys',
      'has an id that is not 1 to 32 letters, digits, "_" or "-"',
    )
  if (value === undefined || value === '')
    throw new ConfigurationError(
      `tokenCache.keyRing.keys.${id}`,
      'is missing: is the variable that holds it set?',
    )
  const bytes = typeof value === 'string' ? (decodeBase64(value) ?? decodeBase64url(value)) : value
  if (bytes instanceof Uint8Array && bytes.length === keyBytes) return bytes
  throw new ConfigurationError(
    `tokenCache.keyRing.keys.${id}`,
    `must be exactly ${keyBytes} random bytes, as a Uint8Array or as base64 (openssl rand -base64 32)`,
  )
}

/** The same bytes under two ids: somebody believes that a key was replaced. */
function refuseRepeated(secrets: readonly Secret[]): void {
  const seen = new Set<string>()
  for (const [id, bytes] of secrets) {
    const text = bytes.join()
    if (seen.has(text))
      throw new ConfigurationError(
        `tokenCache.keyRing.keys.${id}`,
        'is the same key as another one of the ring',
      )
    seen.add(text)
  }
}

async function deriveRing({ current, others }: Secrets): Promise<RingKeys> {
  return [await deriveRingKey(current), ...(await Promise.all(others.map(deriveRingKey)))]
}

async function deriveRingKey([id, secret]: Secret): Promise<RingKey> {
  return {
    id,
    encryption: await deriveSecretKey(secret, 'midtier store entries 1', 'encryption'),
    naming: await deriveSecretKey(secret, 'midtier store names 1', 'authentication'),
  }
}
