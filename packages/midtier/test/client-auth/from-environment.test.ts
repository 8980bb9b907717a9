import { describe, expect, it } from 'vitest'
import { fromEnvironment } from '../../src/client-auth/from-environment.ts'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { decodeJwt, factsAt, fakeJwt, HandClock, write, writtenAssertion } from './application.ts'
import { createCertificate } from './certificates.ts'

const registration = { AZURE_TENANT_ID: 'contoso.onmicrosoft.com', AZURE_CLIENT_ID: 'the-client' }
const facts = factsAt(new HandClock())

describe('the environment', () => {
  it('gives registration, authority and secret as the Azure SDKs name them', async () => {
    const { clientCredential, ...rest } = fromEnvironment({
      ...registration,
      AZURE_CLIENT_SECRET: 'the-secret',
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/',
    })
    expect(rest).toEqual({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'the-client',
      instance: 'https://login.microsoftonline.us/',
    })
    expect((await write(clientCredential, facts)).get('client_secret')).toBe('the-secret')
  })

  it('leaves the authority to its default, and takes a bare host', () => {
    const secret = { ...registration, AZURE_CLIENT_SECRET: 'the-secret' }
    expect(fromEnvironment(secret)).not.toHaveProperty('instance')
    expect(fromEnvironment({ ...secret, AZURE_AUTHORITY_HOST: 'login.chinacloudapi.cn' }).instance).toBe(
      'https://login.chinacloudapi.cn',
    )
  })

  it('gives a certificate file with its password', async () => {
    const certificate = createCertificate('env')
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'the-password' }
    const key = certificate.privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher }).toString()
    const { clientCredential } = fromEnvironment(
      {
        ...registration,
        AZURE_CLIENT_CERTIFICATE_PATH: '/certs/app.pem',
        AZURE_CLIENT_CERTIFICATE_PASSWORD: 'the-password',
      },
      { readFile: async (path) => (path === '/certs/app.pem' ? certificate.pem + key : '') },
    )
    const jwt = await writtenAssertion(clientCredential, facts)
    expect(decodeJwt(jwt).header['x5t#S256']).toBe(certificate.thumbprint)
  })

  it('gives a federated token file, unless something was set by hand', async () => {
    const federated = { ...registration, AZURE_FEDERATED_TOKEN_FILE: '/var/token' }
    const ports = { readFile: async () => fakeJwt({}) }
    const { clientCredential } = fromEnvironment({ ...federated, AZURE_CLIENT_SECRET: ' ' }, ports)
    expect(await writtenAssertion(clientCredential, facts)).toBe(fakeJwt({}))
    expect(fromEnvironment({ ...federated, AZURE_CLIENT_SECRET: 's' }, ports).clientCredential.kind).toBe(
      'secret',
    )
  })

  it.each([
    ['AZURE_TENANT_ID', { AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' }],
    ['AZURE_CLIENT_ID', { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: '', AZURE_CLIENT_SECRET: 's' }],
    ['AZURE_CLIENT_SECRET', registration],
    ['AZURE_FEDERATED_TOKEN_FILE', { ...registration, AZURE_FEDERATED_TOKEN_FILE: '/t' }],
    ['AZURE_CLIENT_CERTIFICATE_PATH', { ...registration, AZURE_CLIENT_CERTIFICATE_PATH: '/t.pem' }],
  ])('says which variable is at fault: %s', (name, environment) => {
    expect(() => fromEnvironment(environment)).toThrow(ConfigurationError)
    expect(() => fromEnvironment(environment)).toThrow(new RegExp(`^${name}: `))
  })
})
