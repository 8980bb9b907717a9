// How the sidecar proves itself to the authority: the credentials of Microsoft.Identity.Web, by its names.
import { existsSync } from 'node:fs'
import {
  appServiceEndpoint,
  clientCertificate,
  clientCertificateFile,
  type ClientCredential,
  clientSecret,
  createManagedIdentity,
  federatedManagedIdentity,
  federatedTokenFile,
  firstOf,
  imdsEndpoint,
  type ManagedIdentityEndpoint,
} from 'midtier'
import { readBinaryFile, readTextFile } from 'midtier/node'
import { SettingError } from '../kernel/refusals.ts'
import type { Environment, Section } from './configuration.ts'

type Read = (section: Section, environment: Environment) => ClientCredential

const kinds: Readonly<Record<string, Read>> = {
  ClientSecret: (section) => clientSecret(demand(section, 'ClientSecret')),
  SignedAssertionFilePath: (section, environment) =>
    federatedTokenFile({ path: tokenFile(section, environment), readFile: readTextFile }),
  SignedAssertionFromManagedIdentity: readManagedIdentity,
  Path: (section) =>
    clientCertificateFile({
      path: demandFile(section.nameOf('CertificateDiskPath'), section.text('CertificateDiskPath')),
      passphrase: section.text('CertificatePassword'),
      readFile: readBinaryFile,
    }),
  Base64Encoded: (section) =>
    clientCertificate({
      certificate: demand(section, 'Base64EncodedValue'),
      passphrase: section.text('CertificatePassword'),
    }),
}

/**
 * The credentials of a registration, the first that works counts; `undefined` without any.
 *
 * @throws SettingError naming the setting that is missing or not known.
 */
export function readCredential(azureAd: Section, environment: Environment): ClientCredential | undefined {
  const found = [...azureAd.list('ClientCredentials'), ...azureAd.list('ClientCertificates')].map((section) =>
    readOne(section, environment),
  )
  const secret = azureAd.text('ClientSecret')
  if (secret !== undefined) found.push(clientSecret(secret))
  const [first] = found
  if (first === undefined) return fromWorkloadIdentity(environment)
  return found.length === 1 ? first : firstOf(found)
}

/** What a cluster with workload identity adds by itself. */
function fromWorkloadIdentity(environment: Environment): ClientCredential | undefined {
  const path = environment['AZURE_FEDERATED_TOKEN_FILE']?.trim()
  if (path === undefined || path === '') return undefined
  return federatedTokenFile({
    path: demandFile('AZURE_FEDERATED_TOKEN_FILE', path),
    readFile: readTextFile,
  })
}

function readOne(section: Section, environment: Environment): ClientCredential {
  const setting = section.nameOf('SourceType')
  const wanted = section.text('SourceType') ?? guessKind(section)
  const known = Object.keys(kinds)
  if (wanted === undefined) throw new SettingError(setting, `is missing: one of ${known.join(', ')}`)
  const kind = known.find((name) => name.toLowerCase() === wanted.toLowerCase())
  const read = kind === undefined ? undefined : kinds[kind]
  if (read === undefined)
    throw new SettingError(
      setting,
      `is a kind that the sidecar does not have: use one of ${known.join(', ')}`,
    )
  return read(section, environment)
}

function guessKind(section: Section): string | undefined {
  if (section.text('ClientSecret') !== undefined) return 'ClientSecret'
  if (section.text('CertificateDiskPath') !== undefined) return 'Path'
  return section.text('Base64EncodedValue') === undefined ? undefined : 'Base64Encoded'
}

function tokenFile(section: Section, environment: Environment): string {
  const names = ['SignedAssertionFileDiskPath', 'SignedAssertionFilePath']
  const name = names.find((each) => section.text(each) !== undefined)
  if (name !== undefined) return demandFile(section.nameOf(name), section.text(name))
  return demandFile(
    section.nameOf('SignedAssertionFileDiskPath'),
    environment['AZURE_FEDERATED_TOKEN_FILE']?.trim(),
  )
}

function readManagedIdentity(section: Section, environment: Environment): ClientCredential {
  const clientId = section.text('ManagedIdentityClientId')
  const audience = section.text('TokenExchangeUrl')
  const identity = createManagedIdentity({
    endpoint: identityEndpoint(environment),
    ...(clientId === undefined ? {} : { clientId }),
  })
  return federatedManagedIdentity(identity, audience === undefined ? {} : { audience })
}

/** Where a managed identity gets its tokens on this host. */
export function identityEndpoint(environment: Environment): ManagedIdentityEndpoint {
  const endpoint = environment['IDENTITY_ENDPOINT']
  return endpoint === undefined
    ? imdsEndpoint()
    : appServiceEndpoint({ endpoint, header: environment['IDENTITY_HEADER'] })
}

function demand(section: Section, key: string): string {
  const value = section.text(key)
  if (value === undefined) throw new SettingError(section.nameOf(key), 'is missing')
  return value
}

function demandFile(setting: string, path: string | undefined): string {
  if (path === undefined) throw new SettingError(setting, 'is missing: the path of a file')
  if (!existsSync(path)) throw new SettingError(setting, 'names a file that is not there: is it mounted?')
  return path
}
