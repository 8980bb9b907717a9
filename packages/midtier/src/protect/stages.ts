// The stages of validating an access token, from text to principal: form, issuer, key, signature, claims, each stage refusing on its own.
import { findClaimFault } from '../jwt/claims.ts'
import { parseCompactJws, type CompactJws, type MalformedToken } from '../jwt/compact.ts'
import { verifyJws } from '../jwt/signature.ts'
import type { SigningKey } from '../authority/key-set.ts'
import { BearerError } from '../kernel/errors/errors.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Account } from '../token-cache/account.ts'
import { runChecks, type Check } from './checks/check.ts'
import { claimedChecks, keyChecks, signedChecks } from './checks/checks.ts'
import { endSeconds, startSeconds } from './checks/time-checks.ts'
import { accountOf, createPrincipal } from './create-principal.ts'
import type { ClaimedEvidence, SignedEvidence, Trust } from './checks/evidence.ts'
import type { Trusts } from './trusts.ts'
import { selectTrust } from './checks/issuer-checks.ts'
import type { Principal } from './principal.ts'
import type { ValidatorSettings } from './settings.ts'

/** What tokens are validated with. */
export interface Gate {
  readonly settings: ValidatorSettings
  readonly trusts: Trusts
  readonly nowMs: () => number
}

/** A token that passed every check, and what it leaned on. */
export interface VerifiedToken {
  readonly principal: Principal
  readonly account: Account | undefined
  readonly trust: Trust
  readonly key: SigningKey
  /** What time alone can turn: the seconds, by our clock, from which and until which it counts as valid. */
  readonly startSeconds: number
  readonly endSeconds: number
  /** The claims that observers are told of, picked out for the first of them. */
  told: Readonly<Record<string, unknown>> | undefined
}

/** Is told why a genuine token was refused; nothing that a stranger can make up comes here. */
export type OnRefusal = (error: unknown, trust: Trust) => void

/**
 * Validates a token whose length was checked.
 *
 * @throws BearerError when it is refused, AuthorityUnavailableError when its key cannot be had.
 * Does not check any requirement of a route.
 *
 * @see RFC 7519 §7.2, RFC 8725, RFC 9068 §4
 */
export async function passStages(
  token: string,
  gate: Gate,
  onRefusal: OnRefusal = () => undefined,
): Promise<VerifiedToken> {
  const jws = parseCompactJws(token)
  if (jws.kind === 'malformed') throw refuseForm(jws)
  const evidence = claimedEvidence(jws, gate)
  runChecks(claimedChecks, evidence)
  const { trust } = evidence
  const kid = jws.header['kid']
  if (trust === undefined || typeof kid !== 'string') throw refuseSignature()
  const { key, metadata } = await trust.keys.find(kid)
  const { header, payload: claims } = jws
  runChecks(keyChecks, { header, claims, trust, metadata, key })
  if (key === undefined || !(await verifyJws(jws, key.verification))) throw refuseSignature()
  runSigned(signedChecks, signedEvidence(claims, trust, gate), onRefusal)
  const principal = createPrincipal(claims, trust, jws.payloadText)
  const account = accountOf(principal, trust, gate.settings.registrations[0])
  const { clockToleranceSeconds } = gate.settings
  return {
    principal,
    account,
    trust,
    key,
    startSeconds: startSeconds(claims, clockToleranceSeconds),
    endSeconds: endSeconds(claims, clockToleranceSeconds),
    told: undefined,
  }
}

/** What is known before any key. */
export function claimedEvidence(
  { header, payload }: CompactJws,
  { settings, trusts }: Gate,
): ClaimedEvidence {
  const trust = selectTrust(trusts, payload)
  return {
    header,
    claims: payload,
    claimFault: findClaimFault(payload, trust?.registration.authority.claimTypes),
    algorithms: settings.signingKeys.algorithms,
    trusts,
    trust,
  }
}

/** As {@link runChecks}, for a token that its issuer signed. */
function runSigned(
  checks: readonly Check<SignedEvidence>[],
  evidence: SignedEvidence,
  onRefusal: OnRefusal,
): void {
  try {
    runChecks(checks, evidence)
  } catch (error) {
    onRefusal(error, evidence.trust)
    throw error
  }
}

/** What is known of a signed token now. */
export function signedEvidence(claims: JsonObject, trust: Trust, gate: Gate): SignedEvidence {
  const { clockToleranceSeconds } = gate.settings
  const nowMs = gate.nowMs()
  return { claims, trust, nowSeconds: Math.floor(nowMs / 1000), clockToleranceSeconds }
}

function refuseForm({ reason, description }: MalformedToken): BearerError {
  return new BearerError({ status: 401, error: 'invalid_token', reason, description })
}

/** A changed claim, or somebody else's key under a genuine `kid`. */
function refuseSignature(): BearerError {
  return new BearerError({
    status: 401,
    error: 'invalid_token',
    reason: 'signature',
    description: 'The signature of the token is not valid',
  })
}
