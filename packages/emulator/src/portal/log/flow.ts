// What a request was about in one word, and how it ended in another: what the list shows and queries ask for.
import type { Endpoint, RequestRecord } from '../../kernel/request-log.ts'

/** How a request ended. `cut`: a fault ended the connection. */
export type Result = 'issued' | 'answered' | 'asked' | 'refused' | 'cut'

const grantFlows: ReadonlyMap<string | undefined, string> = new Map<string, string>([
  ['authorization_code', 'code'],
  ['refresh_token', 'refresh'],
  ['client_credentials', 'app-only'],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'on-behalf-of'],
  ['user_fic', 'agent-user'],
  ['urn:ietf:params:oauth:grant-type:device_code', 'device-code'],
  ['device_code', 'device-code'],
  ['password', 'password'],
])

/** The flow of a request: `interactive`, `code`, `refresh`, `on-behalf-of`, `app-only`, `graph` and the like. */
export function flowOf({ endpoint, grantType }: RequestRecord): string {
  if (endpoint === 'token') return grantFlows.get(grantType) ?? grantType ?? 'token'
  return endpointFlows[endpoint] ?? endpoint
}

const endpointFlows: Readonly<Partial<Record<Endpoint, string>>> = {
  authorize: 'interactive',
  interaction: 'interactive',
  logout: 'interactive',
  userinfo: 'graph',
}

/** How a request ended. */
export function resultOf({ status, error, checks, endpoint }: RequestRecord): Result {
  if (status === undefined) return 'cut'
  if (status >= 400 || (error ?? []).length > 0) return 'refused'
  if (checks?.some(({ verdict }) => verdict === 'asked') === true) return 'asked'
  return endpoint === 'token' || endpoint === 'authorize' || endpoint === 'interaction'
    ? 'issued'
    : 'answered'
}

const background: ReadonlySet<string> = new Set(['discovery', 'keys', 'instance', 'other'])

/** Whether a request only reads what anybody may read: metadata and keys. */
export function isBackground({ endpoint }: RequestRecord): boolean {
  return background.has(endpoint)
}
