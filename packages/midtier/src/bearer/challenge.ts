// The WWW-Authenticate field of an answer: what was wrong and what the caller can do about it (RFC 6750 §3, RFC 9110 §11.6.1).
import { encodeBase64 } from '../kernel/crypto/base64url.ts'
import type { BearerErrorName } from '../kernel/errors/errors.ts'

/** The parameters of a Bearer challenge, each announced at most once, in this order. */
export interface BearerChallenge {
  /** Protection space. Entra's own challenges carry an empty one beside a tenant-independent `authorizationUri`. */
  readonly realm?: string | undefined
  /** Where the caller signs in: the authorize endpoint. */
  readonly authorizationUri?: string | undefined
  /** Client id of this API. */
  readonly clientId?: string | undefined
  /** Where RFC 9728 metadata of this API is found. */
  readonly resourceMetadata?: string | undefined
  /** Absent when the request carried no credentials at all (RFC 6750 §3.1). */
  readonly error?: BearerErrorName | undefined
  /** For a developer; characters outside the permitted set are replaced. */
  readonly errorDescription?: string | undefined
  /** Scopes that the caller's token needs. */
  readonly scopes?: readonly string[] | undefined
  /** A claims request as JSON text; announced as base64. */
  readonly claims?: string | undefined
  /** A consent that is missing, by the parameters that Microsoft.Identity.Web has for it: `consentUri`, `scopes` and `proposedAction`. */
  readonly consent?: MissingConsent | undefined
}

/** What has to be consented to, and where. */
export interface MissingConsent {
  readonly url: string | undefined
  /** Scopes of a downstream API; announced with commas between them. */
  readonly scopes: readonly string[]
}

/**
 * Builds the value of a WWW-Authenticate field; CR, LF and quotes in any parameter cannot break out of it.
 *
 * @see RFC 6750 §3, RFC 9110 §11.6.1, RFC 9728 §5.1
 */
export function buildChallenge(challenge: BearerChallenge): string {
  const parameters = [
    parameter('realm', challenge.realm, quotable),
    parameter('authorization_uri', challenge.authorizationUri, quotable),
    parameter('client_id', challenge.clientId, quotable),
    parameter('resource_metadata', challenge.resourceMetadata, quotable),
    parameter('error', challenge.error, quotable),
    parameter('error_description', challenge.errorDescription, descriptionText),
    parameter('scope', challenge.scopes?.join(' '), scopeText),
    parameter('claims', challenge.claims, base64OfText),
    ...consentParameters(challenge.consent),
  ].filter((text) => text !== undefined)
  return parameters.length === 0 ? 'Bearer' : `Bearer ${parameters.join(', ')}`
}

function consentParameters(consent: MissingConsent | undefined): readonly (string | undefined)[] {
  if (consent === undefined) return []
  return [
    parameter('consentUri', consent.url, quotable),
    parameter('scopes', scopeText(consent.scopes.join(' ')).replaceAll(' ', ','), quotable),
    parameter('proposedAction', 'consent', quotable),
  ]
}

function parameter(
  name: string,
  value: string | undefined,
  toText: (value: string) => string,
): string | undefined {
  return value === undefined ? undefined : `${name}="${toText(value)}"`
}

/** A quoted-string of printable ASCII (RFC 9110 §5.6.4). */
function quotable(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, (character) => `\\${character}`)
}

/** error_description has neither quote nor backslash, not even escaped (RFC 6750 §3). */
function descriptionText(value: string): string {
  return value.replaceAll('"', "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
}

/** scope-tokens separated by single spaces (RFC 6750 §3); a scope with a foreign character is left out, not mended. */
function scopeText(value: string): string {
  return value
    .split(' ')
    .filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
    .join(' ')
}

function base64OfText(value: string): string {
  return encodeBase64(new TextEncoder().encode(value))
}
