// A source that fetches a session's refresh token at the last moment, and writes the rotated one back.
import { AcquisitionError } from '../../kernel/errors/errors.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { SessionPlace, Sessions } from '../shared/sessions.ts'
import type { AccessToken, SessionExchange, TokenRequest, TokenSource } from '../token-source.ts'

/** Puts refresh tokens into the requests of sessions; all others pass. */
export function withSessions(source: TokenSource, sessions: Sessions): TokenSource {
  return {
    acquire(request) {
      const { grant, session } = request
      return grant === 'refresh_token' && session !== undefined
        ? refresh({ ...request, session })
        : source.acquire(request)
    },
  }

  async function refresh(request: SessionRequest): Promise<AccessToken> {
    const place = placeOf(request)
    const refreshToken = await sessions.readRefreshToken(place)
    if (refreshToken === undefined) throw unknownSession()
    try {
      return await exchange(request, refreshToken)
    } catch (error) {
      if (!isRevoked(error)) throw error
      // Another process may have rotated it while it was under way; what is refused is this one, not the session.
      const latest = await sessions.readRefreshToken(place)
      if (latest !== undefined && latest.reveal() !== refreshToken.reveal()) return exchange(request, latest)
      await end(request)
      throw error
    }
  }

  async function exchange(request: SessionRequest, refreshToken: Redacted): Promise<AccessToken> {
    let rotated: Redacted | undefined
    const session = {
      ...request.session,
      refreshToken,
      receive: (received: Redacted) => void (rotated = received),
    }
    const token = await source.acquire({ ...request, session })
    if (rotated !== undefined) await writeBack(request, rotated)
    return token
  }

  /** The access token is good whether or not this works, and the authority goes on to accept the former refresh token. */
  async function writeBack(request: SessionRequest, rotated: Redacted): Promise<void> {
    try {
      await sessions.replaceRefreshToken(placeOf(request), rotated)
    } catch (error) {
      reportStoreFailure(request, 'set', error)
    }
  }

  /** What the caller has to know is that the session was revoked, even if the store is down by now. */
  async function end(request: SessionRequest): Promise<void> {
    try {
      await sessions.end(placeOf(request))
    } catch (error) {
      reportStoreFailure(request, 'delete', error)
    }
  }
}

type SessionRequest = TokenRequest & { readonly session: SessionExchange }

function placeOf({
  slot: { partition },
  session: { digest, startedAtMs, endsAtMs },
}: SessionRequest): SessionPlace {
  return { partition, digest, startedAtMs, endsAtMs }
}

/** Consent, a policy and a claims request leave the session as it is: other scopes, or a later try, may succeed. */
function isRevoked(error: unknown): boolean {
  return hasCode(error, 'interaction_required') && error.reason === 'sign_in_required'
}

/** There is no session by that key: it never was, was stopped, is over, or its account was forgotten. */
export function unknownSession(): AcquisitionError {
  return new AcquisitionError(
    'session_unknown',
    'There is no such long-running session: it was stopped, revoked or is over, its account was forgotten, or the key is not one of this application',
  )
}
