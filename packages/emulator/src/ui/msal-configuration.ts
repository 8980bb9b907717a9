// The MSAL configuration to copy: the production authority unchanged, its endpoints pointed at the emulator over http.

/** What kind of client is configured. */
export type MsalClient = 'confidential' | 'browser' | 'agent'

/** The values that the configuration holds. */
export interface MsalConfigurationOptions {
  /** Where the emulator listens, without a trailing slash. */
  readonly origin: string
  /** What issuers are made of, in the same form. */
  readonly issuerOrigin: string
  /** The tenant of the authority: a GUID, a domain, or `organizations`. */
  readonly tenantId: string
  /** The application's client id. */
  readonly clientId: string
  /** Whether the application holds a secret (msal-node), is a browser application (msal-browser), or an agent, which its blueprint proves. */
  readonly client: MsalClient
}

/**
 * TypeScript source that makes an unmodified MSAL client sign in against the emulator.
 *
 * With `authorityMetadata` MSAL sends no request to Microsoft, and needs neither TLS nor a trusted certificate.
 */
export function msalConfiguration({
  origin,
  issuerOrigin,
  tenantId,
  clientId,
  client,
}: MsalConfigurationOptions): string {
  const isBrowser = client === 'browser'
  const endpoint = (name: string, path: string, base = origin): string =>
    `      ${name}: ${quote(`${base}/{tenantid}/${path}`)},`
  return [
    isBrowser
      ? `import { PublicClientApplication } from '@azure/msal-browser'`
      : `import { ConfidentialClientApplication } from '@azure/msal-node'`,
    '',
    `const client = new ${isBrowser ? 'PublicClientApplication' : 'ConfidentialClientApplication'}({`,
    '  auth: {',
    `    clientId: ${quote(clientId)},`,
    ...credentials[client],
    `    authority: ${quote(`https://login.microsoftonline.com/${tenantId}`)},`,
    '    authorityMetadata: JSON.stringify({',
    endpoint('authorization_endpoint', 'oauth2/v2.0/authorize'),
    endpoint('token_endpoint', 'oauth2/v2.0/token'),
    endpoint('end_session_endpoint', 'oauth2/v2.0/logout'),
    endpoint('jwks_uri', 'discovery/v2.0/keys'),
    endpoint('issuer', 'v2.0', issuerOrigin),
    '    }),',
    '  },',
    '})',
  ].join('\n')
}

const credentials: Readonly<Record<MsalClient, readonly string[]>> = {
  browser: [],
  confidential: ['    clientSecret: process.env.CLIENT_SECRET,'],
  agent: [
    "    // A token for api://AzureADTokenExchange/.default that the blueprint's client gets with this id as fmiPath.",
    '    clientAssertion: () => acquireExchangeToken(),',
  ],
}

// Quoted as JSON, whose strings are TypeScript's too, then dressed in single quotes.
function quote(value: string): string {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}
