// Every kind of credential at an authority that checks it: the emulator, over HTTP, with one clock for both.
import { generateKeyPairSync } from 'node:crypto'
import { createEmulator, defaultDirectory, type Application, type Emulator } from '@midtier/emulator'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAssertion } from '../../src/client-auth/assertion/assertion.ts'
import { clientCertificate } from '../../src/client-auth/certificate/certificate.ts'
import { clientCertificateFile } from '../../src/client-auth/certificate/certificate-file.ts'
import type { ClientCredential } from '../../src/client-auth/client-credential.ts'
import { federatedManagedIdentity } from '../../src/client-auth/managed-identity/federated-managed-identity.ts'
import { federatedTokenFile } from '../../src/client-auth/federated-token-file.ts'
import { firstOf } from '../../src/client-auth/first-of.ts'
import { createManagedIdentity } from '../../src/client-auth/managed-identity/managed-identity.ts'
import {
  appServiceEndpoint,
  imdsEndpoint,
} from '../../src/client-auth/managed-identity/managed-identity-endpoint.ts'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { buildClientCredentials } from '../../src/grants/client-credentials.ts'
import { requestToken } from '../../src/grants/token-endpoint/token-endpoint.ts'
import { createCallContext, type ObservedEvent } from '../../src/kernel/observer.ts'
import { HandClock, printed } from './application.ts'
import { createCertificate } from './certificates.ts'
import { startStandIn } from './stand-in-endpoint.ts'

const contoso = 'c0000000-0000-4000-8000-000000000001'
const daemon = 'a0000000-0000-4000-8000-000000000004'
/** The principal of the managed identity that the emulator's host has. */
const hostPrincipal = 'c0000000-0000-4000-8000-0000000000d1'
const todoApi = 'a0000000-0000-4000-8000-000000000003'

const registered = createCertificate('registered')
const renewed = createCertificate('renewed')
const foreign = createCertificate('foreign')
const federation = generateKeyPairSync('rsa', { modulusLength: 2048 })
const issuer = 'https://oidc.cluster.example/'
const subject = 'system:serviceaccount:todo:middle-tier'
const validSecret = 'the-secret-that-is-still-good'
const expiredSecret = 'the-secret-that-has-expired'

function register(application: Application): Application {
  if (application.id !== daemon) return application
  const jwk = { ...federation.publicKey.export({ format: 'jwk' }), kid: 'cluster', alg: 'RS256' }
  return {
    ...application,
    secrets: [{ value: validSecret }, { value: expiredSecret, expires: '2027-01-01T00:00:00Z' }],
    certificates: [registered.pem, renewed.pem],
    federatedCredentials: [
      { issuer, subject, jwks: { keys: [jwk] } },
      { issuer: `https://login.microsoftonline.com/${contoso}/v2.0`, subject: hostPrincipal },
    ],
  }
}

const clock = new HandClock()
let emulator: Emulator
beforeAll(async () => {
  const applications = defaultDirectory.applications.map(register)
  emulator = await createEmulator({
    directory: { ...defaultDirectory, applications },
    clock: { now: () => clock.ms },
  })
})
afterAll(() => emulator.stop())

/** An app-only token by this credential; counts what the token endpoint answered. */
async function acquire(clientCredential: ClientCredential): Promise<ObservedEvent[]> {
  const events: ObservedEvent[] = []
  const endpoint = {
    clientId: daemon,
    clientCredential,
    clientAuthentication: 'client_secret_post' as const,
    clientCapabilities: [],
    tokenEndpoint: (tenant: string) => `${emulator.origin}/${tenant}/oauth2/v2.0/token`,
    timeoutMs: 10_000,
    maxResponseBytes: 65_536,
    fetch,
    clock,
  }
  const context = createCallContext(
    (event) => events.push(event),
    () => clock.ms,
    undefined,
  )
  const call = { tenantId: contoso, accountId: undefined, agentId: undefined, claims: undefined, context }
  await requestToken(endpoint, buildClientCredentials([`api://${todoApi}/.default`]), call)
  return events
}

const answers = (events: ObservedEvent[]): unknown[] =>
  events.map((event) =>
    event.type === 'token_requested' ? (event.errorNumbers[0] ?? event.status) : event.type,
  )

async function federatedToken(payload: Record<string, unknown> = {}): Promise<string> {
  const seconds = Math.floor(clock.ms / 1000)
  return new SignJWT({
    sub: subject,
    iss: issuer,
    aud: 'api://AzureADTokenExchange',
    exp: seconds + 3600,
    ...payload,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'cluster' })
    .sign(federation.privateKey)
}

