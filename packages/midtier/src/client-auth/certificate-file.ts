// A certificate in a file, read again for every new assertion: a renewal needs no restart.
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { AssertionSigner } from './assertion-signer.ts'
import { readCertificate } from './certificate.ts'
import type { ClientCredential } from './client-credential.ts'
import { unusable } from './credential-error.ts'
import { readCredentialFile, type ReadTextFile } from './read-text-file.ts'
import { createSignedAssertionCredential } from './signed-assertion.ts'

/** Options of {@link clientCertificateFile}. */
export interface ClientCertificateFileOptions {
  /** A PEM file with the certificate and its private key. */
  readonly path: string | undefined
  /** Reads files: `readTextFile` of `midtier/node`. */
  readonly readFile: ReadTextFile
  /** Decrypts an encrypted private key. */
  readonly passphrase?: string | undefined
  /** As for `clientCertificate`. Default false. */
  readonly sendX5c?: boolean
}

const optionNames: readonly (keyof ClientCertificateFileOptions)[] = [
  'path',
  'readFile',
  'passphrase',
  'sendX5c',
]

/**
 * A certificate file as the application's credential.
 *
 * The file is read at the first use and, at most every five minutes, before an assertion is signed; also when the authority
 * refuses the certificate.
 *
 * @throws ConfigurationError at once when the path is missing or is that of a PFX file; at use, when the file cannot be.
 */
export function clientCertificateFile(options: ClientCertificateFileOptions): ClientCredential {
  checkKnownOptions(options, optionNames, 'clientCredential')
  const { readFile } = options
  const path = readPath(options.path)
  let last: { readonly text: string; readonly signer: AssertionSigner } | undefined

  return createSignedAssertionCredential('certificate_file', async () => {
    const text = await readCredentialFile(readFile, path)
    if (last?.text === text) return last.signer
    if (!text.includes('-----BEGIN ')) throw isNoPem(path)
    const signer = await readCertificate({ ...options, certificate: text }).load()
    last = { text, signer }
    return signer
  })
}

function readPath(path: string | undefined): string {
  if (path === undefined || path.trim() === '')
    throw unusable('the path of the certificate is missing: is the variable that holds it set?')
  if (/\.(pfx|p12)$/i.test(path)) throw isNoPem(path)
  return path
}

/** Neither Node nor WebCrypto gives the key of a PFX away. */
function isNoPem(path: string): Error {
  return unusable(
    `${path} is not a PEM file; convert it once: openssl pkcs12 -in ${path} -out certificate.pem -nodes`,
  )
}
