// The errors of Entra ID as data: one row for each AADSTS code, so that a row can be corrected without touching logic.

/** How well a row is known: recorded traffic, public reports, documentation, or general knowledge. */
export type Confidence = 'recorded' | 'reported' | 'documented' | 'assumed'

/** What a code looks like on the wire. */
export interface AadstsRow {
  readonly code: number
  /** The OAuth error. */
  readonly error: string
  /** The HTTP status at the token endpoint. */
  readonly status: number
  readonly suberror: string | undefined
  /** Whether the body carries `error_uri`. */
  readonly hasErrorUri: boolean
  readonly confidence: Confidence
  /** The message; `{name}` is replaced by the value of that name. */
  readonly message: string
}

type Suberror =
  | 'additional_action'
  | 'bad_token'
  | 'basic_action'
  | 'consent_required'
  | 'message_only'
  | 'token_expired'
  | 'user_password_expired'

/** Behind the message what few rows have: `uri` for an error_uri, and a suberror. */
type Row = readonly [
  code: number,
  error: string,
  status: number,
  confidence: 'R' | 'I' | 'D' | 'K',
  message: string,
  ...more: ('uri' | Suberror)[],
]

// prettier-ignore
const rows: readonly Row[] = [
  // The assertion of an on-behalf-of request
  [50013, 'invalid_grant', 400, 'I', 'Assertion failed signature validation. [Reason - {reason}]'],
  [500131, 'invalid_grant', 400, 'I', "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '{actual}' and the expected audience is '{expected}' or one of the Application Uris of this application with App ID '{expected}'. The downstream client must request a token for the expected audience (the application that made the OBO request) and this application should use that token as the assertion."],
  [500133, 'invalid_grant', 400, 'I', 'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token. Current time: {now}, expiry time of assertion {expires}.'],
  [50027, 'invalid_request', 400, 'D', 'JWT token is invalid or malformed. {reason}'],
  [240002, 'invalid_request', 400, 'I', 'Input id_token cannot be used as \'urn:ietf:params:oauth:grant-type:jwt-bearer\' grant.'],
  [7000114, 'unauthorized_client', 400, 'D', "Application '{app}' is not allowed to make application on-behalf-of calls."],
  // What a policy demands of the user
  [50076, 'invalid_grant', 400, 'I', "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.", 'uri', 'basic_action'],
  [50079, 'invalid_grant', 400, 'I', "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.", 'uri', 'basic_action'],
  [50158, 'invalid_grant', 400, 'I', 'External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.', 'uri', 'basic_action'],
  [50072, 'invalid_grant', 400, 'D', "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.", 'basic_action'],
  [50074, 'invalid_grant', 400, 'D', 'Strong Authentication is required.', 'basic_action'],
  [500121, 'access_denied', 400, 'D', 'Authentication failed during strong authentication request.'],
  [50078, 'invalid_grant', 400, 'D', "Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication to access '{resource}'.", 'basic_action'],
  [53000, 'invalid_grant', 400, 'D', 'Device is not in required device state: {state}. Conditional Access policy requires a compliant device, and the device is not compliant.', 'message_only'],
  [53001, 'invalid_grant', 400, 'D', 'Device is not in required device state: {state}. Conditional Access policy requires a domain joined device, and the device is not domain joined.', 'message_only'],
  [53002, 'invalid_grant', 400, 'D', 'Application used is not an approved application for Conditional Access.', 'message_only'],
  [53003, 'invalid_grant', 400, 'R', 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.', 'uri', 'message_only'],
  [53004, 'invalid_grant', 400, 'D', 'The user needs to complete the multi-factor authentication registration process before accessing this content.', 'message_only'],
  [50097, 'invalid_grant', 400, 'D', 'Device authentication is required.', 'additional_action'],
  [50131, 'invalid_grant', 400, 'D', 'Device is not in required device state: {state}.', 'message_only'],
  // Consent and assignment
  [65001, 'invalid_grant', 400, 'I', "The user or administrator has not consented to use the application with ID '{app}' named '{name}'. Send an interactive authorization request for this user and resource.", 'consent_required'],
  [65004, 'access_denied', 400, 'I', 'User declined to consent to access the app.', 'uri', 'consent_required'],
  [650053, 'invalid_client', 400, 'K', "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor."],
  [650056, 'invalid_client', 400, 'D', "Misconfigured application. This could be due to one of the following: the client has not listed any permissions for '{resource}' in the requested permissions in the client's application registration."],
  [650057, 'invalid_resource', 400, 'D', "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: {app}. Resource value from request: {resource}."],
  [90008, 'invalid_grant', 400, 'D', 'The user or administrator has not consented to use the application. This error can be caused by the app not requesting the sign-in permission.', 'consent_required'],
  [90009, 'invalid_request', 400, 'I', 'Application is requesting a token for itself. This scenario is supported only if resource is specified using the GUID based App Identifier.'],
  [90094, 'access_denied', 400, 'D', 'Admin consent is required for the permissions requested by this application.'],
  [50105, 'invalid_grant', 400, 'D', "Your administrator has configured the application {name} ('{app}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator."],
  [501051, 'invalid_grant', 400, 'R', "Application '{app}'({name}) is not assigned to a role for the application '{resource}'({resourceName}).", 'uri'],
  [82014, 'invalid_request', 400, 'K', "Interactive consent is not supported for the agent identity '{app}'({name}). Grant the permissions to its agent identity blueprint '{blueprint}'."],
  // Scopes and resources
  [70011, 'invalid_scope', 400, 'D', "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope '{scope}' is not valid. {reason}"],
  [28000, 'invalid_request', 400, 'K', 'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.'],
  [28002, 'invalid_scope', 400, 'D', "Provided value for the input parameter scope '{scope}' is not valid when requesting an access token. Please specify a valid scope."],
  [28003, 'invalid_request', 400, 'D', "Provided value for the input parameter scope cannot be empty when requesting an access token using the provided authorization code. Please specify a valid scope."],
  [1002012, 'invalid_scope', 400, 'I', 'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).'],
  [500011, 'invalid_resource', 400, 'R', "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.", 'uri'],
  [500014, 'invalid_resource', 400, 'D', "The service principal for resource '{resource}' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it."],
  [901002, 'invalid_request', 400, 'D', "The 'resource' request parameter is not supported."],
  [9010010, 'invalid_target', 400, 'I', "The resource parameter provided in the request doesn't match with the requested scopes."],
  // The client and how it proves itself
  [700016, 'unauthorized_client', 400, 'D', "Application with identifier '{app}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.", 'uri'],
  [700038, 'unauthorized_client', 400, 'R', '{app} is not a valid application identifier.'],
  [7000112, 'unauthorized_client', 400, 'D', "Application '{app}'({name}) is disabled."],
  [7000215, 'invalid_client', 401, 'R', "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{app}'.", 'uri'],
  [7000222, 'invalid_client', 401, 'I', "The provided client secret keys for app '{app}' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.", 'uri'],
  [7000216, 'invalid_client', 401, 'D', "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."],
  [7000218, 'invalid_client', 401, 'D', "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."],
  [700025, 'invalid_client', 401, 'D', "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."],
  [700021, 'invalid_client', 401, 'K', "Client assertion application identifier doesn't match 'client_id' parameter."],
  [700023, 'invalid_client', 401, 'D', "Client assertion audience claim does not match Realm issuer. Review the documentation for the expected audience: '{expected}'."],
  [700024, 'invalid_client', 401, 'I', 'Client assertion is not within its valid time range. Current time: {now}, assertion valid from {from}, expiry time of assertion {expires}.'],
  [700027, 'invalid_client', 401, 'D', "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - {reason}]"],
  [70021, 'invalid_client', 401, 'K', "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'."],
  [700211, 'invalid_client', 401, 'K', "No matching federated identity record found for presented assertion issuer '{issuer}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion."],
  [700212, 'invalid_client', 401, 'K', "No matching federated identity record found for presented assertion audience '{audience}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion."],
  [700213, 'invalid_client', 401, 'K', "No matching federated identity record found for presented assertion subject '{subject}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion."],
  [700229, 'invalid_client', 401, 'D', 'Only app-only tokens can be used as Federated Identity Credentials for AAD issuer.'],
  [7000151, 'invalid_client', 401, 'K', "Client assertion is malformed or its type is not 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'."],
  [700054, 'unsupported_response_type', 400, 'D', "response_type '{responseType}' is not enabled for the application."],
  [700051, 'unsupported_response_type', 400, 'I', "response_type 'token' is not enabled for the application."],
  [70005, 'unsupported_response_type', 400, 'D', "response_type 'id_token' requires the 'openid' scope."],
  [70007, 'invalid_request', 400, 'I', "The application requested an unsupported mode 'query' when requesting a token."],
  [50194, 'unauthorized_client', 400, 'D', "Application '{app}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant."],
  // Grants: codes, refresh tokens, sessions
  [70000, 'invalid_grant', 400, 'D', 'Provided grant is invalid or malformed.', 'bad_token'],
  [70008, 'invalid_grant', 400, 'D', 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.'],
  [700082, 'invalid_grant', 400, 'D', 'The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for {inactive}.', 'bad_token'],
  [700084, 'invalid_grant', 400, 'D', 'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of {lifetime}, which can not be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issued}.', 'bad_token'],
  [700005, 'invalid_grant', 400, 'D', 'Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 Authorization Code must be redeemed against same tenant it was acquired for (/common or /{tenant} as appropriate).'],
  [70043, 'invalid_grant', 400, 'I', 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on {issued} and the maximum allowed lifetime for this request is {lifetime}.', 'token_expired'],
  [70044, 'interaction_required', 400, 'D', 'The session has expired or is invalid due to sign-in frequency checks by conditional access.'],
  [54005, 'invalid_grant', 400, 'D', 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.'],
  [501481, 'invalid_grant', 400, 'D', 'The Code_Verifier does not match the code_challenge supplied in the authorization request.'],
  [700009, 'invalid_request', 400, 'K', "Reply address must be provided when presenting an authorization code requested with an explicit reply address."],
  [500112, 'invalid_grant', 400, 'D', "The reply address '{actual}' does not match the reply address '{expected}' provided when requesting Authorization code."],
  [700007, 'invalid_grant', 400, 'K', "The provided grant was issued to the client '{actual}' and cannot be redeemed by '{app}'."],
  [50173, 'invalid_grant', 400, 'R', 'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on {issued} and the TokensValidFrom date (before which tokens are not valid) for this user is {validFrom}.', 'uri', 'bad_token'],
  [50132, 'invalid_grant', 400, 'D', 'The session is not valid due to the following reasons: password expiration or recent password change, SSO Artifact is invalid or expired, session is not fresh enough for application, or a silent sign-in request was sent but the user\'s session with Azure AD is invalid or has expired.', 'bad_token'],
  // Devices
  [70016, 'authorization_pending', 400, 'I', 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.', 'uri'],
  [70018, 'bad_verification_code', 400, 'D', 'Authorization is not approved. {reason}'],
  [70020, 'expired_token', 400, 'I', "The provided value for the input parameter 'device_code' is not valid. This device code has expired."],
  // Users
  [50034, 'invalid_grant', 400, 'R', "The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory."],
  [50020, 'invalid_grant', 400, 'D', "User account '{user}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot access the application '{app}'({name}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account."],
  [50057, 'invalid_grant', 400, 'D', 'The user account is disabled.'],
  [50126, 'invalid_grant', 400, 'D', 'Error validating credentials due to invalid username or password.'],
  [50055, 'invalid_grant', 400, 'D', 'The password is expired.', 'user_password_expired'],
  [50058, 'login_required', 400, 'D', 'A silent sign-in request was sent but no user is signed in. The cookies used to represent the user\'s session were not sent in the request to Azure AD.'],
  [16000, 'interaction_required', 400, 'D', "Either multiple user identities are available for the current request or selected account is not supported for the scenario."],
  // Tenants and requests
  [90002, 'invalid_request', 400, 'I', "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", 'uri'],
  [900023, 'invalid_request', 400, 'I', "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain."],
  [90019, 'invalid_request', 400, 'D', 'No tenant-identifying information found in either the request or implied by any provided credentials.'],
  [9001023, 'invalid_request', 400, 'D', 'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.'],
  [90130, 'invalid_request', 400, 'D', "Application '{app}' is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint."],
  [50011, 'invalid_request', 400, 'D', "The redirect URI '{redirectUri}' specified in the request does not match the redirect URIs configured for the application '{app}'. Make sure the redirect URI sent in the request matches one added to your application."],
  [900144, 'invalid_request', 400, 'D', "The request body must contain the following parameter: '{parameter}'."],
  [900561, 'invalid_request', 405, 'D', 'The endpoint only accepts {accepted} requests. Received a {received} request.'],
  [9002313, 'invalid_request', 400, 'I', 'Invalid request. Request is malformed or invalid.', 'uri'],
  [9000411, 'invalid_request', 400, 'D', "The request is not properly formatted. The parameter '{parameter}' is duplicated."],
  [9002325, 'invalid_request', 400, 'D', 'Proof Key for Code Exchange is required for cross-origin authorization code redemption.'],
  [9002326, 'invalid_request', 400, 'I', "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.", 'uri'],
  [9002327, 'invalid_request', 400, 'I', "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.", 'uri'],
  [501491, 'invalid_request', 400, 'K', "Invalid size or format of Code_Challenge parameter, or an unsupported code_challenge_method."],
  [900971, 'invalid_request', 400, 'D', 'No reply address provided.'],
  [70003, 'unsupported_grant_type', 400, 'R', "The app requested an unsupported grant type '{grantType}'."],
  [70001, 'unauthorized_client', 400, 'D', 'The application named {app} was not found in the tenant named {tenant}.'],
  [50196, 'invalid_grant', 400, 'D', 'The server terminated an operation because it encountered a client request loop. Please contact your app vendor.'],
  // Throttling, outages and discovery
  [90055, 'temporarily_unavailable', 429, 'D', 'The server or upstream is throttling requests from this client.'],
  [90033, 'temporarily_unavailable', 503, 'D', 'A transient error has occurred. Please try again.'],
  [90006, 'temporarily_unavailable', 503, 'D', 'The service is temporarily unavailable. Please retry later.'],
  [50049, 'invalid_instance', 400, 'D', 'Unknown or invalid instance.', 'uri'],
  [50050, 'invalid_request', 400, 'D', 'The request is malformed.'],
]

const confidences: Readonly<Record<Row[3], Confidence>> = {
  R: 'recorded',
  I: 'reported',
  D: 'documented',
  K: 'assumed',
}

/** Every code, by number. */
export const aadsts: ReadonlyMap<number, AadstsRow> = new Map(rows.map((row) => [row[0], readRow(row)]))

function readRow([code, error, status, confidence, message, ...more]: Row): AadstsRow {
  return {
    code,
    error,
    status,
    suberror: more.find((each) => each !== 'uri'),
    hasErrorUri: more.includes('uri'),
    confidence: confidences[confidence],
    message,
  }
}
