// What is remembered of a caller that is refused in spite of a valid token: who it was, and whether a challenge goes round in circles.
import { readText, readTexts, secondsOf } from '../jwt/claims.ts'
import type { ChallengedToken } from '../bearer/challenge-loops.ts'
import type { BearerError } from '../kernel/errors/errors.ts'
import type { Principal } from './principal.ts'

/** Whether the client says that it can act on a claims challenge: `xms_cc` with `cp1`, in any case. */
export function understandsClaimsChallenges({ claims }: Principal): boolean {
  return readTexts(claims['xms_cc']).some((value) => value.toLowerCase() === 'cp1')
}

/** The token of a caller, as a loop of challenges is noticed by it. */
export function describeChallenged({
  claims,
  issuer,
  tenantId,
  objectId,
  subject,
  clientId,
}: Principal): ChallengedToken {
  const issuedAtSeconds = secondsOf(claims, 'iat')
  const sid = readText(claims['sid'])
  return {
    session: JSON.stringify([issuer, tenantId, objectId ?? subject, clientId, sid]),
    isOneSession: sid !== undefined,
    id: readText(claims['uti']) ?? `${issuedAtSeconds} ${secondsOf(claims, 'exp')}`,
    issuedAtSeconds,
  }
}

// By identity, since an error is printed and this is not to be.
const refused = new WeakMap<BearerError, Principal>()

/** Notes whose valid token is refused. */
export function noteRefused(error: BearerError, principal: Principal): BearerError {
  refused.set(error, principal)
  return error
}

/** Whose valid token was refused with this; `undefined` where no token was valid. */
export function findRefused(error: BearerError): Principal | undefined {
  return refused.get(error)
}
