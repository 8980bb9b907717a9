// Decrypts a private key that a passphrase protects (EncryptedPrivateKeyInfo, RFC 5958 §3), as OpenSSL writes them.
import { unusable } from '../credential-error.ts'
import { parseGiven, readAlgorithm, readOctets, readOnly, readSequence, UnsupportedError } from './der.ts'
import { decryptPbes2, type Encryption, parsePbes2, pbes2 } from './pbes2.ts'

/** OpenSSL writes 2 048, careful people up to a million. */
const maxIterations = 10_000_000

/**
 * Decrypts an EncryptedPrivateKeyInfo to PKCS#8.
 *
 * @throws ConfigurationError when the passphrase is wrong or the encryption is another one.
 */
export async function decryptPrivateKey(der: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const { encryption, ciphertext } = parse(der)
  const pkcs8 = await decryptPbes2(encryption, ciphertext, passphrase)
  if (pkcs8 === undefined) throw unusable('the passphrase of the private key is wrong')
  return pkcs8
}

function parse(der: Uint8Array): { readonly encryption: Encryption; readonly ciphertext: Uint8Array } {
  return parseGiven(() => {
    const [algorithm, ciphertext] = readSequence(readOnly(der))
    const { identifier, parameters } = readAlgorithm(algorithm)
    if (identifier !== pbes2) throw new UnsupportedError('an encryption other than PBES2')
    return { encryption: parsePbes2(parameters, maxIterations), ciphertext: readOctets(ciphertext) }
  }, 'the private key is encrypted otherwise than by AES with PBKDF2; convert it: openssl pkcs8 -topk8 -v2 aes256 -in key.pem -out new.pem')
}
