// The id of one exchange with the authority, which both sides log: `client-request-id`.

/**
 * A fresh id.
 *
 * Joined from its parts, because what `randomUUID` gives is kept by V8 as a tree of its pieces, half a kilobyte large, for as long as
 * the token that it belongs to.
 */
export function createCorrelationId(): string {
  return crypto.randomUUID().split('-').join('-')
}
