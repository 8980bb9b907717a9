// Settings of clients in JavaScript and TypeScript: midtier, MSAL.js, Azure SDKs, openid-client.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Connection } from './connection.ts'
import { caFileOf, httpsAuthority, trustLines } from './https-authority.ts'
import { msalConfiguration } from './msal-configuration.ts'
import { inTypeScript as quote } from './quote.ts'

/** midtier as the application: a web API that validates its callers, and acquires tokens where it holds a secret. */
export function midtier(connection: Connection): string {
  const { origin, tenantId, clientId, clientSecret } = connection
  const hasSecret = clientSecret !== undefined
  return [
    ...trustLines('//', 'NODE_EXTRA_CA_CERTS', connection),
    `import { ${hasSecret ? 'clientSecret, ' : ''}createWebApi } from 'midtier'`,
    '',
    'export const api = createWebApi({',
    `  instance: ${quote(origin)},`,
    `  tenantId: ${quote(tenantId)},`,
    `  clientId: ${quote(clientId)},`,
    ...(hasSecret ? [`  clientCredential: clientSecret(${quote(clientSecret)}),`] : []),
    '})',
  ].join('\n')
}

/** MSAL Node, over plain http, too: it takes the endpoints from its configuration. */
export function msalNode(connection: Connection): string {
  const { clientSecret, redirectUris } = connection
  const trust = trustLines('//', 'NODE_EXTRA_CA_CERTS', connection)
  if (clientSecret !== undefined)
    return [
      ...trust,
      msalConfiguration({ ...connection, client: 'confidential' }),
      `const { accessToken } = await client.acquireTokenByClientCredential({ scopes: [${quote(defaultScope(connection))}] })`,
      'console.log(accessToken)',
    ].join('\n')
  const redirectUri = redirectUris.publicClient?.[0] ?? redirectUris.spa?.[0] ?? 'http://localhost'
  return [
    ...trust,
    `import { CryptoProvider } from '@azure/msal-node'`,
    msalConfiguration({ ...connection, client: 'public' }),
    'const { challenge, verifier } = await new CryptoProvider().generatePkceCodes()',
    'const url = await client.getAuthCodeUrl({',
    `  scopes: ${list(scopesOf(connection))},`,
    `  redirectUri: ${quote(redirectUri)},`,
    '  codeChallenge: challenge,',
    `  codeChallengeMethod: 'S256',`,
    '})',
    'console.log(url) // and acquireTokenByCode({ code, codeVerifier: verifier, … }) with what comes back',
  ].join('\n')
}

/** MSAL Browser, over plain http, too. */
export function msalBrowser(connection: Connection): string {
  const redirectUri = connection.redirectUris.spa?.[0]
  if (redirectUri === undefined)
    throw new EmulatorOptionsError(
      'client',
      `msal-browser needs a redirect URI of the platform spa, which ${connection.displayName} has not`,
    )
  return [
    ...trustOfBrowser(connection),
    msalConfiguration({ ...connection, client: 'browser', redirectUri }),
    'await client.initialize()',
    `await client.loginRedirect({ scopes: ${list(scopesOf(connection))} })`,
  ].join('\n')
}

/** The Azure SDKs' credential, over https. */
export function azureIdentity(connection: Connection): string {
  const { tenantId, clientId } = connection
  const { origin } = new URL(httpsAuthority(connection, 'azure-identity'))
  return [
    ...trustLines('//', 'NODE_EXTRA_CA_CERTS', connection),
    `import { ClientSecretCredential } from '@azure/identity'`,
    '',
    'const credential = new ClientSecretCredential(',
    `  ${quote(tenantId)},`,
    `  ${quote(clientId)},`,
    `  ${quote(secretFor(connection, 'azure-identity'))},`,
    `  { authorityHost: ${quote(origin)}, disableInstanceDiscovery: true },`,
    ')',
    `const { token } = await credential.getToken(${quote(defaultScope(connection))})`,
    'console.log(token)',
  ].join('\n')
}

/** openid-client, which takes whatever the issuer is. */
export function openIdClient(connection: Connection): string {
  const { origin, tenantId, clientId, clientSecret, redirectUris } = connection
  const isHttp = origin.startsWith('http:')
  const redirectUri = redirectUris.web?.[0] ?? redirectUris.spa?.[0] ?? redirectUris.publicClient?.[0]
  return [
    ...trustLines('//', 'NODE_EXTRA_CA_CERTS', connection),
    `import * as client from 'openid-client'`,
    '',
    'const config = await client.discovery(',
    `  new URL(${quote(`${origin}/${tenantId}/v2.0`)}),`,
    `  ${quote(clientId)},`,
    ...(clientSecret === undefined
      ? ['  undefined,', '  client.None(),']
      : [`  ${quote(clientSecret)},`, '  undefined,']),
    ...(isHttp ? ['  { execute: [client.allowInsecureRequests] },'] : []),
    ')',
    ...(clientSecret === undefined
      ? [
          'const pkceCodeVerifier = client.randomPKCECodeVerifier()',
          'const url = client.buildAuthorizationUrl(config, {',
          `  redirect_uri: ${quote(redirectUri ?? 'http://localhost')},`,
          `  scope: ${quote(['openid', ...scopesOf(connection)].join(' '))},`,
          '  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),',
          `  code_challenge_method: 'S256',`,
          '})',
          'console.log(url.href) // and authorizationCodeGrant(config, <where it comes back>, { pkceCodeVerifier })',
        ]
      : [
          `const tokens = await client.clientCredentialsGrant(config, { scope: ${quote(defaultScope(connection))} })`,
          'console.log(tokens.access_token)',
        ]),
  ].join('\n')
}

function trustOfBrowser({ ca }: Connection): readonly string[] {
  if (ca === undefined) return []
  const { path, fetch } = caFileOf(ca)
  return [
    ...fetch.map((line) => `// Once: ${line}`),
    `// The browser has to trust the CA in ${path}; or have the API and this client take --listener http`,
  ]
}

/** What an application asks for itself. */
export function defaultScope({ api }: Connection): string {
  return `${api.name}/.default`
}

/** What it asks for a user. */
export function scopesOf({ api }: Connection): readonly string[] {
  const names = api.scopes.length === 0 ? ['.default'] : api.scopes
  return names.map((name) => `${api.name}/${name}`)
}

/** The secret of a client that cannot do without. */
function secretFor({ clientSecret, displayName }: Connection, client: string): string {
  if (clientSecret !== undefined) return clientSecret
  throw new EmulatorOptionsError('client', `${client} needs a secret, which ${displayName} has not`)
}

function list(values: readonly string[]): string {
  return `[${values.map(quote).join(', ')}]`
}
