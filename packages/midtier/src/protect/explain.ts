// Why a token is accepted or refused, check by check: the same rows as the validation, without stopping at the first that fails.
import { parseCompactJws, type CompactJws } from '../jwt/compact.ts'
import { verifyJws } from '../jwt/signature.ts'
import type { JsonObject } from '../kernel/json.ts'
import { hasCode } from '../kernel/known-errors.ts'
import { quote, type Check } from './check.ts'
import { readKind } from './claim-checks.ts'
import { claimedChecks, keyChecks, signedChecks, textChecks } from './checks.ts'
import { createPrincipal } from './create-principal.ts'
import type { Trust } from './evidence.ts'
import { hasAuthenticationContext, requirementChecks } from './requirement-checks.ts'
import { resolveRequirements, type Requirements } from './requirements.ts'
import { claimedEvidence, signedEvidence, type Gate } from './stages.ts'

/** One check of an explained token. */
export interface ExplainedCheck {
  /** The `reason` of a refusal by this check. */
  readonly name: string
  /** `not_reached`: an earlier failure leaves nothing to check. */
  readonly verdict: 'passed' | 'failed' | 'not_reached'
  readonly expected: string
  readonly actual: string
  /** What is probably wrong, and where to mend it. */
  readonly mistake: string | undefined
}

/** An explained token: safe to paste. */
export interface TokenExplanation {
  /** `undecided`: the authority's keys could not be had. */
  readonly verdict: 'accepted' | 'refused' | 'undecided'
  readonly checks: readonly ExplainedCheck[]
  /** `alg`, `kid` and `typ`. */
  readonly header: Readonly<Record<string, string>>
  /** Claims that tell about the token as they are; those that may tell about a person masked. */
  readonly claims: Readonly<Record<string, string>>
}

/** Explains a token. Does not run a route's own `check`, and never throws for what the token holds. */
export async function explainAccessToken(
  token: string,
  gate: Gate,
  requirements?: Requirements,
): Promise<TokenExplanation> {
  const text = apply(textChecks, { token, maxTokenLength: gate.settings.maxTokenLength })
  if (hasFailed(text))
    return conclude([
      ...text,
      notReached('form'),
      ...skip(claimedChecks),
      ...skipKey(),
      ...skip(signedChecks),
    ])
  const jws = parseCompactJws(token)
  if (jws.kind === 'jws') return explainJws(jws, text, gate, requirements)
  const form: ExplainedCheck = {
    name: jws.reason,
    verdict: 'failed',
    expected: 'a compact JWS',
    actual: jws.description,
    mistake: formMistake(jws.reason),
  }
  return conclude([...text, form, ...skip(claimedChecks), ...skipKey(), ...skip(signedChecks)])
}

function formMistake(reason: string): string | undefined {
  if (reason === 'encrypted') return 'token encryption is switched on for this application: switch it off'
  if (reason === 'not_a_jwt')
    return 'an opaque token, such as one of a personal account for Microsoft Graph, or a token cut short'
  return undefined
}

async function explainJws(
  jws: CompactJws,
  text: readonly ExplainedCheck[],
  gate: Gate,
  requirements?: Requirements,
): Promise<TokenExplanation> {
  const evidence = claimedEvidence(jws, gate)
  const key = await explainKey(jws, evidence.trust)
  const trust = evidence.trust ?? nearestTrust(gate.trusts, jws.payload)
  const signed =
    trust === undefined ? skip(signedChecks) : apply(signedChecks, signedEvidence(jws.payload, trust, gate))
  const checks = [
    ...text,
    passed('form', 'a compact JWS'),
    ...apply(claimedChecks, evidence),
    ...key.checks,
    ...signed,
  ]
  const demanded = [gate.settings.requirements, requirements].flatMap((each) =>
    each === undefined || trust === undefined ? [] : explainRequirements(jws.payload, trust, each),
  )
  return conclude([...checks, ...demanded], jws, key.unavailable)
}

/** For a token of nobody we trust, what it would be measured against most likely, so that the other rows still tell something. */
function nearestTrust(trusts: readonly Trust[], claims: JsonObject): Trust | undefined {
  return trusts.find(({ issuer }) => issuer.version === claims['ver']) ?? trusts[0]
}

