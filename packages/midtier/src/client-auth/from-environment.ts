// The registration from the AZURE_* variables of the Azure SDKs, read once and only when asked to, from what the caller hands in.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { clientCertificateFile } from './certificate/certificate-file.ts'
import type { ClientCredential } from './client-credential.ts'
import { federatedTokenFile } from './federated-token-file.ts'
import { asTextReader, type ReadFile } from './read-text-file.ts'
import { clientSecret } from './secret.ts'

/** The part of the options of `createWebApi` that the environment decides. */
export interface EnvironmentOptions {
  readonly tenantId: string
  readonly clientId: string
  /** Authority host; absent without `AZURE_AUTHORITY_HOST`. */
  readonly instance?: string | undefined
  readonly clientCredential: ClientCredential
}

/** What reading the environment needs beside it. */
export interface EnvironmentPorts {
  /**
   * Reads certificate and token files: `readBinaryFile` of `midtier/node`, or `readTextFile` when the certificate is not a PFX.
   * Needed when a variable names a file.
   */
  readonly readFile?: ReadFile | undefined
}

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_AUTHORITY_HOST` and the first credential of `AZURE_CLIENT_SECRET`,
 * `AZURE_CLIENT_CERTIFICATE_PATH` (with `AZURE_CLIENT_CERTIFICATE_PASSWORD`) and `AZURE_FEDERATED_TOKEN_FILE`: the order of the
 * Azure SDKs, where what was set by hand goes before what a cluster adds by itself. A blank variable counts as absent.
 *
 * @throws ConfigurationError naming the variable that is missing.
 * @example
 * ```ts
 * const api = createWebApi({ ...fromEnvironment(process.env, { readFile: readBinaryFile }) })
 * ```
 */
export function fromEnvironment(environment: Environment, ports: EnvironmentPorts = {}): EnvironmentOptions {
  const instance = read(environment, 'AZURE_AUTHORITY_HOST')
  return {
    tenantId: demand(environment, 'AZURE_TENANT_ID'),
    clientId: demand(environment, 'AZURE_CLIENT_ID'),
    ...(instance === undefined ? {} : { instance: withScheme(instance) }),
    clientCredential: readCredential(environment, ports),
  }
}

function readCredential(environment: Environment, ports: EnvironmentPorts): ClientCredential {
  const secret = read(environment, 'AZURE_CLIENT_SECRET')
  if (secret !== undefined) return clientSecret(secret)
  const certificate = read(environment, 'AZURE_CLIENT_CERTIFICATE_PATH')
  if (certificate !== undefined)
    return clientCertificateFile({
      path: certificate,
      passphrase: read(environment, 'AZURE_CLIENT_CERTIFICATE_PASSWORD'),
      readFile: demandReader(ports, 'AZURE_CLIENT_CERTIFICATE_PATH'),
    })
  const token = read(environment, 'AZURE_FEDERATED_TOKEN_FILE')
  if (token !== undefined)
    return federatedTokenFile({
      path: token,
      readFile: asTextReader(demandReader(ports, 'AZURE_FEDERATED_TOKEN_FILE')),
    })
  throw new ConfigurationError(
    'AZURE_CLIENT_SECRET',
    'is not set; neither are AZURE_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE, and one of the three is needed',
  )
}

function read(environment: Environment, name: string): string | undefined {
  const value = environment[name]
  return value === undefined || value.trim() === '' ? undefined : value
}

function demand(environment: Environment, name: string): string {
  const value = read(environment, name)
  if (value === undefined) throw new ConfigurationError(name, 'is not set')
  return value
}

function demandReader({ readFile }: EnvironmentPorts, name: string): ReadFile {
  if (readFile === undefined)
    throw new ConfigurationError(name, "names a file: pass { readFile: readBinaryFile } from 'midtier/node'")
  return readFile
}

/** The Azure SDKs take a bare host name as well. */
function withScheme(host: string): string {
  return /^https?:\/\//i.test(host) ? host : `https://${host}`
}
