// The keys that sign tokens: several are always published, they rotate without notice, and they survive a restart.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import { parseObject } from '../kernel/base64url.ts'
import type { Clock } from '../kernel/clock.ts'
import type { StateStore } from '../kernel/state.ts'
import { createCertificate, thumbprint } from '../x509/certificate.ts'

/** A key pair with the certificate that gives it its name. */
export interface SigningKey {
  /** base64url SHA-1 of the certificate, which `x5t` repeats. */
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly certificate: Uint8Array
}

interface StoredKey {
  readonly privateKey: string
  readonly certificate: string
}

const publishedKeys = 4
const rsa = { modulusLength: 2048 }
const generateRsaKeyPair = promisify(generateKeyPair)
const yearMs = 365 * 86_400_000

/** The emulator's signing keys. */
export class SigningKeys {
  readonly #state: StateStore
  readonly #clock: Clock
  // The first key signs; the others are published: the next one, and those that signed before. None while they are being made.
  #keys: readonly SigningKey[] | undefined
  // Those of the start, for `reset`.
  #first: readonly SigningKey[] | undefined
  #made: Promise<void> = Promise.resolve()

  private constructor(state: StateStore, clock: Clock, keys?: readonly SigningKey[]) {
    this.#state = state
    this.#clock = clock
    this.#keys = keys
    this.#first = keys
  }

  /** Loads the keys from the state, or makes two on the first start. */
  static async load(state: StateStore, clock: Clock): Promise<SigningKeys> {
    const stored = parseStored(await state.read('signing-keys.json')).map(importKey)
    if (stored.length > 0) return new SigningKeys(state, clock, stored)
    const keys = SigningKeys.begin(state, clock)
    await keys.ready()
    await keys.#save()
    return keys
  }

  /** Begins to make two keys, in threads of their own: nothing that needs none waits for them. */
  static begin(state: StateStore, clock: Clock): SigningKeys {
    const keys = new SigningKeys(state, clock)
    keys.#made = Promise.all([createKey(clock), createKey(clock)]).then(
      (made) => {
        keys.#keys ??= made
        keys.#first ??= keys.#keys
      },
      () => undefined, // whoever reads them makes them, and is told why that fails
    )
    return keys
  }

  /** Resolves when there are keys. Whoever reads them before makes them at once, and everything waits for that. */
  ready(): Promise<void> {
    return this.#made
  }

  /** The key that signs. */
  get current(): SigningKey {
    const [current] = this.list()
    if (current === undefined) throw new Error('the emulator has no signing key')
    return current
  }

  /** Every key that is published. */
  list(): readonly SigningKey[] {
    this.#keys ??= [createKeyNow(this.#clock), createKeyNow(this.#clock)]
    this.#first ??= this.#keys
    return this.#keys
  }

  /** Every key that is published, without waiting for the first ones: `undefined` while they are being made. */
  peek(): readonly SigningKey[] | undefined {
    return this.#keys
  }

  /** A published key by its id. */
  find(kid: unknown): SigningKey | undefined {
    return this.list().find((key) => key.kid === kid)
  }

  /** Makes a new key sign from now on, and returns its id; the last few stay published. */
  async rotate(): Promise<string> {
    const [created] = await Promise.all([createKey(this.#clock), this.ready()])
    this.#keys = [created, ...this.list()].slice(0, publishedKeys)
    await this.#save()
    return created.kid
  }

  /** Stops publishing a key that no longer signs, so that its tokens cannot be verified any more. */
  async retire(kid: string): Promise<void> {
    if (kid === this.current.kid) throw new RangeError('the current key signs: rotate first')
    this.#keys = this.list().filter((key) => key.kid !== kid)
    await this.#save()
  }

  /** Publishes exactly these again, the first one signing: what `list` gave once. */
  async restore(keys: readonly SigningKey[]): Promise<void> {
    this.#keys = keys
    await this.#save()
  }

  /** Publishes what was published at the start, the same key signing. */
  async reset(): Promise<void> {
    if (this.#first !== undefined && this.#keys !== this.#first) await this.restore(this.#first)
  }

  async #save(): Promise<void> {
    await this.#state.write('signing-keys.json', JSON.stringify({ keys: this.list().map(exportKey) }))
  }
}

/** Makes a key pair with a self-signed certificate. */
export async function createKey(clock: Clock): Promise<SigningKey> {
  return certifyKey(clock, await generateRsaKeyPair('rsa', rsa))
}

function createKeyNow(clock: Clock): SigningKey {
  return certifyKey(clock, generateKeyPairSync('rsa', rsa))
}

interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

function certifyKey(clock: Clock, { publicKey, privateKey }: KeyPair): SigningKey {
  const now = clock.now()
  const name = 'accounts.accesscontrol.windows.net'
  const names = { subject: name, issuer: name }
  const validity = { notBefore: now - yearMs, notAfter: now + 5 * yearMs }
  const certificate = createCertificate({ ...names, ...validity, publicKey, issuerKey: privateKey })
  return { kid: thumbprint(certificate, 'sha1'), privateKey, publicKey, certificate }
}

function exportKey({ privateKey, certificate }: SigningKey): StoredKey {
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: Buffer.from(certificate).toString('base64'),
  }
}

function importKey(stored: StoredKey): SigningKey {
  const privateKey = createPrivateKey(stored.privateKey)
  const certificate = Buffer.from(stored.certificate, 'base64')
  return {
    kid: thumbprint(certificate, 'sha1'),
    privateKey,
    publicKey: createPublicKey(privateKey),
    certificate,
  }
}

// The emulator wrote this file itself, into a directory that only its owner can write.
function parseStored(text: string | undefined): readonly StoredKey[] {
  const { keys } = parseObject(text ?? '') ?? {}
  return Array.isArray(keys) ? (keys as StoredKey[]) : []
}
