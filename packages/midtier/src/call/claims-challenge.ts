// A downstream API that refuses the token with a claims challenge: what it demands, and what one caller has already tried about it.
import type { AccessToken } from '../acquire/token-source.ts'
import { findClaimsChallenge } from '../bearer/claims-challenge.ts'
import { parseChallenges } from '../bearer/parse-challenges.ts'
import { InteractionRequiredError } from '../kernel/errors/errors.ts'
import { isJsonObject, parseJsonObject } from '../kernel/json.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { Answer } from './answer/answer.ts'
import type { DownstreamSettings } from './downstream-settings.ts'
import type { PreparedRequest } from './request/request.ts'

/** The claims request that an answer carries, as JSON written by us; `undefined` for every answer but a 401 that has one. */
export function claimsDemandedBy({ status, headers }: Answer): string | undefined {
  if (status !== 401) return undefined
  return findClaimsChallenge(parseChallenges(headers))?.claims
}

const mostNames = 8

/** Names of the claims that are demanded, for the observer: a name that is not one is left out, and no value is looked at. */
export function namesOfClaims(claims: string): readonly string[] {
  const places = Object.values(parseJsonObject(claims) ?? {}).filter(isJsonObject)
  const names = places.flatMap((place) => Object.keys(place))
  return [...new Set(names)].filter((name) => /^[\w.:/-]{1,64}$/.test(name)).slice(0, mostNames)
}

/** The challenge for our own caller: the API wants the person, and a new token did not do. */
export function relayedChallenge(
  settings: DownstreamSettings,
  { scopes }: PreparedRequest,
  claims: string,
): InteractionRequiredError {
  return new InteractionRequiredError(
    `The downstream API '${settings.name}' wants the person to satisfy a claims challenge`,
    'claims_required',
    { error: 'insufficient_claims', errorNumbers: [], claims, status: 401, scopes, origin: 'resource' },
  )
}

/**
 * The refusal of the authority to answer a challenge, with the claims of the challenge when it names none: with `invalid_token` alone
 * our caller would show the same session again. A missing consent or a policy that says no is not for claims to cure.
 */
export function withClaims(error: InteractionRequiredError, claims: string): InteractionRequiredError {
  const { message, reason, facts } = error
  if (facts.claims !== undefined || reason !== 'sign_in_required') return error
  return new InteractionRequiredError(message, reason, { ...facts, claims }, { cause: error })
}

/** Most challenges that one caller's request can bring about an acquisition for; further ones are relayed at once. */
const mostChallenges = 16

/** What became of the challenges during one caller's request, so that none goes round twice. */
export class AnsweredChallenges {
  readonly #outcomes = new Map<string, AccessToken | InteractionRequiredError>()

  /** Whether there may be another token than the one that was refused. */
  mayBeAnswered(challenge: string, refused: AccessToken): boolean {
    const known = this.#outcomes.get(challenge)
    if (known === undefined) return this.#outcomes.size < mostChallenges
    return hasCode(known, 'interaction_required') || known.accessToken !== refused.accessToken
  }

  /**
   * The token that answers a challenge, acquired once.
   *
   * @throws what the authority said, also when it said so to an earlier call. An outage is not remembered: the next call tries again.
   */
  async answer(challenge: string, acquire: () => Promise<AccessToken>): Promise<AccessToken> {
    const outcome = this.#outcomes.get(challenge) ?? (await acquire().catch(asRefusal))
    this.#outcomes.set(challenge, outcome)
    if (hasCode(outcome, 'interaction_required')) throw outcome
    return outcome
  }
}

function asRefusal(error: unknown): InteractionRequiredError {
  if (hasCode(error, 'interaction_required')) return error
  throw error
}
