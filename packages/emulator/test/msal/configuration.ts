// How an unmodified MSAL is pointed at the emulator over plain http: by metadata that it would otherwise fetch.

/** The value of MSAL's `auth.authorityMetadata`. */
export function authorityMetadata(origin: string): string {
  const base = `${origin}/{tenantid}`
  return JSON.stringify({
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    issuer: `${base}/v2.0`,
  })
}
