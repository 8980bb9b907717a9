// One call of a downstream API: token, sending, and after a claims challenge one new token and one repetition, then the truth.
import type { AcquireOptions } from '../acquire/request/requests.ts'
import type { AccessToken } from '../acquire/token-source.ts'
import { DownstreamError, type InteractionRequiredError } from '../kernel/errors/errors.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { Answer } from './answer/answer.ts'
import {
  type AnsweredChallenges,
  claimsDemandedBy,
  namesOfClaims,
  relayedChallenge,
  withClaims,
} from './claims-challenge.ts'
import type { CallEnd } from './call-end.ts'
import type { DownstreamSettings } from './downstream-settings.ts'
import type { PreparedRequest } from './request/request.ts'
import { type Attempts, type RetryPorts, sendWithRetries } from './send-with-retries.ts'

/** What a call needs from outside: bound to one caller. */
export interface CallPorts extends RetryPorts {
  /** A token of the kind `tokenKind`. */
  readonly acquire: (options: AcquireOptions) => Promise<AccessToken>
  readonly challenges: AnsweredChallenges
  /** Does the work of one method: what it throws, at once or later, has left the library. */
  readonly leaving: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Makes an error ready to be seen outside. */
  readonly letOut: (error: InteractionRequiredError) => InteractionRequiredError
}

/** How long a call may take and who may end it. */
export interface CallTime {
  /** Milliseconds from now on. */
  readonly timeoutMs: number
  /** Of the handler alone: what waits for a token is told to stop by this or by the time. */
  readonly callerSignal: AbortSignal | null | undefined
  /** Of both, for everything else. */
  readonly end: CallEnd
}

/**
 * Sends a request with a token; any status that is no claims challenge is the answer.
 *
 * @throws InteractionRequiredError when only the person can go on, DownstreamError when no answer came, and what acquiring throws.
 */
export async function sendWithToken(
  settings: DownstreamSettings,
  ports: CallPorts,
  request: PreparedRequest,
  time: CallTime,
): Promise<Answer> {
  const startedMs = ports.passedMs()
  const budgetMs = Math.min(settings.retryBudgetMs, time.timeoutMs)
  const attempts: Attempts = { made: 0, retryUntilMs: startedMs + budgetMs }
  const acquire = (claims?: string): Promise<AccessToken> =>
    ports.acquire({
      scopes: request.scopes,
      audience: settings.audience,
      timeoutMs: Math.max(time.timeoutMs - (ports.passedMs() - startedMs), 1),
      signal: time.callerSignal ?? undefined,
      claims,
    })
  const send = (token: AccessToken): Promise<Answer> =>
    sendWithRetries(settings, ports, { request, token, end: time.end }, attempts)

  const token = await acquire()
  const answer = await send(token)
  const claims = claimsDemandedBy(answer)
  if (claims === undefined) return answer
  await answer.cancel()
  const better = await answerChallenge(settings, ports, { request, claims, token, acquire })
  const repeated = better && (await send(better))
  const stillDemanded = repeated === undefined ? claims : claimsDemandedBy(repeated)
  if (repeated !== undefined && stillDemanded === undefined) return repeated
  await repeated?.cancel()
  throw giveUp(settings, ports, request, stillDemanded ?? claims)
}

interface Challenged {
  readonly request: PreparedRequest
  readonly claims: string
  /** The token that was refused. */
  readonly token: AccessToken
  readonly acquire: (claims: string) => Promise<AccessToken>
}

/** Another token to repeat the request with; `undefined` when it cannot be repeated or nothing new is to be had. */
async function answerChallenge(
  settings: DownstreamSettings,
  ports: CallPorts,
  { request, claims, token, acquire }: Challenged,
): Promise<AccessToken | undefined> {
  const { tokenKind, challenges, letOut } = ports
  // A person signs in again, and what was cached for the old session is left behind. An application has to replace its token itself.
  if (!request.replay && tokenKind === 'onBehalfOf') return undefined
  const challenge = `${tokenKind} ${settings.name} ${request.scopes.join(' ')} ${claims}`
  if (!challenges.mayBeAnswered(challenge, token)) return undefined
  reportChallenge(settings, ports, request, claims, 'acquire')
  try {
    const better = await challenges.answer(challenge, () => acquire(claims))
    return request.replay && better.accessToken !== token.accessToken ? better : undefined
  } catch (error) {
    if (!hasCode(error, 'interaction_required')) throw error
    const complete = withClaims(error, claims)
    throw complete === error ? error : letOut(complete)
  }
}

/** Our caller can bring a better session of the person, but not a better token of this application. */
function giveUp(
  settings: DownstreamSettings,
  ports: CallPorts,
  request: PreparedRequest,
  claims: string,
): InteractionRequiredError | DownstreamError {
  const { name } = settings
  if (ports.tokenKind === 'onBehalfOf') {
    reportChallenge(settings, ports, request, claims, 'relay')
    return ports.letOut(relayedChallenge(settings, request, claims))
  }
  reportChallenge(settings, ports, request, claims, 'give_up')
  const message = `The downstream API '${name}' refused the application's token with a claims challenge`
  return new DownstreamError(name, message, 401)
}

function reportChallenge(
  { name }: DownstreamSettings,
  { context }: CallPorts,
  { url }: PreparedRequest,
  claims: string,
  next: 'acquire' | 'relay' | 'give_up',
): void {
  context.observe({
    type: 'downstream_challenged',
    api: name,
    path: url.pathname,
    claims: namesOfClaims(claims),
    next,
  })
}
