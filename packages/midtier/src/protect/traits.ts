// What the gate asks of a caller's claims at every request, read once.
import { readText, readTexts, secondsOf } from '../jwt/claims.ts'
import type { JsonObject } from '../kernel/json.ts'
import { hasUnclearFacets } from './agent.ts'

/** What requirements and revocations are measured by, beside what a principal shows. */
export interface Traits {
  /** `iat`; 0 where it cannot be read, which is before every revocation. */
  readonly issuedAtSeconds: number
  /** See {@link hasUnclearFacets}. */
  readonly hasUnclearFacets: boolean
  readonly isGuest: boolean
  /** `azpacr` (v2) or `appidacr` (v1): 0 for a public client, 1 for a secret, 2 for a certificate. */
  readonly clientStrength: 0 | 1 | 2
  /** `acrs`: the authentication contexts that the token was issued for. */
  readonly authenticationContexts: readonly string[]
}

/** Does not check anything. */
export function readTraits(claims: JsonObject, issuer: string, version: '1.0' | '2.0'): Traits {
  return {
    issuedAtSeconds: secondsOf(claims, 'iat'),
    hasUnclearFacets: hasUnclearFacets(claims),
    isGuest: isGuest(claims, issuer),
    clientStrength: readStrength(claims[version === '1.0' ? 'appidacr' : 'azpacr']),
    authenticationContexts: readTexts(claims['acrs']),
  }
}

/** `acct` is an optional claim; without it, `idp` is there for those who signed in elsewhere alone. */
function isGuest(claims: JsonObject, issuer: string): boolean {
  const account = claims['acct']
  if (account !== undefined) return account !== 0 && account !== '0'
  const provider = readText(claims['idp'])
  return provider !== undefined && provider !== issuer
}

function readStrength(value: unknown): Traits['clientStrength'] {
  return value === '2' || value === 2 ? 2 : value === '1' || value === 1 ? 1 : 0
}
