import { createHash, generateKeyPairSync, randomUUID, sign, constants, type KeyObject } from 'node:crypto'
import { ConfidentialClientApplication } from '@azure/msal-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createCertificate, thumbprint, toPem } from '../../src/x509/certificate.ts'
import { authorityMetadata } from '../msal/configuration.ts'
import { expectDecisions } from '../decisions.ts'
import {
  claimsOf,
  contoso,
  middleTier,
  onBehalfOf,
  postToken,
  todoApi,
  webClient,
  type Json,
} from '../scenario.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const names = { subject: 'middle tier', issuer: 'middle tier' }
const validity = { notBefore: Date.now() - 1000, notAfter: Date.now() + 86_400_000 }
const certificate = createCertificate({ ...names, ...validity, publicKey, issuerKey: privateKey })
const ecKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ecCertificate = createCertificate({
  ...names,
  ...validity,
  publicKey: ecKeys.publicKey,
  issuerKey: ecKeys.privateKey,
})
const issuer = 'https://token.actions.example'
const federation = {
  issuer,
  subject: 'repo:contoso/todo:ref:refs/heads/main',
  jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'actions', alg: 'RS256' }] },
}

let emulator: Emulator
beforeAll(async () => {
  const applications = defaultDirectory.applications.map((it) =>
    it.id === middleTier
      ? {
          ...it,
          certificates: [toPem(ecCertificate), toPem(certificate)],
          federatedCredentials: [federation],
        }
      : it,
  )
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())

const unnamed = { 'x5t#S256': undefined }
const digest = (hash: string): string => createHash(hash).update(certificate).digest('base64url')
const now = (): number => Math.floor(Date.now() / 1000)
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

function assertion(changes: { header?: Json; payload?: Json; key?: KeyObject } = {}): string {
  const header: Json = { alg: 'PS256', typ: 'JWT', 'x5t#S256': digest('sha256'), ...changes.header }
  const aud = `${emulator.origin}/${contoso}/oauth2/v2.0/token`
  const base = {
    iss: middleTier,
    sub: middleTier,
    aud,
    jti: randomUUID(),
    nbf: now(),
    iat: now(),
    exp: now() + 600,
  }
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${encode(header)}.${encode({ ...base, ...changes.payload })}`
  const padding = header['alg'] === 'PS256' ? pss : {}
  const signature = sign('sha256', Buffer.from(input), { key: changes.key ?? privateKey, ...padding })
  return `${input}.${signature.toString('base64url')}`
}

function ask(client_assertion: string, tenant = contoso): ReturnType<typeof postToken> {
  const form = {
    grant_type: 'client_credentials',
    client_id: middleTier,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion,
    scope: `api://${todoApi}/.default`,
  }
  return postToken(emulator, form, { tenant })
}

