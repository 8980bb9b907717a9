// How the session travels inside an access token: sealed in `aio`, which only the issuer reads.
import type { TokenIssuer } from './token-issuer.ts'
import type { SealedKind } from '../kernel/seal.ts'
import { opaqueValue } from './identifiers.ts'
import type { JsonObject } from './compact.ts'
import type { UserSession, UserSubject } from './subject.ts'

/** The session of a token and when the token was made: `iat` alone cannot tell before and after within a second. */
interface IssuedSession {
  readonly session: UserSession
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
}

const sessionKind: SealedKind<IssuedSession> = { name: 'aio/2' }

/** `aio` of a token: the sealed session of the user, or a random value when there is none. */
export function buildAio(
  { sealer, clock }: Pick<TokenIssuer, 'sealer' | 'clock'>,
  user: UserSubject | undefined,
): string {
  if (user === undefined) return opaqueValue()
  return sealer.seal(sessionKind, { session: user.session, issuedAt: clock.now() })
}

/** The session in which a token was issued, and when; a token that was made elsewhere has an unknown session, and one that does not say was issued at 0. */
export function readSession({ sealer }: Pick<TokenIssuer, 'sealer'>, claims: JsonObject): IssuedSession {
  const { aio, sid, iat } = claims
  const authTime = typeof iat === 'number' ? iat : 0
  const sealed = typeof aio === 'string' ? sealer.open(sessionKind, aio) : undefined
  const session = sealed?.session ?? {
    sid: typeof sid === 'string' ? sid : opaqueValue(),
    authTime,
    amr: ['pwd'],
  }
  // A test that mints a token with another `iat` means that one.
  const isExact = sealed !== undefined && Math.floor(sealed.issuedAt / 1000) === iat
  return { session, issuedAt: isExact ? sealed.issuedAt : authTime * 1000 }
}
