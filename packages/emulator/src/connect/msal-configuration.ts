// The MSAL configuration to copy: the production authority unchanged, its endpoints pointed at the emulator.
import { inTypeScript as quote } from './quote.ts'

/** What kind of client is configured. */
export type MsalClient = 'confidential' | 'public' | 'browser' | 'agent'

/** The values that the configuration holds. */
export interface MsalConfigurationOptions {
  /** Where the emulator listens, without a trailing slash: its endpoints, and its issuers. */
  readonly origin: string
  /** The tenant of the authority: a GUID, a domain, or `organizations`. */
  readonly tenantId: string
  /** The application's client id. */
  readonly clientId: string
  /** Whether the application holds a secret (msal-node) or none, is a browser application (msal-browser), or an agent, which its blueprint proves. */
  readonly client: MsalClient
  /** The secret itself; default: taken from the environment. */
  readonly clientSecret?: string | undefined
  /** Where a browser application comes back to; default: where it is. */
  readonly redirectUri?: string | undefined
}

/**
 * TypeScript source that makes an unmodified MSAL client sign in against the emulator.
 *
 * With `authorityMetadata` MSAL sends no request to Microsoft, and needs neither TLS nor a trusted certificate.
 */
export function msalConfiguration(options: MsalConfigurationOptions): string {
  const { origin, tenantId, clientId, client, redirectUri } = options
  const [className, library] = classes[client]
  const endpoint = (name: string, path: string): string =>
    `      ${name}: ${quote(`${origin}/{tenantid}/${path}`)},`
  return [
    `import { ${className} } from '${library}'`,
    '',
    `const client = new ${className}({`,
    '  auth: {',
    `    clientId: ${quote(clientId)},`,
    ...credentials[client](options),
    `    authority: ${quote(`https://login.microsoftonline.com/${tenantId}`)},`,
    ...(redirectUri === undefined ? [] : [`    redirectUri: ${quote(redirectUri)},`]),
    '    authorityMetadata: JSON.stringify({',
    endpoint('authorization_endpoint', 'oauth2/v2.0/authorize'),
    endpoint('token_endpoint', 'oauth2/v2.0/token'),
    endpoint('end_session_endpoint', 'oauth2/v2.0/logout'),
    endpoint('jwks_uri', 'discovery/v2.0/keys'),
    endpoint('issuer', 'v2.0'),
    '    }),',
    '  },',
    '})',
  ].join('\n')
}

const classes: Readonly<Record<MsalClient, readonly [className: string, library: string]>> = {
  browser: ['PublicClientApplication', '@azure/msal-browser'],
  public: ['PublicClientApplication', '@azure/msal-node'],
  confidential: ['ConfidentialClientApplication', '@azure/msal-node'],
  agent: ['ConfidentialClientApplication', '@azure/msal-node'],
}

const credentials: Readonly<Record<MsalClient, (options: MsalConfigurationOptions) => readonly string[]>> = {
  browser: () => [],
  public: () => [],
  confidential: ({ clientSecret }) => [
    `    clientSecret: ${clientSecret === undefined ? 'process.env.CLIENT_SECRET' : quote(clientSecret)},`,
  ],
  agent: () => [
    "    // A token for api://AzureADTokenExchange/.default that the blueprint's client gets with this id as fmiPath.",
    '    clientAssertion: () => acquireExchangeToken(),',
  ],
}
