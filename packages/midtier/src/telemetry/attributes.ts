// What spans and metrics say of an event. Few values each, for metrics are kept once for every combination; nothing about a person.
import type { Attributes } from '@opentelemetry/api'
import type { EventOf } from './by-type.ts'

/** Attributes by the type of an event, the same on its span and its metric. */
export const attributesOf = {
  token_validated: ({ kind, agent, fromCache }: EventOf<'token_validated'>): Attributes => ({
    'midtier.caller': agent === undefined ? kind : 'agent',
    'midtier.cached': fromCache,
  }),
  token_refused: ({ status, error, reason }: EventOf<'token_refused'>): Attributes =>
    given({
      'http.response.status_code': status,
      'error.type': error ?? 'no_token',
      'midtier.reason': reason,
    }),
  authentication_failed: ({ code, reason }: EventOf<'authentication_failed'>): Attributes =>
    given({ 'error.type': code, 'midtier.reason': reason }),
  token_acquired: ({ grant, origin, reason, agentId }: EventOf<'token_acquired'>): Attributes => {
    const attributes: Attributes = {
      'midtier.grant': grant,
      'midtier.origin': origin,
      'midtier.for_agent': agentId !== undefined,
    }
    if (reason !== undefined) attributes['midtier.reason'] = reason // a cache has none: the commonest of all
    return attributes
  },
  acquisition_failed: ({ grant, code, reason, renewal }: EventOf<'acquisition_failed'>): Attributes =>
    given({
      'midtier.grant': grant,
      'error.type': code,
      'midtier.reason': reason,
      'midtier.renewal': renewal,
    }),
  token_requested: ({ grant, status, error }: EventOf<'token_requested'>): Attributes =>
    given({
      'midtier.grant': grant,
      'http.response.status_code': status,
      'error.type': error === undefined ? undefined : wireError(error),
    }),
  downstream_called: ({ api, method, status, token }: EventOf<'downstream_called'>): Attributes =>
    given({
      'midtier.api': api,
      'midtier.token': token,
      'http.request.method': methods.has(method) ? method : '_OTHER',
      'http.response.status_code': status,
      'error.type': status === undefined ? 'no_answer' : status >= 400 ? String(status) : undefined,
    }),
}

/** An application may pass on a method of its caller's: those that nobody knows are one, as the semantic conventions have it. */
const methods: ReadonlySet<string> = new Set(
  'CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '),
)

/** The errors of a token endpoint are texts of somebody else's (RFC 6749 §5.2, RFC 8628 §3.5, Entra's own). */
const wireErrors: ReadonlySet<string> = new Set(
  (
    'invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope invalid_resource invalid_target ' +
    'interaction_required login_required consent_required access_denied temporarily_unavailable server_error authorization_pending ' +
    'slow_down expired_token use_dpop_nonce authority_unavailable'
  ).split(' '),
)

function wireError(error: string): string {
  return wireErrors.has(error) ? error : 'other'
}

/** Attributes that are there, of an object made for this: most have all, and are not copied. */
export function given(attributes: Attributes): Attributes {
  for (const name in attributes) if (attributes[name] === undefined) return withoutAbsent(attributes)
  return attributes
}

function withoutAbsent(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
