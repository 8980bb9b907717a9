// Checks of a token's form: its length, its header, and the types of its claims.
import type { ClaimFault } from '../../jwt/claims.ts'
import { quote, quoteAll, type Check } from './check.ts'
import type { ClaimedEvidence, TextEvidence } from './evidence.ts'

/** A huge token makes us hash, decode and parse it for nothing: cheap for the sender, dear for us. */
export const size: Check<TextEvidence> = {
  name: 'size',
  passes: ({ token, maxTokenLength }) => token.length <= maxTokenLength,
  description: 'The token is too long',
  expected: ({ maxTokenLength }) => `at most ${maxTokenLength} characters`,
  actual: ({ token }) => `${token.length} characters`,
  status: 400,
  error: 'invalid_request',
}

const acceptedTypes: ReadonlySet<unknown> = new Set([
  'jwt',
  'at+jwt',
  'application/at+jwt',
  'application/jwt',
  undefined,
])

/** A logout token, a security event or a client assertion of the same issuer, passed off as an access token (RFC 8725 §3.11). */
export const tokenType: Check<ClaimedEvidence> = {
  name: 'token_type',
  passes: ({ header: { typ } }) => acceptedTypes.has(typeof typ === 'string' ? typ.toLowerCase() : typ),
  description: 'The token is not an access token: its type is another one',
  expected: () => 'typ JWT or at+jwt',
  actual: ({ header }) => quote(header['typ']),
}

/** `none`, or HS256 with the public key as the secret: the algorithm is ours to choose (RFC 8725 §3.1, CVE-2015-9235). */
export const algorithm: Check<ClaimedEvidence> = {
  name: 'algorithm',
  passes: ({ header, algorithms }) => algorithms.some((allowed) => allowed === header['alg']),
  description: 'The token is signed with an algorithm that this API does not accept',
  expected: ({ algorithms }) => quoteAll(algorithms),
  actual: ({ header }) => quote(header['alg']),
}

/** An extension we would have to understand and do not, `b64` among them: ignoring it changes what was signed (RFC 7515 §4.1.11). */
export const criticalHeaders: Check<ClaimedEvidence> = {
  name: 'critical_headers',
  passes: ({ header }) => header['crit'] === undefined && header['b64'] === undefined,
  description: 'The token uses a header extension that this API does not understand',
  expected: () => 'neither crit nor b64',
  actual: ({ header }) => quote(header['crit'] === undefined ? header['b64'] : header['crit']),
}

const longestKeyId = 256

/** Without a `kid` the key would be a guess; "the first one" fails at the next rollover. A huge one fills logs. */
export const keyId: Check<ClaimedEvidence> = {
  name: 'key_id',
  passes: ({ header: { kid } }) => typeof kid === 'string' && kid !== '' && kid.length <= longestKeyId,
  description: 'The token does not say which key signed it',
  expected: () => `a kid of 1 to ${longestKeyId} characters`,
  actual: ({ header }) => quote(header['kid']),
}

/** `aud` as an object with an `includes`, `exp` as text, `iss` as a list: decisions on values of a type nobody thought of. */
export const claimTypes: Check<ClaimedEvidence> = {
  name: 'claim_types',
  passes: (subject) => faultyClaim(subject, 'mistyped') === undefined,
  description: 'A claim of the token has the wrong type',
  expected: () => 'claims of their registered types',
  actual: (subject) => quote(faultyClaim(subject, 'mistyped')),
}

/** `TID` beside `tid`: a reader that ignores case decides by another tenant than we do. */
export const lookalikeClaims: Check<ClaimedEvidence> = {
  name: 'lookalike_claims',
  passes: (subject) => faultyClaim(subject, 'lookalike') === undefined,
  description: 'A claim of the token differs from a registered one in letter case alone',
  expected: () => 'each registered claim in its own spelling',
  actual: (subject) => quote(faultyClaim(subject, 'lookalike')),
}

function faultyClaim({ claimFault }: ClaimedEvidence, fault: ClaimFault['fault']): string | undefined {
  return claimFault?.fault === fault ? claimFault.name : undefined
}

/** Microsoft Graph's own tokens: the header's nonce was hashed before signing, so that nobody but Graph can verify them. */
export const foreignNonce: Check<ClaimedEvidence> = {
  name: 'foreign_nonce',
  passes: ({ header }) => header['nonce'] === undefined,
  description:
    'The token is meant for Microsoft Graph, not for this API; request a token for a scope of this API',
  expected: () => 'no nonce in the header',
  actual: ({ header }) => (header['nonce'] === undefined ? 'none' : 'a nonce in the header'),
  mistake: () => 'the client asked for a Graph scope (User.Read, …) instead of api://{this API}/…',
}
