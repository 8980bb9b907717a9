// What every client is run against: an emulator, a web application that has all that a client may prove itself with, and a browser.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createCertificate, thumbprint, toPem } from '../../src/x509/certificate.ts'
import { createBrowser } from '../browser.ts'
import { signInForDevice } from '../device.ts'
import { alice, contoso, middleTier, signIn, todoApi, webClient } from '../scenario.ts'

/** The web application: confidential, with a secret and a certificate. */
export const portal = 'a0000000-0000-4000-8000-0000000000e1'
export const portalSecret = 'portal-secret'
export const redirectUri = 'http://localhost:5000/callback'
export const authJsRedirectUri = 'http://localhost:5000/auth/callback/microsoft-entra-id'

/** What an application sends for the grant of an on-behalf-of exchange. */
export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const appScope = `api://${todoApi}/.default`
export const tasksScope = `api://${todoApi}/Tasks.ReadWrite`

export interface Certificate {
  readonly pem: string
  readonly privateKeyPem: string
  /** Thumbprints as RFC 7515 writes them. */
  readonly x5t: string
  readonly x5tS256: string
}

export interface World {
  readonly emulator: Emulator
  /** The issuer of Contoso, over http. */
  readonly issuer: string
  readonly certificate: Certificate
  /** A file with the CA of the https listener. */
  readonly caFile: string
  /** A user's token for the middle tier. */
  assertion(): Promise<string>
  /** A person signs in at an address of the emulator; gives where the browser was sent. */
  signIn(url: string | URL): Promise<URL>
  /** The cookies of a browser in which a person has signed in. */
  cookies(): Promise<ReadonlyMap<string, string>>
  /** A person types the code of a device. */
  enterDeviceCode(userCode: string): Promise<void>
  /** A person signs in, then the client signs them out by an address of the emulator; gives the error of a silent sign-in thereafter. */
  signOut(url: string | URL): Promise<string | null>
  stop(): Promise<void>
}

/** Starts the emulator. */
export async function createWorld(): Promise<World> {
  const certificate = makeCertificate()
  const emulator = await createEmulator({ directory: directoryWith(certificate), httpsPort: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'midtier-clients-'))
  const caFile = join(folder, 'ca.pem')
  await writeFile(caFile, emulator.caCertificate ?? '')
  const { origin } = emulator
  const issuer = `${origin}/${contoso}/v2.0`
  // Both listeners are one authority, and this browser trusts no CA.
  const overHttp = (url: string | URL): string => {
    const { pathname, search } = new URL(url)
    return `${origin}${pathname}${search}`
  }
  const authorize = (changes: Record<string, string>): string =>
    `${origin}/${contoso}/oauth2/v2.0/authorize?${new URLSearchParams({
      ...{ client_id: portal, redirect_uri: redirectUri, response_type: 'code', scope: 'openid' },
      ...changes,
    }).toString()}`
  return {
    ...{ emulator, issuer, certificate, caFile },
    assertion: () =>
      emulator.mint({
        ...{ user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] },
        listener: 'http',
      }),
    signIn: async (url) => {
      const page = await signIn(createBrowser(origin), overHttp(url))
      if (page.location === undefined) throw new Error(`the browser stayed at the emulator: ${page.html}`)
      return page.location
    },
    cookies: async () => {
      const browser = createBrowser(origin)
      await signIn(browser, authorize({}))
      return browser.cookies
    },
    enterDeviceCode: async (userCode) => {
      const page = await signInForDevice(emulator, userCode)
      if (page.status !== 200) throw new Error(page.html)
    },
    signOut: async (url) => {
      const browser = createBrowser(origin)
      await signIn(browser, authorize({}))
      const page = await browser.open(overHttp(url))
      if (page.status >= 400) throw new Error(page.html)
      const { location } = await browser.open(authorize({ prompt: 'none' }))
      return location?.searchParams.get('error') ?? null
    },
    stop: async () => {
      await Promise.all([emulator.stop(), rm(folder, { recursive: true })])
    },
  }
}

function makeCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const names = { subject: 'portal', issuer: 'portal' }
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 86_400_000 }
  const der = createCertificate({ ...names, ...validity, publicKey, issuerKey: privateKey })
  return {
    pem: toPem(der),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    x5t: thumbprint(der, 'sha1'),
    x5tS256: thumbprint(der, 'sha256'),
  }
}

function directoryWith({ pem }: Certificate): typeof defaultDirectory {
  const application = {
    id: portal,
    displayName: 'Portal',
    tenantId: contoso,
    redirectUris: { web: [redirectUri, authJsRedirectUri] },
    secrets: [{ value: portalSecret }],
    certificates: [pem],
    enableIdTokenIssuance: true,
    requiredResourceAccess: [
      { resourceId: middleTier, scopes: ['access_as_user'] },
      { resourceId: todoApi, roles: ['Tasks.Read.All'] },
    ],
  }
  const { applications, appRoleAssignments = [], consents = [] } = defaultDirectory
  const role = { tenantId: contoso, principalId: portal, resourceId: todoApi, role: 'Tasks.Read.All' }
  const consent = { tenantId: contoso, clientId: portal, resourceId: middleTier, scopes: ['access_as_user'] }
  return {
    ...defaultDirectory,
    applications: [...applications, application],
    appRoleAssignments: [...appRoleAssignments, role],
    consents: [...consents, consent],
  }
}
