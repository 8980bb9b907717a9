// Every credential: the kind that health and telemetry tell of it, and the options that it knows.
import { describe, expect, it } from 'vitest'
import { clientAssertion } from '../../src/client-auth/assertion/assertion.ts'
import { clientSigner } from '../../src/client-auth/assertion/signer.ts'
import { clientCertificate } from '../../src/client-auth/certificate/certificate.ts'
import { clientCertificateFile } from '../../src/client-auth/certificate/certificate-file.ts'
import type { ClientCredential } from '../../src/client-auth/client-credential.ts'
import { federatedTokenFile } from '../../src/client-auth/federated-token-file.ts'
import { firstOf } from '../../src/client-auth/first-of.ts'
import { federatedManagedIdentity } from '../../src/client-auth/managed-identity/federated-managed-identity.ts'
import { createManagedIdentity } from '../../src/client-auth/managed-identity/managed-identity.ts'
import { imdsEndpoint } from '../../src/client-auth/managed-identity/managed-identity-endpoint.ts'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { createCertificate } from './certificates.ts'

const { pem, keyPem, thumbprint } = createCertificate('midtier')
const file = { path: '/etc/x', readFile: () => Promise.resolve('') }
const sign = () => Promise.resolve(new Uint8Array())
const identity = { endpoint: imdsEndpoint() }

describe('a credential', () => {
  it.each<[string, ClientCredential]>([
    ['secret', clientSecret('x')],
    ['assertion', clientAssertion(() => '')],
    ['signer', clientSigner({ sign, thumbprint })],
    ['certificate', clientCertificate({ certificate: pem, privateKey: keyPem })],
    ['certificate_file', clientCertificateFile(file)],
    ['federated_token_file', federatedTokenFile(file)],
    ['managed_identity', federatedManagedIdentity(createManagedIdentity(identity))],
    ['first_of', firstOf([clientSecret('x')])],
  ])('is of the kind %s', (kind, credential) => {
    expect(credential.kind).toBe(kind)
  })

  it.each<[string, (more: object) => unknown, string]>([
    [
      'clientCertificate',
      (more) => clientCertificate({ certificate: pem, ...more }),
      'clientCredential.zzzzzzzz: unknown option; known options: certificate, privateKey, passphrase, sendX5c, clock',
    ],
    [
      'clientCertificateFile',
      (more) => clientCertificateFile({ ...file, ...more }),
      'clientCredential.zzzzzzzz: unknown option; known options: path, readFile, passphrase, sendX5c',
    ],
    [
      'clientSigner',
      (more) => clientSigner({ sign, ...more }),
      'clientCredential.zzzzzzzz: unknown option; known options: sign, certificate, thumbprint, sendX5c, timeoutMs',
    ],
    [
      'federatedTokenFile',
      (more) => federatedTokenFile({ ...file, ...more }),
      'clientCredential.zzzzzzzz: unknown option; known options: path, readFile',
    ],
    [
      'createManagedIdentity',
      (more) => createManagedIdentity({ ...identity, ...more }),
      'managedIdentity.zzzzzzzz: unknown option; known options: endpoint, clientId, objectId, resourceId, fetch, clock, timeoutMs, budgetMs, wait',
    ],
  ])('by %s takes no option that it does not know', (_name, create, message) => {
    expect(() => create({ zzzzzzzz: 1 })).toThrow(message)
  })
})
