// Where a person or an administrator consents to what this API does on their behalf: an authorize request of the API itself.

/** What the address is made of. */
export interface ConsentRequest {
  /** The authorize endpoint, of the tenant whose consent is missing. */
  readonly authorizationUri: string
  /** Client id of this API: the consent is given to it, not to its client. */
  readonly clientId: string
  /** Delegated scopes of the downstream API. */
  readonly scopes: readonly string[]
  /** Whether this API is the blueprint of agents: nobody signs in to it, and its consent brings no code. */
  readonly isBlueprint: boolean
  /** A redirect URI of this API's registration, for the page behind the consent. Absent: whoever opens the address adds one. */
  readonly redirectUri?: string | undefined
}

/**
 * The address, in the form of Microsoft.Identity.Web, with `prompt=consent` so that a session that is there already does not skip it.
 *
 * The code that comes back is worth nothing to anybody: it needs the credential of this API. From a blueprint none comes back, for
 * Entra refuses to give one (AADSTS700054).
 */
export function buildConsentUrl(request: ConsentRequest): string {
  const { authorizationUri, clientId, scopes, isBlueprint, redirectUri } = request
  const parameters = new URLSearchParams({
    client_id: clientId,
    response_type: isBlueprint ? 'none' : 'code',
    ...(redirectUri === undefined ? {} : { redirect_uri: redirectUri }),
    response_mode: 'query',
    scope: ['offline_access', ...scopes].join(' '),
    prompt: 'consent',
  })
  return `${authorizationUri}?${parameters.toString().replaceAll('+', '%20')}`
}
