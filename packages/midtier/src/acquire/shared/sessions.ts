// What is kept of long-running sessions, in the shared store alone: where each one belongs, what it is for, and its refresh token.
import type { Clock } from '../../kernel/time/clock.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../../kernel/json.ts'
import { leftMs } from '../../kernel/time/lifetime.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { encodeKeyList } from '../../token-cache/cache-key.ts'
import type { Slot } from '../../token-cache/store.ts'
import type { SessionFacts } from '../request/requests.ts'
import { createForgotten, type Forgetting, type Known } from './forgotten.ts'
import type { SharedStore } from './shared-store.ts'

/** A long-running session; written when it begins and never again. */
export interface Session extends SessionFacts {
  /** What it was begun for. */
  readonly scopes: readonly string[]
}

/** Which session. */
export type SessionPlace = Pick<Session, 'digest' | 'partition' | 'startedAtMs' | 'endsAtMs'>

/** A session that is about to begin. */
export interface Beginning {
  readonly forgetting: Forgetting | undefined
}

/** Sessions in a store. Every failure is a TokenStoreError: here a store that is down is not a miss. */
export interface Sessions {
  /**
   * What has to be known before a session is begun: the latest forgetting of its account, which no other may follow until it has begun.
   *
   * @param caller Since when it is known.
   * @returns `forgotten` when the account was forgotten since.
   */
  prepare(partition: string, caller: Known): Promise<Beginning | 'forgotten'>
  /** Writes a session; gives whether it is there: not when its account was forgotten meanwhile. */
  begin(session: Session, refreshToken: Redacted, beginning: Beginning): Promise<boolean>
  find(digest: string): Promise<Session | undefined>
  readRefreshToken(place: SessionPlace): Promise<Redacted | undefined>
  /** Replaces the refresh token, unless the session ended meanwhile. */
  replaceRefreshToken(place: SessionPlace, refreshToken: Redacted): Promise<void>
  end(place: SessionPlace): Promise<void>
}

/**
 * Keeps sessions in a store.
 *
 * A session is three slots: one that is found by the digest of its key and says which account it belongs to, and two among
 * that account's, so that forgetting the account ends it. The refresh token has its own, since it is the one that is rewritten:
 * whoever wrote it back looks whether the session is still there, and so no ended session comes to life again. Whoever has begun a
 * session looks whether its account was forgotten meanwhile: forgetting says so before it deletes, so that one of the two sees the other.
 */
export function createSessions(store: SharedStore, clock: Clock): Sessions {
  const forgotten = createForgotten(store, clock)
  return {
    async prepare(partition, caller) {
      const forgetting = await forgotten.latest(partition)
      return forgetting !== undefined && forgotten.isSince(forgetting, caller) ? 'forgotten' : { forgetting }
    },
    async begin(session, refreshToken, beginning) {
      const { digest, partition } = session
      const ttlMs = leftOf(session, clock.nowMs())
      const version = versionOf(session)
      await store.set(signpost(digest), JSON.stringify({ version, partition }), ttlMs, 'needed')
      await store.set(anchor(session), JSON.stringify({ version, ...session }), ttlMs, 'needed')
      await writeRefreshToken(session, refreshToken)
      const [now, anchored] = await Promise.all([
        forgotten.latest(partition),
        store.get(anchor(session), 'needed'),
      ])
      if (now?.id === beginning.forgetting?.id && anchored !== undefined) return true
      await end(session)
      return false
    },
    async find(digest) {
      const pointed = parseRecord(await store.get(signpost(digest), 'needed'))
      const partition = pointed?.['partition']
      if (typeof partition !== 'string') return undefined
      const session = parseRecord(await store.get(anchor({ digest, partition }), 'needed'))
      const isTheOne = session?.['digest'] === digest && session['partition'] === partition
      return isTheOne && isSession(session) && leftOf(session, clock.nowMs()) > 0 ? session : undefined
    },
    async readRefreshToken(place) {
      const token = parseRecord(await store.get(secret(place), 'needed'))?.['refreshToken']
      return typeof token === 'string' ? new Redacted(token) : undefined
    },
    async replaceRefreshToken(place, refreshToken) {
      await writeRefreshToken(place, refreshToken)
      if ((await store.get(anchor(place), 'needed')) === undefined) await store.delete(secret(place))
    },
    end,
  }

  async function end(place: SessionPlace): Promise<void> {
    await store.delete(anchor(place)) // first: without it nothing else is found or brought back
    await Promise.all([store.delete(secret(place)), store.delete(signpost(place.digest))])
  }

  async function writeRefreshToken(place: SessionPlace, refreshToken: Redacted): Promise<void> {
    const text = JSON.stringify({ version, refreshToken: refreshToken.reveal() })
    await store.set(secret(place), text, leftOf(place, clock.nowMs()), 'needed')
  }
}

/** Raised when a record changes; one of another version is none. */
const version = 2
/** Of an agent's session: an older process would go on with it as the application, and end it when that is refused. */
const versionWithAgent = 3

function versionOf({ agentId }: Pick<Session, 'agentId'>): number {
  return agentId === undefined ? version : versionWithAgent
}

/** One that began while a clock ran ahead does not last until that time comes. */
function leftOf({ startedAtMs, endsAtMs }: SessionPlace, nowMs: number): number {
  return leftMs({ acquiredAtMs: startedAtMs, expiresAtMs: endsAtMs }, nowMs)
}

type Belonging = Pick<Session, 'digest' | 'partition'>

function signpost(digest: string): Slot {
  const partition = encodeKeyList(['session', digest])
  return { partition, key: encodeKeyList(['account of session', digest]) }
}

function anchor({ partition, digest }: Belonging): Slot {
  return { partition, key: encodeKeyList(['session', digest]) }
}

function secret({ partition, digest }: Belonging): Slot {
  return { partition, key: encodeKeyList(['session refresh token', digest]) }
}

function parseRecord(text: string | undefined): JsonObject | undefined {
  const record = text === undefined ? undefined : parseJsonObject(text)
  const written = record?.['version']
  return written === version || written === versionWithAgent ? record : undefined
}

function isSession(record: JsonObject | undefined): record is JsonObject & Session {
  if (!isJsonObject(record)) return false
  const { tenantId, accountId, agentId, scopes, startedAtMs, endsAtMs } = record
  return (
    typeof tenantId === 'string' &&
    (accountId === undefined || typeof accountId === 'string') &&
    (agentId === undefined || typeof agentId === 'string') &&
    typeof startedAtMs === 'number' &&
    typeof endsAtMs === 'number' &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string')
  )
}
