// A certificate in a file, read again for every new assertion: a renewal needs no restart.
import { checkKnownOptions } from '../../kernel/known-options.ts'
import type { AssertionSigner } from '../assertion/assertion-signer.ts'
import { readCertificate } from './certificate.ts'
import type { ClientCredential } from '../client-credential.ts'
import { unusable } from '../credential-error.ts'
import { type ReadFile, readCredentialFile } from '../read-text-file.ts'
import { createSignedAssertionCredential } from '../assertion/signed-assertion.ts'

/** Options of {@link clientCertificateFile}. */
export interface ClientCertificateFileOptions {
  /** A PEM or PFX file with the certificate and its private key. */
  readonly path: string | undefined
  /** Reads files: `readBinaryFile` of `midtier/node`, or `readTextFile` for PEM alone. */
  readonly readFile: ReadFile
  /** Decrypts an encrypted private key, or opens a PFX. Default: none, which a PFX takes for an empty one. */
  readonly passphrase?: string | undefined
  /** As for `clientCertificate`. Default false. */
  readonly sendX5c?: boolean | undefined
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
 * @throws ConfigurationError at once when the path is missing; at use, when the file cannot be read or the passphrase is wrong.
 * @example
 * ```ts
 * const clientCredential = clientCertificateFile({
 *   path: '/etc/api/certificate.pem',
 *   readFile: readTextFile, // of 'midtier/node'; readBinaryFile for a PFX
 * })
 * ```
 */
export function clientCertificateFile(options: ClientCertificateFileOptions): ClientCredential {
  checkKnownOptions(options, optionNames, 'clientCredential')
  const { readFile } = options
  const path = readPath(options.path)
  let last: { readonly content: string | Uint8Array; readonly signer: AssertionSigner } | undefined

  return createSignedAssertionCredential('certificate_file', async () => {
    const content = await readCredentialFile(readFile, path)
    if (last !== undefined && isSame(last.content, content)) return last.signer
    const signer = await readCertificate({ ...options, certificate: content }).load()
    last = { content, signer }
    return signer
  })
}

function readPath(path: string | undefined): string {
  if (path === undefined || path.trim() === '')
    throw unusable('the path of the certificate is missing: is the variable that holds it set?')
  return path
}

function isSame(before: string | Uint8Array, now: string | Uint8Array): boolean {
  if (typeof before === 'string' || typeof now === 'string') return before === now
  return before.length === now.length && before.every((byte, at) => byte === now[at])
}
