// Sealed values: codes, refresh tokens, sessions and forms that only this emulator can read or make.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { StateStore } from './state.ts'
import { isError } from './other-realms.ts'

/** One kind of sealed value; its name is bound into the ciphertext, so that a code cannot pass for a refresh token. */
export interface SealedKind<Value> {
  readonly name: string
  /** Never set: it carries the type of the value. */
  readonly value?: Value
}

/** Seals values and opens them again. */
export interface Sealer {
  seal<Value>(kind: SealedKind<Value>, value: Value): string
  /** Opens a sealed text; `undefined` when it was made elsewhere, for another purpose, or tampered with. */
  open<Value>(kind: SealedKind<Value>, text: string): Value | undefined
}

const ivBytes = 12
const tagBytes = 16

/** Loads the sealing key from the state, or makes it on the first start. */
export async function loadSealer(state: StateStore): Promise<Sealer> {
  const stored = await state.read('sealing-key.json')
  if (stored !== undefined) return createSealer(Buffer.from(stored.trim(), 'base64url'))
  const key = randomBytes(32)
  await state.write('sealing-key.json', key.toString('base64url'))
  return createSealer(key)
}

/** Creates a sealer from a key of 32 bytes (AES-256-GCM). */
function createSealer(key: Uint8Array): Sealer {
  return {
    seal: (kind, value) => encrypt(key, kind.name, JSON.stringify(value)),
    open: <Value>(kind: SealedKind<Value>, text: string) => {
      const plain = decrypt(key, kind.name, text)
      // The authentication tag proves that this emulator sealed a value of this kind.
      return plain === undefined ? undefined : (JSON.parse(plain) as Value)
    },
  }
}

function encrypt(key: Uint8Array, purpose: string, plain: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Uint8Array, purpose: string, text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < ivBytes + tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes))
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()])
    return plain.toString('utf8')
  } catch (error) {
    // Only final() throws here: the tag does not match.
    if (isError(error)) return undefined
    throw error
  }
}
