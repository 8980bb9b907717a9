// How the session travels inside an access token: sealed in `aio`, which only the issuer reads.
import type { TokenIssuer } from './token-issuer.ts'
import type { SealedKind } from '../kernel/seal.ts'
import { opaqueValue } from './identifiers.ts'
import type { JsonObject } from './compact.ts'
import type { UserSession, UserSubject } from './subject.ts'

/** The session of a token and when the token was made: `iat` alone cannot tell before and after within a second. */
interface SealedSession {
  readonly session: UserSession
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
}

const sessionKind: SealedKind<SealedSession> = { name: 'aio/2' }

/** `aio` of a token: the sealed session of the user, or a random value when there is none. */
export function buildAio(
  { sealer, clock }: Pick<TokenIssuer, 'sealer' | 'clock'>,
  user: UserSubject | undefined,
): string {
  if (user === undefined) return opaqueValue()
  return sealer.seal(sessionKind, { session: user.session, issuedAt: clock.now() })
}

/** The session in which a token was issued; a token that was made elsewhere has an unknown one. */
export function readSession(issuer: Pick<TokenIssuer, 'sealer'>, claims: JsonObject): UserSession {
  const { sid, iat } = claims
  return (
    openSession(issuer, claims)?.session ?? {
      sid: typeof sid === 'string' ? sid : opaqueValue(),
      authTime: typeof iat === 'number' ? iat : 0,
      amr: ['pwd'],
    }
  )
}

/** When a token was issued, in milliseconds since the epoch; 0 when it does not say. */
export function readIssueTime(issuer: Pick<TokenIssuer, 'sealer'>, claims: JsonObject): number {
  const { iat } = claims
  const issuedAt = openSession(issuer, claims)?.issuedAt
  // A test that mints a token with another `iat` means that one.
  if (issuedAt !== undefined && Math.floor(issuedAt / 1000) === iat) return issuedAt
  return typeof iat === 'number' ? iat * 1000 : 0
}

function openSession(
  { sealer }: Pick<TokenIssuer, 'sealer'>,
  { aio }: JsonObject,
): SealedSession | undefined {
  return typeof aio === 'string' ? sealer.open(sessionKind, aio) : undefined
}
