// Broken set-ups, one fault each: what docs/troubleshooting.md calls it, what is broken, and the check that has to name it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import {
  clientCertificate,
  clientCertificateFile,
  clientSecret,
  type TokenStore,
  type WebApiOptions,
} from '../../src/index.ts'
import type { Circumstances } from '../../src/doctor/subject.ts'
import { ids } from '../behaviour/scenario.ts'
import { createCertificate } from '../client-auth/certificates.ts'
import { emulatorWith, graphToken, runtime, userToken } from './sound-set-up.ts'

export interface BrokenSetUp {
  /** The check that names the fault. */
  readonly check: string
  /** It is a warning: it works today. */
  readonly warned?: true
  /** What the page of a finding has to say. */
  readonly says: RegExp
  readonly emulator?: () => Promise<Emulator>
  readonly options?: (emulator: Emulator) => Partial<WebApiOptions> | Promise<Partial<WebApiOptions>>
  /** Absent: nothing is handed in, which is what most people begin with. */
  readonly circumstances?: (emulator: Emulator) => Promise<Partial<Circumstances>> | Partial<Circumstances>
}

const certificate = createCertificate('middle tier')
const old = createCertificate('old', {
  notBefore: Date.parse('2024-01-01T00:00:00Z'),
  notAfter: Date.parse('2025-01-01T00:00:00Z'),
})
const pem = (from: typeof certificate): string => from.pem + from.keyPem
const readPem = (from: typeof certificate) => () => Promise.resolve(pem(from))
const keyRing = { current: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64') } }
const url = 'https://mcp.contoso.com/mcp'

/** A store of which some operations go wrong. */
function storeWith(operations: Partial<TokenStore>, storeTimeoutMs?: number): Partial<WebApiOptions> {
  const nothing = (): Promise<undefined> => Promise.resolve(undefined)
  const store = { get: nothing, set: nothing, delete: nothing, deletePartition: nothing, ...operations }
  return { tokenCache: { store, keyRing, storeTimeoutMs } }
}

/** Where nobody listens. */
async function closedOrigin(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return `http://127.0.0.1:${String(port)}`
}

const answers = (body: unknown) => () => Promise.resolve(Response.json(body))
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

export const brokenSetUps: Readonly<Record<string, BrokenSetUp>> = {
  'an option does not exist': {
    check: 'configuration',
    says: /clientCredentials: unknown option; did you mean 'clientCredential'\?/,
    options: () => ({ clientCredentials: clientSecret('x') }) as Partial<WebApiOptions>,
  },
  'the tenant does not exist': {
    check: 'tenant',
    says: /check tenantId and instance: there is no such tenant/,
    options: () => ({ tenantId: 'c0000000-0000-4000-8000-00000000dead' }),
  },
  'the authority cannot be reached': {
    check: 'authority',
    says: /ECONNREFUSED/,
    options: async () => ({ instance: await closedOrigin() }),
  },
  'the certificate of the authority is not trusted': {
    check: 'trust',
    says: /NODE_EXTRA_CA_CERTS/,
    emulator: () => createEmulator({ httpsPort: 0 }),
    options: ({ httpsOrigin }) => ({ instance: httpsOrigin }),
  },
  'the metadata name another issuer': {
    check: 'issuer',
    says: /names another issuer: 'https:\/\/entra\.example/,
    emulator: async () => {
      const emulator = await createEmulator()
      const body = { issuer: 'https://entra.example/', jwks_uri: 'https://entra.example/keys' }
      emulator.faults.add({ when: { endpoint: 'discovery' }, then: { body } })
      return emulator
    },
  },
  'the tenant is in another cloud': {
    check: 'cloud',
    says: /set instance to https:\/\/login\.microsoftonline\.us\//,
    options: () => ({
      instance: 'https://login.microsoftonline.com/',
      fetch: answers({ token_endpoint: `https://login.microsoftonline.us/${ids.contoso}/oauth2/v2.0/token` }),
    }),
  },
  'the keys cannot be had': {
    check: 'keys',
    says: /answered with status 503/,
    emulator: async () => {
      const emulator = await createEmulator()
      emulator.faults.add({ when: { endpoint: 'keys' }, then: { status: 503 } })
      return emulator
    },
  },
  'no key can be used': {
    check: 'keys',
    says: /has no key that can be used/,
    options: () => ({ algorithms: ['ES256'] }),
  },
  'the clock is wrong': {
    check: 'clock',
    says: /60 minutes ahead of the authority|59 minutes ahead of the authority/,
    options: () => ({ clock: { nowMs: () => Date.now() + 3_600_000 } }),
  },
  'the client id is not known': {
    check: 'application',
    says: /AADSTS700016.*check clientId/s,
    options: () => ({ clientId: 'a0000000-0000-4000-8000-00000000dead' }),
  },
  'the token endpoint fails': {
    check: 'token_endpoint',
    says: /should +the token endpoint answers mend +wait/s,
    emulator: async () => {
      const emulator = await createEmulator()
      emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503 } })
      return emulator
    },
  },
  'the secret is wrong': {
    check: 'credential',
    says: /AADSTS7000215.*configure its value, not its id/s,
    options: () => ({ clientCredential: clientSecret('cc000000-0000-4000-8000-00000000dead') }),
  },
  'the secret has expired': {
    check: 'credential',
    says: /AADSTS7000222.*az ad app credential reset --id a0000000-\S+ --append/s,
    emulator: () =>
      emulatorWith(ids.middleTier, { secrets: [{ value: 'the-old-secret', expires: inDays(-3) }] }),
    options: () => ({ clientCredential: clientSecret('the-old-secret') }),
  },
  'the secret expires soon': {
    check: 'secret',
    warned: true,
    says: /expires in 4 days, on 20.*az ad app credential reset/s,
    emulator: () =>
      emulatorWith(ids.middleTier, { secrets: [{ value: 'the-old-secret', expires: inDays(5) }] }),
    options: () => ({ clientCredential: clientSecret('the-old-secret') }),
    circumstances: async (emulator) => ({ graphToken: await graphToken(emulator) }),
  },
  'the certificate is not registered': {
    check: 'credential',
    says: /AADSTS700027.*upload the certificate/s,
    options: () => ({ clientCredential: clientCertificate({ certificate: pem(certificate) }) }),
  },
  'the certificate has expired': {
    check: 'credential',
    says: /thumbprint [0-9A-F]{64}: expired \d+ days ago, on 2025-01-01/,
    options: () => ({ clientCredential: clientCertificateFile({ path: 'old.pem', readFile: readPem(old) }) }),
  },
  'the certificate is not there': {
    check: 'credential',
    says: /correct clientCredential/,
    options: () => ({
      clientCredential: clientCertificateFile({
        path: '/etc/api/certificate.pem',
        readFile: () => Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' })),
      }),
    }),
  },
  'an MCP server has tokens of version 1.0': {
    check: 'token_version',
    says: /version 1\.0 .*MCP clients can ask for no other.*requestedAccessTokenVersion=2/s,
    emulator: () => emulatorWith(ids.middleTier, { accessTokenAcceptedVersion: 1 }),
    options: () => ({ resource: { identifier: url, scopes: [`${url}/access_as_user`] } }),
  },
  'the token is for another API': {
    check: 'user_token.audience',
    says: /the token has a0000000-\S+ should +a0000000-.*asked for the scope of another API/s,
    circumstances: async (emulator) => ({
      userToken: await userToken(emulator, { audience: ids.todoApi, scopes: ['Tasks.ReadWrite'] }),
    }),
  },
  'the token is of another tenant': {
    check: 'user_token.issuer',
    says: new RegExp(ids.fabrikam),
    circumstances: async (emulator) => ({
      userToken: await userToken(emulator, { user: 'carol@fabrikam.onmicrosoft.com' }),
    }),
  },
  'the token has expired': {
    check: 'user_token.expired',
    says: /the token has 20\d\d-\d\d-\d\dT.*never renews its token/s,
    circumstances: async (emulator) => ({
      userToken: await userToken(emulator, { lifetimeSeconds: -4_000 }),
    }),
  },
  'the token lacks the scope': {
    check: 'user_token.scopes',
    says: /should +access_as_user/,
    circumstances: async (emulator) => ({ userToken: await userToken(emulator, { scopes: ['openid'] }) }),
  },
  'the scope is not exposed': {
    check: 'scopes',
    says: /exposed: access_as_user.*add the scope Todos\.Write.*Expose an API/s,
    options: () => ({ requirements: { scopes: ['access_as_user', 'Todos.Write'] } }),
    circumstances: async (emulator) => ({ graphToken: await graphToken(emulator) }),
  },
  'the app role is not exposed': {
    check: 'roles',
    says: /no app role is exposed.*App roles/s,
    circumstances: async (emulator) => ({
      graphToken: await graphToken(emulator),
      requirements: { roles: ['Tasks.Read.All'] },
    }),
  },
  'the Application ID URI is missing': {
    check: 'app_id_uri',
    says: /there is no Application ID URI.*--identifier-uris api:\/\//s,
    emulator: () => emulatorWith(ids.middleTier, { identifierUris: [] }),
    circumstances: async (emulator) => ({ graphToken: await graphToken(emulator) }),
  },
  'the page behind the consent is not registered': {
    check: 'consent_redirect_uri',
    says: /https:\/\/api\.contoso\.com\/consented is one.*--web-redirect-uris .*https:\/\/api\.contoso\.com\/consented/s,
    options: () => ({ consentRedirectUri: 'https://api.contoso.com/consented' }),
    circumstances: async (emulator) => ({ graphToken: await graphToken(emulator) }),
  },
  'consent is missing': {
    check: 'downstream.todolist',
    says: /AADSTS65001.*open http\S+\/adminconsent\?client_id=\S+ and consent.*consentRedirectUri/s,
    emulator: () =>
      createEmulator({
        directory: {
          ...defaultDirectory,
          consents: (defaultDirectory.consents ?? []).filter(({ resourceId }) => resourceId !== ids.todoApi),
        },
      }),
    circumstances: async (emulator) => ({ userToken: await userToken(emulator) }),
  },
  'a policy demands a second factor': {
    check: 'downstream.todolist',
    says: /AADSTS50076.*sign in with the claims of the challenge/s,
    emulator: () => createEmulator({ policies: [{ kind: 'require_mfa', resource: ids.todoApi }] }),
    circumstances: async (emulator) => ({ userToken: await userToken(emulator) }),
  },
  'the downstream API does not exist': {
    check: 'downstream.billing',
    says: /AADSTS500011.*check the App ID URI/s,
    options: () => ({
      downstreamApis: {
        billing: { baseUrl: 'https://billing.contoso.com/', scopes: ['api://billing/.default'] },
      },
    }),
    circumstances: async (emulator) => ({ userToken: await userToken(emulator) }),
  },
  'no app role is assigned': {
    check: 'downstream.todolist',
    warned: true,
    says: /no app role.*Grant admin consent/s,
    options: () => ({
      downstreamApis: {
        todolist: {
          baseUrl: 'https://todolist.contoso.com/',
          scopes: [`api://${ids.todoApi}/.default`],
          token: 'app',
        },
      },
    }),
  },
  'the store is down': {
    check: 'store',
    says: /fails: ECONNREFUSED/,
    options: () => {
      const refuse = (): Promise<never> =>
        Promise.reject(Object.assign(new Error('redis://:password@host'), { code: 'ECONNREFUSED' }))
      return storeWith({ get: refuse, set: refuse })
    },
  },
  'the store is silent': {
    check: 'store',
    says: /silent for 400 ms/,
    options: () => {
      const wait = (): Promise<never> => new Promise(() => undefined)
      return storeWith({ get: wait, set: wait }, 100)
    },
  },
  'the store forgets': {
    check: 'store',
    says: /not there.*maxmemory-policy/s,
    options: () => storeWith({}),
  },
  'the file of certificates is not there': {
    check: 'trust',
    says: /NODE_EXTRA_CA_CERTS names \/etc\/ca\.pem, which cannot be read/,
    circumstances: () => ({ runtime: { ...runtime, environment: { NODE_EXTRA_CA_CERTS: '/etc/ca.pem' } } }),
  },
  'certificates are not checked': {
    check: 'trust',
    says: /unset NODE_TLS_REJECT_UNAUTHORIZED/,
    circumstances: () => ({ runtime: { ...runtime, environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } } }),
  },
  'Node.js is too old': {
    check: 'node',
    says: /Node\.js 18\.20\.0.*>=20\.19/s,
    circumstances: () => ({ runtime: { ...runtime, nodeVersion: '18.20.0' } }),
  },
  'a framework is too old': {
    check: 'package.express',
    says: /npm install express@/,
    circumstances: () => ({ runtime: { ...runtime, installed: () => '4.18.2' } }),
  },
  'the URL of an MCP server ends with a slash': {
    check: 'resource',
    says: /AADSTS9010010/,
    options: () => ({ resource: { identifier: `${url}/`, scopes: [`${url}/access_as_user`] } }),
  },
  'the scopes of an MCP server are not qualified': {
    check: 'resource',
    says: /takes for a scope of Microsoft Graph/,
    options: () => ({ resource: { identifier: url, scopes: ['Todos.Read', `${url}/access_as_user`] } }),
  },
  'the Application ID URI of an MCP server is not registered': {
    check: 'app_id_uri',
    says: /AADSTS9010010 otherwise|and AADSTS9010010/,
    options: () => ({ resource: { identifier: url, scopes: [`${url}/access_as_user`] } }),
    circumstances: async (emulator) => ({ graphToken: await graphToken(emulator) }),
  },
  'an MCP server serves the metadata of another': {
    check: 'resource_metadata',
    says: /names http:\/\/localhost:3000\/mcp/,
    options: () => ({
      resource: { identifier: url, scopes: [`${url}/access_as_user`] },
      fetch: (input, init) =>
        String(input).startsWith(url.slice(0, 23))
          ? Promise.resolve(Response.json({ resource: 'http://localhost:3000/mcp' }))
          : fetch(input, init),
    }),
    circumstances: () => ({ url }),
  },
  'an MCP server names another resource than clients call': {
    check: 'resource_metadata',
    says: /the option resource https:\/\/mcp\.contoso\.com\/mcps, and clients call/,
    options: () => ({
      resource: { identifier: `${url}s`, scopes: [`${url}s/access_as_user`] },
      fetch: (input, init) =>
        String(input).startsWith(url.slice(0, 23))
          ? Promise.resolve(Response.json({ resource: url }))
          : fetch(input, init),
    }),
    circumstances: () => ({ url }),
  },
  'the token for Microsoft Graph is refused': {
    check: 'graph',
    says: /status 401/,
    circumstances: () => ({ graphToken: 'opaque' }),
  },
}
