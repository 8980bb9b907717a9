// Long-running on-behalf-of: a session that outlives the token it began with, and is continued by its key from any process.
import { sha256 } from '#crypto'
import { encodeBase64url } from '../kernel/crypto/base64url.ts'
import { checkOptions, checkText } from '../kernel/check-argument.ts'
import type { Clock } from '../kernel/time/clock.ts'
import { AcquisitionError, ConfigurationError } from '../kernel/errors/errors.ts'
import type { CallContext } from '../kernel/observer.ts'
import type { Redacted } from '../kernel/redacted.ts'
import type { AcquireOptions, CallerFacts, TokenRequests } from './request/requests.ts'
import type { Session, Sessions } from './shared/sessions.ts'
import type { AccessToken, TokenRequest, TokenSource } from './token-source.ts'
import { unknownSession } from './sources/with-sessions.ts'

/** What a session is begun with. */
export type StartOptions = Pick<AcquireOptions, 'scopes' | 'claims' | 'signal' | 'timeoutMs'>

/** What one token of a session is asked for with. */
export interface ContinueOptions extends Omit<AcquireOptions, 'scopes' | 'audience'> {
  /** Scopes of one downstream API that the user has consented to. Default: those that the session began with. */
  readonly scopes?: readonly string[] | undefined
}

/** Work on behalf of a user that goes on after the user's token has expired. */
export interface LongRunning {
  /**
   * Begins a session on behalf of a caller, and gives its key; of the agent, if one is named.
   *
   * Whoever has the key acts as that user until the session is stopped or over: treat it like a password.
   * @throws TokenStoreError when the session cannot be kept; otherwise as an on-behalf-of exchange does, and
   *   AcquisitionError `no_refresh_token` when the authority gave none, `session_unknown` when the account was forgotten meanwhile.
   */
  start(caller: CallerFacts, options: StartOptions, context: CallContext, agentId?: string): Promise<string>
  /**
   * A token of the session, cached or by its refresh token.
   *
   * @throws AcquisitionError `session_unknown`; InteractionRequiredError when the authority wants the user
   *   (`sign_in_required`: the session was revoked and is gone); TokenStoreError when the store is down; AuthorityUnavailableError.
   */
  acquire(sessionKey: string, options: ContinueOptions, context: CallContext): Promise<AccessToken>
  /** Ends a session; gives whether there was one. Access tokens already given out live on. @throws TokenStoreError */
  stop(sessionKey: string): Promise<boolean>
}

/** What sessions are made of. */
export interface LongRunningParts {
  readonly requests: TokenRequests
  readonly source: TokenSource
  /** `undefined` without a shared store, which sessions cannot do without. */
  readonly sessions: Sessions | undefined
  readonly clock: Clock
  /** From its start to the end of a session, whatever happens. */
  readonly lifetimeSeconds: number
}

/**
 * Prepares sessions.
 *
 * @throws ConfigurationError at once when there is no shared store: a session that a restart ends is none.
 */
export function createLongRunning(parts: LongRunningParts): LongRunning {
  const { requests, source, sessions, clock, lifetimeSeconds } = parts
  if (sessions === undefined)
    throw new ConfigurationError(
      'tokenCache.store',
      'is missing: long-running sessions are kept in a shared store; pass redisStore(client) or another one, and a keyRing',
    )

  return {
    async start(caller, options, context, agentId) {
      const sessionKey = createSessionKey()
      const first = requests.onBehalfOf(caller, options, context, agentId)
      const session = describe(first, await sha256(sessionKey))
      const beginning = await sessions.prepare(session.partition, caller)
      if (beginning === 'forgotten') throw unknownSession()
      const refreshToken = await exchange(first, session, options)
      if (!(await sessions.begin(session, refreshToken, beginning))) throw unknownSession()
      return sessionKey
    },
    async acquire(sessionKey, options, context) {
      const session = await find(sessionKey)
      if (session === undefined) throw unknownSession()
      checkOptions(options)
      const { scopes = session.scopes } = options
      return source.acquire(requests.forSession(session, { ...options, scopes }, context))
    },
    async stop(sessionKey) {
      const session = await find(sessionKey)
      if (session !== undefined) await sessions.end(session)
      return session !== undefined
    },
  }

  function describe(
    { tenantId, accountId, agent, slot: { partition }, scopes }: TokenRequest,
    digest: string,
  ): Session {
    const startedAtMs = clock.nowMs()
    const endsAtMs = startedAtMs + lifetimeSeconds * 1000
    return { digest, tenantId, accountId, agentId: agent?.id, partition, scopes, startedAtMs, endsAtMs }
  }

  /** The caller's token for the first access token, which is cached as the session's, and for the refresh token. */
  async function exchange(first: TokenRequest, facts: Session, options: StartOptions): Promise<Redacted> {
    const own = requests.forSession(facts, options, first.context)
    let refreshToken: Redacted | undefined
    const receive = (received: Redacted): void => void (refreshToken = received)
    const session = own.session && { ...own.session, receive }
    await source.acquire({ ...first, slot: own.slot, session, forceRefresh: true })
    if (refreshToken === undefined) throw noRefreshToken()
    return refreshToken
  }

  async function find(sessionKey: string): Promise<Session | undefined> {
    checkText('The session key', sessionKey)
    return sessionKeyPattern.test(sessionKey) ? sessions?.find(await sha256(sessionKey)) : undefined
  }
}

const sessionKeyBytes = 32
const sessionKeyPattern = /^[\w-]{43}$/

/** 256 random bits: not to be guessed, and nothing about the user is in it. */
function createSessionKey(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(sessionKeyBytes)))
}

function noRefreshToken(): AcquisitionError {
  return new AcquisitionError(
    'no_refresh_token',
    'The authority gave no refresh token, without which there is no session: the caller has to be signed in to Entra, and offline_access must not be forbidden to this application',
  )
}