describe('the authority', () => {
  it('accepts a registered certificate, hour after hour', async () => {
    const credential = clientCertificate({
      certificate: registered.pem,
      privateKey: registered.keyPem,
      clock,
    })
    for (let hour = 0; hour < 3; hour += 1) {
      expect(answers(await acquire(credential))).toEqual([200])
      clock.advanceSeconds(3600)
    }
  })

  it('accepts a reused assertion just before it is renewed', async () => {
    const credential = clientCertificate({
      certificate: registered.pem,
      privateKey: registered.keyPem,
      clock,
    })
    expect(answers(await acquire(credential))).toEqual([200])
    clock.advanceSeconds(299)
    expect(answers(await acquire(credential))).toEqual([200])
  })

  it('accepts a certificate with its chain', async () => {
    const credential = clientCertificate({
      certificate: registered.pem,
      privateKey: registered.keyPem,
      sendX5c: true,
      clock,
    })
    expect(answers(await acquire(credential))).toEqual([200])
  })

  it.each([
    ['the metadata service', () => imdsEndpoint(emulator.origin)],
    [
      'App Service',
      () =>
        appServiceEndpoint({
          endpoint: `${emulator.origin}/msi/token`,
          header: 'identity-header-for-local-use-only',
        }),
    ],
  ])('vouches for its own host by %s, and accepts that as a credential', async (_, endpoint) => {
    const identity = createManagedIdentity({ endpoint: endpoint(), clock })
    const { accessToken } = await identity.acquireToken({ resource: `api://${todoApi}` })
    expect(JSON.parse(atob(accessToken.split('.')[1]!))).toMatchObject({ aud: todoApi, oid: hostPrincipal })
    expect(answers(await acquire(federatedManagedIdentity(identity)))).toEqual([200])
  })

  it('refuses a certificate that is not registered, once and readably', async () => {
    const credential = clientCertificate({ certificate: foreign.pem, privateKey: foreign.keyPem, clock })
    await expect(acquire(credential)).rejects.toMatchObject({
      facts: { error: 'invalid_client', errorNumbers: [700027] },
    })
  })

  it('accepts the renewed certificate file in the request in which it refused the old one', async () => {
    let text = foreign.pem + foreign.keyPem
    const credential = clientCertificateFile({ path: '/certs/app.pem', readFile: async () => text })
    await expect(acquire(credential)).rejects.toMatchObject({ facts: { errorNumbers: [700027] } })
    text = renewed.pem + renewed.keyPem
    expect(answers(await acquire(credential))).toEqual([700027, 200])
    expect(answers(await acquire(credential))).toEqual([200])
  })

  it('accepts the second secret in the request in which it refused the first', async () => {
    const credential = firstOf([clientSecret(expiredSecret), clientSecret(validSecret)])
    expect(answers(await acquire(credential))).toEqual([7000222, 200])
    expect(answers(await acquire(credential))).toEqual([200])
  })

  it('accepts the rotated secret of a vault for requests that were refused at the same time', async () => {
    const versions = [expiredSecret, validSecret]
    const credential = firstOf([() => clientSecret(versions.shift())])
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => acquire(credential)))
    expect(outcomes.map(answers)).toEqual([1, 2, 3, 4].map(() => [7000222, 200]))
  })

  it('is asked twice at most when every secret is refused', async () => {
    emulator.requests.clear()
    const credential = firstOf(['one', 'two', 'three'].map((secret) => clientSecret(secret)))
    await expect(acquire(credential)).rejects.toMatchObject({ facts: { errorNumbers: [7000215] } })
    expect(emulator.requests.list({ endpoint: 'token' })).toHaveLength(2)
  })

  it('accepts the token of a federated token file, and the next one in the file', async () => {
    let token = await federatedToken()
    const credential = federatedTokenFile({ path: '/var/token', readFile: async () => `${token}\n` })
    expect(answers(await acquire(credential))).toEqual([200])
    clock.advanceSeconds(7200)
    await expect(acquire(credential)).rejects.toThrow(/expired on/)
    token = await federatedToken()
    expect(answers(await acquire(credential))).toEqual([200])
  })

  it('accepts what an assertion callback gives, and names what is wrong with it otherwise', async () => {
    expect(answers(await acquire(clientAssertion(() => federatedToken())))).toEqual([200])
    const stranger = clientAssertion(() => federatedToken({ sub: 'somebody else' }))
    await expect(acquire(stranger)).rejects.toMatchObject({ facts: { errorNumbers: [700213] } })
  })

  it('accepts the token of a managed identity as proof, renewed when it was refused', async () => {
    const stale = await federatedToken({ exp: Math.floor(clock.ms / 1000) - 3600 })
    const fresh = await federatedToken()
    const imds = await startStandIn((_seen, count) => ({
      status: 200,
      body: { access_token: count === 1 ? stale : fresh, expires_in: '86400' },
    }))
    const credential = federatedManagedIdentity(
      createManagedIdentity({ endpoint: imdsEndpoint(imds.origin), clock }),
    )
    expect(answers(await acquire(credential))).toEqual([700024, 200])
    expect(imds.requests).toHaveLength(2)
    imds.stop()
  })

  it('takes the certificate of the developer where there is no managed identity', async () => {
    const imds = await startStandIn(() => ({
      status: 400,
      body: { error_description: 'Identity not found' },
    }))
    const credential = firstOf([
      federatedManagedIdentity(createManagedIdentity({ endpoint: imdsEndpoint(imds.origin), clock })),
      () => clientCertificate({ certificate: registered.pem, privateKey: registered.keyPem, clock }),
    ])
    expect(answers(await acquire(credential))).toEqual([200])
    imds.stop()
  })

  it('leaves nothing of secret or assertion in errors and events', async () => {
    const assertion = await federatedToken({ sub: 'somebody else' })
    const failures = await Promise.allSettled([
      acquire(clientSecret(expiredSecret)),
      acquire(clientAssertion(() => assertion)),
      acquire(clientCertificate({ certificate: foreign.pem, privateKey: foreign.keyPem, clock })),
    ])
    const text = failures
      .map((failure) => printed(failure.status === 'rejected' ? failure.reason : 'accepted'))
      .join()
    expect(text).not.toContain('accepted')
    expect(text).not.toContain(expiredSecret)
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)
  })
})