interface ExplainedKey {
  readonly checks: readonly ExplainedCheck[]
  readonly unavailable: boolean
}

async function explainKey(
  { header, payload: claims, ...jws }: CompactJws,
  trust: Trust | undefined,
): Promise<ExplainedKey> {
  const kid = header['kid']
  if (trust === undefined || typeof kid !== 'string') return { checks: skipKey(), unavailable: false }
  try {
    const { key, metadata } = await trust.keys.find(kid)
    const checks = apply(keyChecks, { header, claims, trust, metadata, key })
    if (key === undefined) return { checks: [...checks, notReached('signature')], unavailable: false }
    const genuine = await verifyJws({ header, payload: claims, ...jws }, key.verification)
    return { checks: [...checks, signatureRow(genuine)], unavailable: false }
  } catch (error) {
    if (hasCode(error, 'authority_unavailable')) return { checks: skipKey(), unavailable: true }
    throw error
  }
}

function signatureRow(genuine: boolean): ExplainedCheck {
  if (genuine) return passed('signature', 'made by the key of its kid')
  return {
    name: 'signature',
    verdict: 'failed',
    expected: 'made by the key of its kid',
    actual: 'not made by it',
    mistake: 'the token was changed on the way, or cut short',
  }
}

const authenticationContext = 'authentication_context'

function explainRequirements(
  claims: JsonObject,
  trust: Trust,
  requirements: Requirements,
): readonly ExplainedCheck[] {
  // Whose permissions they would be is not known, and every row would speak of an application.
  if (readKind(claims, trust) === undefined)
    return [...skip(requirementChecks), notReached(authenticationContext)]
  const evidence = {
    principal: createPrincipal(claims, trust),
    requirements: resolveRequirements(requirements),
  }
  const expected = evidence.requirements.authenticationContext ?? 'any'
  const context: ExplainedCheck = {
    name: authenticationContext,
    verdict: hasAuthenticationContext(evidence) ? 'passed' : 'failed',
    expected,
    actual: quote(claims['acrs']),
    mistake: undefined,
  }
  return [...apply(requirementChecks, evidence), context]
}

function apply<Subject>(checks: readonly Check<Subject>[], subject: Subject): readonly ExplainedCheck[] {
  return checks.map((check) => {
    const good = check.passes(subject)
    return {
      name: check.name,
      verdict: good ? 'passed' : 'failed',
      expected: check.expected(subject),
      actual: check.actual(subject),
      mistake: good ? undefined : check.mistake?.(subject),
    }
  })
}

function hasFailed(checks: readonly ExplainedCheck[]): boolean {
  return checks.some(({ verdict }) => verdict === 'failed')
}

function skip(checks: readonly { readonly name: string }[]): readonly ExplainedCheck[] {
  return checks.map(({ name }) => notReached(name))
}

function skipKey(): readonly ExplainedCheck[] {
  return [...skip(keyChecks), notReached('signature')]
}

function notReached(name: string): ExplainedCheck {
  return { name, verdict: 'not_reached', expected: '', actual: '', mistake: undefined }
}

function passed(name: string, expected: string): ExplainedCheck {
  return { name, verdict: 'passed', expected, actual: expected, mistake: undefined }
}

function conclude(
  checks: readonly ExplainedCheck[],
  jws?: CompactJws,
  unavailable = false,
): TokenExplanation {
  const verdict = hasFailed(checks) ? 'refused' : unavailable ? 'undecided' : 'accepted'
  return { verdict, checks, header: showHeader(jws?.header ?? {}), claims: showClaims(jws?.payload ?? {}) }
}

function showHeader(header: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['alg', 'kid', 'typ'].filter((name) => name in header).map((name) => [name, quote(header[name])]),
  )
}

/** Claims that say something about the token and nothing about a person. */
const tellingNames: ReadonlySet<string> = new Set(
  'aud iss ver exp nbf iat tid azp azpacr appid appidacr scp roles idtyp acct acrs amr xms_cc'.split(' '),
)

/** Most claims that are shown. */
const maxShownClaims = 64

function showClaims(claims: JsonObject): Readonly<Record<string, string>> {
  const names = Object.keys(claims).slice(0, maxShownClaims)
  return Object.fromEntries(
    names.map((name) => [quote(name), tellingNames.has(name) ? quote(claims[name]) : '[masked]']),
  )
}
