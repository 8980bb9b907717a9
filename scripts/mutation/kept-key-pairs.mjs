// RSA keys are slow to make: every process of a run gets the same pairs in the same order, each of them once.
import crypto from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'

/** Keeps the RSA pairs that are made from now on in a folder, and takes those that are there. */
export function keepKeyPairs(folder) {
  const { generateKeyPair, generateKeyPairSync } = crypto
  const taken = new Map()

  crypto.generateKeyPairSync = (type, options) =>
    type === 'rsa' && options?.publicKeyEncoding === undefined
      ? keptPair(options)
      : generateKeyPairSync(type, options)
  // Its promise is a member of its own, as Node has it.
  crypto.generateKeyPair = Object.assign(
    (type, options, done) => {
      if (type !== 'rsa' || options?.publicKeyEncoding !== undefined)
        return generateKeyPair(type, options, done)
      const { publicKey, privateKey } = keptPair(options)
      setImmediate(done, null, publicKey, privateKey)
    },
    {
      [Symbol.for('nodejs.util.promisify.custom')]: (type, options) =>
        new Promise((resolve, reject) => {
          crypto.generateKeyPair(type, options, (error, publicKey, privateKey) =>
            error ? reject(error) : resolve({ publicKey, privateKey }),
          )
        }),
    },
  )
  syncBuiltinESMExports()

  function keptPair(options) {
    // A test of weak keys makes some; they are no other test's.
    const kind = `rsa-${options.modulusLength}-${options.publicExponent ?? 65_537}`
    const index = taken.get(kind) ?? 0
    taken.set(kind, index + 1)
    const path = join(folder, `${kind}-${index}.pem`)
    if (!existsSync(path)) {
      const { privateKey } = generateKeyPairSync('rsa', options)
      // Written elsewhere and moved: another process never reads half a key.
      writeFileSync(`${path}.${process.pid}`, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
        mode: 0o600,
      })
      renameSync(`${path}.${process.pid}`, path)
    }
    const privateKey = crypto.createPrivateKey(readFileSync(path))
    return { privateKey, publicKey: crypto.createPublicKey(privateKey) }
  }
}
