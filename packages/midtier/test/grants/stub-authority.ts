// A token endpoint handed in as `fetch`: answers as Entra was recorded to, and remembers what it was asked.
import type { Fetch } from '../../src/kernel/http/http.ts'

/** One request the authority saw. */
export interface SeenRequest {
  readonly url: string
  readonly headers: Headers
  readonly body: URLSearchParams
}

/** What the authority answers; called for every request. */
export type Answer = (seen: SeenRequest) => Response | Promise<Response>

/** A token endpoint under the control of a test. */
export interface StubAuthority {
  readonly fetch: Fetch
  readonly requests: readonly SeenRequest[]
  answer: Answer
}

export function createStubAuthority(answer: Answer = granted()): StubAuthority {
  const requests: SeenRequest[] = []
  const stub: StubAuthority = {
    requests,
    answer,
    fetch: async (input, init) => {
      const seen = {
        url: String(input),
        headers: new Headers(init?.headers),
        body: new URLSearchParams(init?.body as string),
      }
      requests.push(seen)
      const response = await stub.answer(seen)
      init?.signal?.throwIfAborted()
      return response
    },
  }
  return stub
}

/** Text of the n-th token granted is `token-n`; user grants echo their scopes, app grants have none. */
export function granted(members: Readonly<Record<string, unknown>> = {}): Answer {
  let count = 0
  return ({ body }) => {
    count += 1
    const forUser = body.get('grant_type') !== 'client_credentials'
    const scope = body.get('scope')?.replace(/ ?(openid|profile|offline_access)/g, '')
    return json(200, {
      token_type: 'Bearer',
      ...(forUser ? { scope } : {}),
      expires_in: 3600,
      ext_expires_in: 3600,
      access_token: `token-${count}`,
      ...members,
    })
  }
}

/** Answers in turn; the last one for ever. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let index = 0
  return (seen) => {
    const answer = answers[Math.min(index, answers.length - 1)]!
    index += 1
    return answer(seen)
  }
}

const traceId = '3f1b2a5e-90c1-4c38-8d4b-5a2f6d7e9000'

/** Entra's error body: a single space before the trace id, `claims` a string of JSON, the caller's request id echoed. */
export function refused(
  status: number,
  error: string,
  code: number,
  text: string,
  extras: Readonly<Record<string, unknown>> = {},
): Answer {
  return ({ headers }) => {
    const correlationId = headers.get('client-request-id')
    const timestamp = '2026-08-13 21:24:29Z'
    return json(status, {
      error,
      error_description: `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      ...extras,
    })
  }
}

const errorUri = (code: number): { error_uri: string } => ({
  error_uri: `https://login.microsoftonline.com/error?code=${code}`,
})

/** The claims request of a Conditional Access policy. */
export const policyClaims =
  '{"access_token":{"capolids":{"essential":true,"values":["c8c3a0ab-0a7e-4c3e-a3ed-7a1b7cbd0b6a"]}}}'

/** Refusals as recorded or quoted in public threads. */
export const recorded = {
  consentMissing: refused(
    400,
    'invalid_grant',
    65001,
    "The user or administrator has not consented to use the application with ID '11111111-1111-1111-1111-111111111111' named 'api'. Send an interactive authorization request for this user and resource.",
    { suberror: 'consent_required' },
  ),
  mfaDemanded: refused(
    400,
    'invalid_grant',
    50076,
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
    { ...errorUri(50076), suberror: 'basic_action', claims: policyClaims },
  ),
  mfaDemandedV1: refused(400, 'interaction_required', 50076, 'You must use multi-factor authentication.', {
    claims: policyClaims,
  }),
  blockedByPolicy: refused(
    400,
    'invalid_grant',
    53003,
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    { ...errorUri(53003), suberror: 'message_only', claims: policyClaims },
  ),
  otherAudience: refused(
    400,
    'invalid_grant',
    500131,
    "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was 'https://graph.microsoft.com' and the expected audience is 'api://11111111-1111-1111-1111-111111111111'.",
  ),
  assertionExpired: refused(400, 'invalid_grant', 500133, 'Assertion is not within its valid time range.'),
  sessionRevoked: refused(
    400,
    'invalid_grant',
    50173,
    'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
    { ...errorUri(50173), suberror: 'bad_token' },
  ),
  signInTooOld: refused(
    400,
    'invalid_grant',
    70043,
    'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
    { suberror: 'token_expired' },
  ),
  wrongSecret: refused(
    401,
    'invalid_client',
    7000215,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '11111111-1111-1111-1111-111111111111'.",
    errorUri(7000215),
  ),
  unknownResource: refused(
    400,
    'invalid_resource',
    500011,
    'The resource principal named api://nowhere was not found in the tenant named Contoso.',
    errorUri(500011),
  ),
  applicationNotAssigned: refused(
    400,
    'invalid_grant',
    501051,
    'Application is not assigned to a role for the application.',
    errorUri(501051),
  ),
  overloaded: refused(
    503,
    'temporarily_unavailable',
    90033,
    'A transient error has occurred. Please try again.',
  ),
} as const

export function throttled(retryAfter?: string): Answer {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  return () => json(429, { error: 'temporarily_unavailable', error_codes: [90055] }, headers)
}

export function html(status: number, headers: Record<string, string> = {}): Answer {
  const body = "<!DOCTYPE html><html><body><h2>Our services aren't available right now</h2></body></html>"
  return () => new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store, no-cache',
      ...headers,
    },
  })
}
