// Why a token is accepted or refused, check by check: the same rows as the validation, without stopping at the first that fails.
import { parseCompactJws, type CompactJws } from '../jwt/compact.ts'
import { verifyJws } from '../jwt/signature.ts'
import type { AuthorityUnavailableError } from '../kernel/errors/errors.ts'
import type { JsonObject } from '../kernel/json.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import { agentKinds, type AgentPrincipal } from './agent.ts'
import { quote } from './checks/check.ts'
import { readKind } from './checks/claim-checks.ts'
import { claimedChecks, keyChecks, signedChecks, textChecks } from './checks/checks.ts'
import { authenticationContext, signature } from './checks/consequences.ts'
import { createPrincipal } from './create-principal.ts'
import type { Trust } from './checks/evidence.ts'
import {
  apply,
  isFailed,
  notReached,
  reached,
  withoutConsequences,
  type ExplainedCheck,
} from './checks/explained-check.ts'
import { hasAuthenticationContext, requirementChecks } from './requirements/requirement-checks.ts'
import { resolveRequirements, type Requirements } from './requirements/requirements.ts'
import { showClaims, showHeader } from './show-token.ts'
import { claimedEvidence, signedEvidence, type Gate } from './stages.ts'
import { timeNotes, timesInWords, type TimesInWords } from './times-in-words.ts'

/** An explained token: safe to paste. */
export interface TokenExplanation {
  /** `undecided`: the authority's keys could not be had. */
  readonly verdict: 'accepted' | 'refused' | 'undecided'
  /** In the order in which they run: the first that failed is the `reason` of the refusal. */
  readonly checks: readonly ExplainedCheck[]
  /** `alg`, `kid` and `typ`. */
  readonly header: Readonly<Record<string, string>>
  /** Claims that tell about the token as they are; those that may tell about a person masked. */
  readonly claims: Readonly<Record<string, string>>
  /** The instants of the token in words: `expired 3 min ago`. */
  readonly times: TimesInWords
  /** What no single check tells: why there are no keys, that clocks differ, that the token lives by the tolerance alone. */
  readonly notes: readonly string[]
}

/** Explains a token. Does not run a route's own `check`, and never throws for what the token holds. */
export async function explainAccessToken(
  token: string,
  gate: Gate,
  requirements?: Requirements,
): Promise<TokenExplanation> {
  const demands = [gate.settings.requirements, requirements].filter((each) => each !== undefined)
  const text = apply(textChecks, { token, maxTokenLength: gate.settings.maxTokenLength })
  const [tooLong] = text.filter(isFailed)
  if (tooLong !== undefined) return conclude(gate, [...text, ...unread('form', demands, tooLong.name)])
  const jws = parseCompactJws(token)
  if (jws.kind === 'jws') return explainJws(jws, text, gate, demands)
  const { reason, description } = jws
  const form: ExplainedCheck = {
    ...reached(reason, 'failed', 'a compact JWS', description),
    description,
    mistake: formMistake(reason),
  }
  return conclude(gate, [...text, form, ...unread(undefined, demands, reason)])
}

/** Everything that would follow on the text of a token. */
function unread(
  form: string | undefined,
  demands: readonly Requirements[],
  because: string,
): readonly ExplainedCheck[] {
  const names = [...claimedChecks, ...keyChecks].map(({ name }) => name)
  const signed = signedChecks.map(({ name }) => name)
  return [
    ...(form === undefined ? [] : [form]),
    ...names,
    signature,
    ...signed,
    ...demands.flatMap(() => demanded),
  ].map((name) => notReached(name, because))
}

function formMistake(reason: string): string | undefined {
  if (reason === 'encrypted') return 'token encryption is switched on for this application: switch it off'
  if (reason === 'not_a_jwt')
    return 'an opaque token, such as one of a personal account for Microsoft Graph, or a token cut short'
  if (reason === 'not_base64url') return 'the token was changed on the way: cut short, wrapped, or quoted'
  return undefined
}

async function explainJws(
  jws: CompactJws,
  text: readonly ExplainedCheck[],
  gate: Gate,
  demands: readonly Requirements[],
): Promise<TokenExplanation> {
  const { payload: claims } = jws
  const evidence = claimedEvidence(jws, gate)
  const before = [...text, reached('form', 'passed', 'a compact JWS'), ...apply(claimedChecks, evidence)]
  const keys = await explainKey(jws, evidence.trust)
  const trust = evidence.trust ?? gate.trusts[0]
  const after = [
    ...apply(signedChecks, signedEvidence(claims, trust, gate)),
    ...demands.flatMap((each) => explainRequirements(claims, trust, each)),
  ]
  const checks = withoutConsequences([...before, ...keys.checks, ...after])
  return conclude(gate, checks, jws, { outage: keys.outage, agent: agentOf(claims, trust) })
}

