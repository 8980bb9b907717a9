// What may be shown of a request and of its answer: the parameters that open no door as they are, of all others their length.

/** Names of parameters and members whose values tell about a request without opening anything. Whoever is not named here is masked. */
const shown: ReadonlySet<string> = new Set([
  ...['grant_type', 'client_id', 'scope', 'resource', 'redirect_uri', 'response_type', 'response_mode'],
  ...['prompt', 'login_hint', 'domain_hint', 'nonce', 'state', 'code_challenge', 'code_challenge_method'],
  ...['claims', 'requested_token_use', 'requested_token_type', 'client_assertion_type', 'client_info'],
  ...['fmi_path', 'username', 'user_id', 'tenant', 'client-request-id', 'return-client-request-id'],
  ...['post_logout_redirect_uri', 'logout_hint', 'consent', 'organization', 'approval', 'registration'],
  ...['suggested', '$select', '$filter', '$top', '$skiptoken', '$count', '$orderby', 'api-version'],
  ...['token_type', 'expires_in', 'ext_expires_in', 'refresh_in', 'expires_on', 'not_before', 'interval'],
  ...['refresh_token_expires_in', 'error', 'error_description', 'error_codes', 'error_uri', 'suberror'],
  ...['error_subcode', 'timestamp', 'trace_id', 'correlation_id', 'session_state', 'admin_consent'],
  ...['verification_uri'],
])
const shownPrefixes = ['x-client-', 'x-app-', 'x-ms-'] as const

const maximumLength = 400
const maximumParameters = 60

/** Parameters by name, in their order. */
export type Masked = Readonly<Record<string, string>>

/** Shows parameters. One that is there twice is shown once. */
export function maskParameters(parameters: Iterable<readonly [string, unknown]>): Masked {
  const masked: Record<string, string> = {}
  let count = 0
  for (const [name, value] of parameters) {
    if (value === undefined) continue
    if (++count > maximumParameters) break
    masked[name.slice(0, 60)] = mask(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return masked
}

function mask(name: string, value: string): string {
  const isShown = shown.has(name) || shownPrefixes.some((prefix) => name.toLowerCase().startsWith(prefix))
  // A token in a place that is not for tokens is one all the same.
  if (!isShown || withoutTokens(value) !== value) return `••• ${String(value.length)} characters`
  return value.length > maximumLength ? `${value.slice(0, maximumLength)}…` : value
}

/** Whether a shown value is the one that came: neither masked nor cut. */
export function isWhole(value: string): boolean {
  return !value.startsWith('•••') && !value.endsWith('…')
}

/** A text that somebody sent, with every token in it masked: also a client id may be one, by mistake. */
export function withoutTokens(text: string): string {
  return text.replaceAll(/ey[\w-]{8,}\.[\w-]+\.[\w.-]*/g, '•••')
}
