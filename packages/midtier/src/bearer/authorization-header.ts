// The Authorization field of a request: exactly one Bearer token, nothing at all, or something malformed (RFC 6750 §2.1).

/** Why a field that should carry a Bearer token does not. */
export type HeaderFault = 'too_long' | 'several_fields' | 'not_text' | 'no_token' | 'not_one_token'

/** What the Authorization field holds. */
export type AuthorizationHeader =
  | { readonly kind: 'token'; readonly token: string }
  /** No field, or another scheme: the caller did not try Bearer, and is told of it without an error code (RFC 6750 §3.1). */
  | { readonly kind: 'absent' }
  /** A 400 `invalid_request`. */
  | { readonly kind: 'malformed'; readonly reason: HeaderFault; readonly description: string }

/** Options of {@link parseAuthorizationHeader}. */
export interface AuthorizationHeaderOptions {
  /** Longest field that is looked at. Characters. More lets a stranger make us hash and decode more. */
  readonly maxLength: number
}

const absent: AuthorizationHeader = Object.freeze({ kind: 'absent' })
const tooLong = malformed('too_long', 'The Authorization field is too long')
const severalFields = malformed('several_fields', 'The request carries more than one Authorization field')
const notText = malformed('not_text', 'The Authorization field is not a text')
const noToken = malformed('no_token', 'The Authorization field names the Bearer scheme but carries no token')
const notOneToken = malformed(
  'not_one_token',
  'The Authorization field is not the word Bearer, spaces and one token without any white space or comma',
)

/**
 * Reads the Authorization field as the HTTP server gives it.
 *
 * Does not check the characters of the token beyond white space and commas: the compact parser refuses every other foreign one.
 *
 * @see RFC 6750 §2.1, RFC 9110 §11.6.2
 */
export function parseAuthorizationHeader(
  value: string | readonly string[] | undefined | null,
  options: AuthorizationHeaderOptions,
): AuthorizationHeader {
  if (typeof value !== 'string') return parseFields(value, options)
  if (value.length > options.maxLength) return tooLong
  if (value.startsWith('Bearer ') || otherwiseBearer.test(value)) return parseCredentials(value)
  return carriesAnotherScheme(value)
}

/** Two fields, one genuine and one not, would let a proxy and us look at different ones; the field is no list (RFC 9110 §5.3). */
function parseFields(values: unknown, options: AuthorizationHeaderOptions): AuthorizationHeader {
  if (values === undefined || values === null) return absent
  if (!Array.isArray(values)) return notText // of a mock, or of a middleware that put something else there
  if (values.length > 1) return severalFields
  const [only] = values as readonly unknown[]
  if (typeof only === 'string') return parseAuthorizationHeader(only, options)
  return only === undefined || only === null ? absent : notText
}

function parseCredentials(value: string): AuthorizationHeader {
  if (value.length <= 'bearer '.length) return noToken
  if (value[schemeLength] !== ' ') return notOneToken
  let start = schemeLength + 1
  while (value[start] === ' ') start++ // `1*SP`: more than one space is as good
  const token = value.slice(start)
  if (token === '') return noToken
  // Substring searches, because a regular expression over two kilobytes costs more than hashing them.
  if (token.includes(' ') || token.includes(',') || token.includes('\t')) return notOneToken
  return { kind: 'token', token }
}

const schemeLength = 'bearer'.length

/** The scheme's name is case-insensitive (RFC 9110 §11.1) and ends at white space, or the field ends with it. */
const otherwiseBearer = /^bearer(?:\s|$)/i

/** Another scheme joined with a Bearer one by a comma is two fields in one. */
function carriesAnotherScheme(value: string): AuthorizationHeader {
  if (/(?:^|[\s,])bearer(?:\s|$)/i.test(value)) return notOneToken
  return absent
}

function malformed(reason: HeaderFault, description: string): AuthorizationHeader {
  return Object.freeze({ kind: 'malformed', reason, description })
}