interface ExplainedKey {
  readonly checks: readonly ExplainedCheck[]
  readonly outage: AuthorityUnavailableError | undefined
}

async function explainKey(jws: CompactJws, trust: Trust | undefined): Promise<ExplainedKey> {
  const { header, payload: claims } = jws
  const kid = header['kid']
  if (trust === undefined) return { checks: withoutKey('issuer'), outage: undefined }
  if (typeof kid !== 'string') return { checks: withoutKey('key_id'), outage: undefined }
  try {
    const { key, metadata } = await trust.keys.find(kid)
    const checks = apply(keyChecks, { header, claims, trust, metadata, key })
    const genuine = key !== undefined && (await verifyJws(jws, key.verification))
    return { checks: [...checks, signatureRow(genuine)], outage: undefined }
  } catch (error) {
    if (!hasCode(error, 'authority_unavailable')) throw error
    return { checks: withoutKey(error.code), outage: error }
  }
}

function withoutKey(because: string): readonly ExplainedCheck[] {
  return [...keyChecks.map(({ name }) => name), signature].map((name) => notReached(name, because))
}

function signatureRow(genuine: boolean): ExplainedCheck {
  const expected = 'made by the key of its kid'
  if (genuine) return reached(signature, 'passed', expected)
  return {
    ...reached(signature, 'failed', expected, 'not made by it'),
    description: 'The signature of the token is not valid',
    mistake: 'the token was changed on the way, or cut short',
  }
}

const demanded = [...requirementChecks.map(({ name }) => name), authenticationContext]

function explainRequirements(
  claims: JsonObject,
  trust: Trust,
  requirements: Requirements,
): readonly ExplainedCheck[] {
  // Whose permissions they would be is not known, and every row would speak of an application.
  if (readKind(claims, trust) === undefined) return demanded.map((name) => notReached(name, 'token_kind'))
  const evidence = {
    principal: createPrincipal(claims, trust),
    requirements: resolveRequirements(requirements),
  }
  const { authenticationContext: context = 'any' } = evidence.requirements
  const good = hasAuthenticationContext(evidence)
  const actual = quote(claims['acrs'])
  const row = reached(authenticationContext, good ? 'passed' : 'failed', context, actual)
  const description = good ? undefined : 'This operation needs a stronger sign-in of the user'
  return [...apply(requirementChecks, evidence), { ...row, description }]
}

function agentOf(claims: JsonObject, trust: Trust): AgentPrincipal | undefined {
  return readKind(claims, trust) === undefined ? undefined : createPrincipal(claims, trust).agent
}

/** What no single check tells. */
interface Asides {
  readonly outage: AuthorityUnavailableError | undefined
  readonly agent: AgentPrincipal | undefined
}

function conclude(
  gate: Gate,
  checks: readonly ExplainedCheck[],
  jws?: CompactJws,
  { outage, agent }: Asides = { outage: undefined, agent: undefined },
): TokenExplanation {
  const { header = {}, payload: claims = {} } = jws ?? {}
  const nowSeconds = Math.floor(gate.nowMs() / 1000)
  return {
    verdict: checks.some(isFailed) ? 'refused' : outage === undefined ? 'accepted' : 'undecided',
    checks,
    header: showHeader(header),
    claims: showClaims(claims),
    times: timesInWords(claims, nowSeconds),
    notes: [
      ...outageNotes(outage),
      ...agentNotes(agent),
      ...(checks.some(isFailed) ? [] : timeNotes(claims, nowSeconds)),
    ],
  }
}

/** By what it claims: the rows say whether that is to be believed. */
function agentNotes(agent: AgentPrincipal | undefined): readonly string[] {
  if (agent === undefined) return []
  const blueprint = agent.blueprintId === undefined ? '' : ` of the blueprint ${quote(agent.blueprintId)}`
  return [`held by the agent identity ${quote(agent.id)}${blueprint}, ${agentKinds[agent.kind]}`]
}

function outageNotes(outage: AuthorityUnavailableError | undefined): readonly string[] {
  return outage === undefined ? [] : [outage.message, ...(outage.remedy === undefined ? [] : [outage.remedy])]
}
