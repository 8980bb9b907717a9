// Challenges as MCP clients act on them: they read `scope` and `resource_metadata`, sign in, and know nothing of claims or of consent.
import type { RenderedAnswer } from '../../answer/render.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import { understandsClaimsChallenges } from '../../protect/challenged-token.ts'
import type { Principal } from '../../protect/principal.ts'

/**
 * Whether a client can mend a failure by signing in, so that it belongs into HTTP. Claims are carried by clients alone that say so (`cp1`);
 * a consent is given to this server and not to its client; policies and outages no sign-in ends.
 */
export function helpsOverHttp(error: unknown, principal: Principal): boolean {
  if (hasCode(error, 'bearer_refused')) return true
  if (!hasCode(error, 'interaction_required') || error.request?.withheld !== undefined) return false
  if (error.reason === 'claims_required') return understandsClaimsChallenges(principal)
  return error.reason === 'sign_in_required'
}

/**
 * The same answer, which names the scopes to sign in with: of the door, and of the operation. Without them a client asks for everything
 * that the metadata list; with those of the operation alone, some clients lose what the door demands.
 *
 * A 403 that no scope mends, such as a missing role, has no challenge left: it would send people to sign in for nothing.
 */
export function withScopes(rendered: RenderedAnswer, scopes: readonly string[]): RenderedAnswer {
  const { 'www-authenticate': challenge, ...others } = rendered.headers
  if (challenge === undefined) return rendered
  const named = / scope="[^"]*"/.test(challenge)
  if (rendered.status === 403 && !named && !challenge.includes('claims='))
    return { ...rendered, headers: others }
  if (scopes.length === 0) return rendered
  const bare = challenge.replace(/, scope="[^"]*"/, '')
  return { ...rendered, headers: { ...others, 'www-authenticate': `${bare}, scope="${scopes.join(' ')}"` } }
}
