// A federated token that the platform keeps fresh in a file: workload identity on Kubernetes.
import { decodeBase64url } from '../kernel/crypto/base64url.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { parseJsonObject } from '../kernel/json.ts'
import { isCompactJwt, readAssertion, writeAssertion } from './assertion/assertion-parameters.ts'
import type { ClientCredential } from './client-credential.ts'
import { unusable } from './credential-error.ts'
import { readCredentialFile, type ReadTextFile } from './read-text-file.ts'

/** Options of {@link federatedTokenFile}. */
export interface FederatedTokenFileOptions {
  /** Path of the token, as in `AZURE_FEDERATED_TOKEN_FILE`. */
  readonly path: string | undefined
  /** Reads files: `readTextFile` of `midtier/node`. */
  readonly readFile: ReadTextFile
}

const optionNames: readonly (keyof FederatedTokenFileOptions)[] = ['path', 'readFile']

/** How far clocks may differ before an expired token is not even sent. */
const clockToleranceMs = 300_000

/**
 * A federated token file as the application's credential.
 *
 * The file is read for every exchange: a small read beside a request to the authority, and no rotation is ever missed.
 *
 * @throws ConfigurationError at once when the path is missing; at use, when the file cannot be read or its token has expired.
 * @example
 * ```ts
 * // Workload identity on Kubernetes.
 * const clientCredential = federatedTokenFile({
 *   path: process.env['AZURE_FEDERATED_TOKEN_FILE'],
 *   readFile: readTextFile, // of 'midtier/node'
 * })
 * ```
 */
export function federatedTokenFile(options: FederatedTokenFileOptions): ClientCredential {
  checkKnownOptions(options, optionNames, 'clientCredential')
  const { path, readFile } = options
  if (path === undefined || path.trim() === '')
    throw unusable('the path of the federated token is missing: is AZURE_FEDERATED_TOKEN_FILE set?')
  return {
    kind: 'federated_token_file',
    async addTo(parameters, { clock }) {
      const token = await readToken(readFile, path)
      const expiresAtMs = readExpiry(token)
      if (expiresAtMs !== undefined && clock.nowMs() > expiresAtMs + clockToleranceMs)
        throw unusable(
          `the federated token in ${path} expired on ${new Date(expiresAtMs).toISOString()}: what renews the file has stopped`,
        )
      writeAssertion(parameters, token)
    },
    rejected: async (parameters) => (await readToken(readFile, path)) !== readAssertion(parameters),
  }
}

async function readToken(readFile: ReadTextFile, path: string): Promise<string> {
  const token = (await readCredentialFile(readFile, path)).trim()
  if (!isCompactJwt(token)) throw unusable(`the file ${path} holds something other than a JWT`)
  return token
}

/** For a readable error alone: the authority decides. */
function readExpiry(token: string): number | undefined {
  const bytes = decodeBase64url(token.split('.')[1] ?? '')
  const exp = bytes === undefined ? undefined : parseJsonObject(new TextDecoder().decode(bytes))?.['exp']
  return typeof exp === 'number' && Math.abs(exp) < 8e12 ? exp * 1000 : undefined
}