describe('a certificate assertion', () => {
  it('is accepted with PS256 and x5t#S256, and counts as a certificate', async () => {
    const { status, body } = await ask(assertion())
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)['azpacr']).toBe('2')
  })

  it('is accepted with RS256 and x5t, and with x5c alone', async () => {
    const x5t = { alg: 'RS256', 'x5t#S256': undefined, x5t: digest('sha1') }
    expect((await ask(assertion({ header: x5t }))).status).toBe(200)
    const x5c = { 'x5t#S256': undefined, x5c: [certificate.toString('base64')] }
    expect((await ask(assertion({ header: x5c }))).status).toBe(200)
  })

  it('is for the endpoint of no tenant, where it is sent there: the client is known before the tenant is asked for', async () => {
    const aud = `${emulator.origin}/organizations/oauth2/v2.0/token`
    const { body } = await ask(assertion({ payload: { aud } }), 'organizations')
    expect(body['error_codes']).toEqual([90019])
    const elsewhere = await ask(assertion(), 'organizations')
    expect(elsewhere.body['error_codes']).toEqual([700023])
  })

  it('proves nothing by the key of another kind that was registered, too', async () => {
    const x5t = createHash('sha256').update(ecCertificate).digest('base64url')
    const { body } = await ask(assertion({ header: { 'x5t#S256': x5t } }))
    expect(body['error_codes']).toEqual([700027])
  })

  it('may be used again, and start a few minutes in the future', async () => {
    const text = assertion({ payload: { nbf: now() + 200 } })
    expect((await ask(text)).status).toBe(200)
    expect((await ask(text)).status).toBe(200)
  })

  it.each<[string, Parameters<typeof assertion>[0], number]>([
    ['of another key', { key: stranger }, 700027],
    ['with an unknown thumbprint', { header: { 'x5t#S256': 'unknown' } }, 700027],
    [
      'with an unknown one beside the right one',
      { header: { 'x5t#S256': 'x', x5t: digest('sha1') } },
      700027,
    ],
    ['with a thumbprint of the other hash', { header: { 'x5t#S256': digest('sha1') } }, 700027],
    ['with a thumbprint that is no text', { header: { 'x5t#S256': 7 } }, 700027],
    ['with an unknown x5t', { header: { ...unnamed, x5t: digest('sha256') } }, 700027],
    [
      'with the certificate of somebody else',
      { header: { ...unnamed, x5c: [ecCertificate.toString('base64').slice(4)] } },
      700027,
    ],
    [
      'with a certificate outside a list',
      { header: { ...unnamed, x5c: certificate.toString('base64') } },
      700027,
    ],
    ['without the name of a certificate', { header: unnamed }, 700027],
    ['for a key of another kind', { header: { 'x5t#S256': thumbprint(ecCertificate, 'sha256') } }, 700027],
    ['with another algorithm', { header: { alg: 'RS512' } }, 700027],
    ['without end', { payload: { exp: undefined } }, 700024],
    ['with an end that is no number', { payload: { exp: 'never' } }, 700024],
    ['about somebody else', { payload: { sub: webClient } }, 700021],
    ['for nobody', { payload: { aud: undefined } }, 700023],
    ['for audiences that are no text', { payload: { aud: [7, {}] } }, 700023],
    ['that has expired', { payload: { exp: now() - 400, nbf: now() - 1000 } }, 700024],
    ['from the future', { payload: { nbf: now() + 400 } }, 700024],
    ['of another application', { payload: { iss: webClient, sub: webClient } }, 700021],
    ['for another audience', { payload: { aud: 'https://elsewhere.example' } }, 700023],
  ])('is refused when it is %s', async (_, changes, code) => {
    const { status, body } = await ask(assertion(changes))
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'invalid_client', error_codes: [code] })
  })

  it.each<[string, Parameters<typeof assertion>[0]]>([
    ['padded', { header: { 'x5t#S256': createHash('sha256').update(certificate).digest('base64') } }],
    [
      'in x5t alone, padded',
      { header: { ...unnamed, x5t: createHash('sha1').update(certificate).digest('base64') } },
    ],
  ])('may have its thumbprint %s, as old clients write it', async (_, changes) => {
    expect((await ask(assertion(changes))).status).toBe(200)
  })

  it('may be for the endpoint by any of its names, an issuer of the tenant, or one of several audiences', async () => {
    const endpoint = `${emulator.origin}/${contoso}/oauth2/v2.0/token`
    const audiences = [
      endpoint.toUpperCase(),
      endpoint.replace('localhost', '127.0.0.1'),
      `https://login.microsoftonline.com/${contoso}/oauth2/v2.0/token`,
      `${emulator.origin}/${contoso}/v2.0`,
      `${emulator.origin}/${contoso}/`,
      [7, 'https://elsewhere.example', endpoint],
    ]
    for (const aud of audiences) expect((await ask(assertion({ payload: { aud } }))).status).toBe(200)
  })

  it('may end, or begin, a few minutes away, and is told its times beyond that', async () => {
    expect((await ask(assertion({ payload: { exp: now() - 200 } }))).status).toBe(200)
    expect((await ask(assertion({ payload: { nbf: undefined } }))).status).toBe(200)
    const { body } = await ask(assertion({ payload: { nbf: 946_684_800, exp: 978_307_200 } }))
    expect(body['error_description']).toContain(
      'valid from 2000-01-01 00:00:00Z, expiry time of assertion 2001-01-01 00:00:00Z.',
    )
    const endless = await ask(assertion({ payload: { nbf: -9e12, exp: 'never' } }))
    expect(endless.body['error_description']).toContain(
      'valid from unknown, expiry time of assertion unknown.',
    )
  })

  it('works with MSAL, also on behalf of a user', async () => {
    const thumbprintSha256 = createHash('sha256').update(certificate).digest('hex')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const auth = { clientId: middleTier, clientCertificate: { thumbprintSha256, privateKey: pem } }
    const client = new ConfidentialClientApplication({
      auth: {
        ...auth,
        authority: `https://login.microsoftonline.com/${contoso}`,
        authorityMetadata: authorityMetadata(emulator.origin),
      },
    })
    const scopes = [`api://${todoApi}/.default`]
    const appOnly = await client.acquireTokenByClientCredential({ scopes })
    const oboAssertion = await emulator.mint({
      user: 'alice@contoso.com',
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
    })
    const forUser = await client.acquireTokenOnBehalfOf({ oboAssertion, scopes })
    expect(claimsOf(appOnly!.accessToken)['azpacr']).toBe('2')
    expect(claimsOf(forUser!.accessToken)).toMatchObject({ azpacr: '2', scp: 'Tasks.ReadWrite' })
  })

  it('does not displace the secret of the same application', async () => {
    const token = await emulator.mint({
      user: 'alice@contoso.com',
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
    })
    expect((await postToken(emulator, onBehalfOf(token))).status).toBe(200)
  })
})

describe('a federated credential', () => {
  const header = { alg: 'RS256', 'x5t#S256': undefined, kid: 'actions' }
  const payload = { iss: issuer, sub: federation.subject, aud: 'api://AzureADTokenExchange' }

  it('is accepted when issuer, subject and audience match', async () => {
    const { status, body } = await ask(assertion({ header, payload }))
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)['azpacr']).toBe('2')
  })

  it.each([
    ['issuer', { iss: 'https://evil.example' }, 700211],
    ['subject', { sub: 'repo:evil/todo:ref:refs/heads/main' }, 700213],
    ['audience', { aud: 'api://somewhere' }, 700212],
  ])('is refused with another %s', async (_, changes, code) => {
    const { body } = await ask(assertion({ header, payload: { ...payload, ...changes } }))
    expect(body).toMatchObject({ error: 'invalid_client', error_codes: [code] })
  })

  it('is refused when another key signed it', async () => {
    const { body } = await ask(assertion({ header, payload, key: stranger }))
    expect(body).toMatchObject({ error_codes: [700027] })
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/certificate.txt')
})
