// How the session travels inside an access token: sealed in `aio`, which only the issuer reads.
import type { Emulation } from '../emulation.ts'
import type { SealedKind } from '../seal.ts'
import { opaqueValue } from './identifiers.ts'
import type { JsonObject } from './compact.ts'
import type { UserSession, UserSubject } from './subject.ts'

const sessionKind: SealedKind<UserSession> = { name: 'aio/1' }

/** `aio` of a token: the sealed session of the user, or a random value when there is none. */
export function buildAio({ sealer }: Pick<Emulation, 'sealer'>, user: UserSubject | undefined): string {
  return user === undefined ? opaqueValue() : sealer.seal(sessionKind, user.session)
}

/** The session in which a token was issued; a token that was made elsewhere has an unknown one. */
export function readSession({ sealer }: Pick<Emulation, 'sealer'>, claims: JsonObject): UserSession {
  const { aio, sid, iat } = claims
  const session = typeof aio === 'string' ? sealer.open(sessionKind, aio) : undefined
  if (session !== undefined) return session
  return {
    sid: typeof sid === 'string' ? sid : opaqueValue(),
    authTime: typeof iat === 'number' ? iat : 0,
    amr: ['pwd'],
  }
}
