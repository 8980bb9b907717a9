// An authority inside the process: the documents and the token endpoint that the library asks, answered as Entra words them.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { publishedKeys } from './fake-tokens.ts'

/**
 * What goes wrong for a downstream API: the authority demands something of the person before it gives a token for it (`mfa`, `consent`,
 * `sign_in`), or refuses the person for good (`blocked`); the API itself demands a stronger sign-in (`step_up`); the authority answers 503
 * (`authority_down`); the API does not answer (`api_down`).
 */
export type FakeRefusal =
  'mfa' | 'consent' | 'sign_in' | 'blocked' | 'step_up' | 'authority_down' | 'api_down'

/** A request of a token, as the authority sees it. */
export interface FakeTokenRequest {
  readonly scopes: readonly string[]
  /** The token on whose behalf it is; `undefined` for one of the application's own. */
  readonly assertion: string | undefined
  /** Who asks: the application, or an agent of it. */
  readonly clientId: string
  /** The user account through which an agent acts, as it was named; `undefined` for any other request. */
  readonly agentUser: string | undefined
}

/** What the authority leaves to others. */
export interface FakeAuthorityPorts {
  readonly tenantId: string
  readonly refusalOf: (request: FakeTokenRequest) => FakeRefusal | undefined
  /** A new access token. */
  readonly issue: (request: FakeTokenRequest) => string
}

const host = 'https://login.microsoftonline.com'

/** The claims that `mfa` and `step_up` demand. */
const demanded = { access_token: { acrs: { essential: true, value: 'c1' } } }

/** Answers a request to the authority; `undefined` for a request to anybody else. */
export function createFakeAuthority(
  ports: FakeAuthorityPorts,
): (url: URL, body: string) => Promise<Response> | undefined {
  return (url, body) => {
    if (url.origin !== host) return undefined
    if (url.pathname.endsWith('/token')) return Promise.resolve(answerTokenRequest(body, ports))
    return url.pathname.endsWith('/keys') ? publishedKeys().then(json) : Promise.resolve(metadata(url, ports))
  }
}

const json = (value: unknown): Response => Response.json(value)

function metadata({ pathname }: URL, { tenantId }: FakeAuthorityPorts): Response {
  const [, segment = ''] = pathname.split('/')
  const several = ['common', 'organizations', 'consumers'].includes(segment)
  const tenant = several ? '{tenantid}' : tenantId
  return json({
    issuer: pathname.includes('/v2.0/') ? `${host}/${tenant}/v2.0` : `https://sts.windows.net/${tenant}/`,
    jwks_uri: `${host}/${segment}/discovery/v2.0/keys`,
  })
}

function answerTokenRequest(body: string, { refusalOf, issue }: FakeAuthorityPorts): Response {
  const form = new URLSearchParams(body)
  const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => !openIdScopes.includes(scope))
  const agentUser = form.get('user_id') ?? form.get('username') ?? undefined
  const clientId = form.get('client_id') ?? ''
  const request = { scopes, assertion: form.get('assertion') ?? undefined, clientId, agentUser }
  const refusal = refusalOf(request)
  const refused = refusal === undefined ? undefined : refuse(refusal, request)
  return (
    refused ??
    json({ token_type: 'Bearer', access_token: issue(request), expires_in: 3_600, scope: scopes.join(' ') })
  )
}

const openIdScopes = ['openid', 'profile', 'offline_access', 'email']

/** As Entra words it; `undefined` for what is not the authority's. */
function refuse(refusal: FakeRefusal, { assertion }: FakeTokenRequest): Response | undefined {
  if (refusal === 'authority_down')
    return new Response('createFakeWebApi: the authority is down', { status: 503 })
  const words = Object.hasOwn(refusals, refusal) ? refusals[refusal as keyof typeof refusals] : undefined
  // An application by itself has nobody to ask.
  return words === undefined || assertion === undefined ? undefined : Response.json(words, { status: 400 })
}

const refusals = {
  mfa: {
    error: 'interaction_required',
    error_description: 'AADSTS50076: You must use multi-factor authentication to access the resource.',
    error_codes: [50076],
    suberror: 'basic_action',
    claims: JSON.stringify(demanded),
  },
  consent: {
    error: 'invalid_grant',
    error_description: 'AADSTS65001: The user or administrator has not consented to use the application.',
    error_codes: [65001],
    suberror: 'consent_required',
  },
  sign_in: {
    error: 'invalid_grant',
    error_description: 'AADSTS50173: The provided grant has expired due to it being revoked.',
    error_codes: [50173],
    suberror: 'bad_token',
  },
  blocked: {
    error: 'invalid_grant',
    error_description: 'AADSTS50057: The user account is disabled.',
    error_codes: [50057],
  },
} as const

const known: readonly string[] = [
  ...Object.keys(refusals),
  ...(['step_up', 'authority_down', 'api_down'] satisfies FakeRefusal[]),
]

/** @throws ConfigurationError for one that nobody knows, which would refuse nothing. */
export function checkRefusal(refusal: FakeRefusal, at: string): FakeRefusal {
  if (known.includes(refusal)) return refusal
  throw new ConfigurationError(at, `must be one of ${known.join(', ')}`)
}

/** The answer of an API that wants a stronger sign-in (continuous access evaluation, authentication context). */
export function demandStepUp(): Response {
  const claims = btoa(JSON.stringify(demanded))
  return new Response(null, {
    status: 401,
    headers: {
      'www-authenticate': `Bearer realm="", error="insufficient_claims", claims="${claims}"`,
    },
  })
}
