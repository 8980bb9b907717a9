// Long-running sessions by a name of the caller's own: bound to that caller's account, and kept in the shared cache, sealed.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import {
  type AccessToken,
  type AcquireOptions,
  type Caller,
  isMidtierError,
  type KeyRingOptions,
  type Slot,
  type TokenStore,
  type WebApi,
} from 'midtier'
import type { Actor } from './actor.ts'
import type { Plan } from './plan.ts'

/** One session as a request names it. */
export interface NamedSession {
  /** Any text; of this caller and agent alone. */
  readonly name: string
  readonly accountId: string
  readonly agentId: string | undefined
  /** Acts as the caller, or as the agent on the caller's behalf. */
  readonly caller: Caller
}

/** `undefined` where no session is named, or nobody's: an application, and the account of an agent, have none. */
export function sessionOf(actor: Actor, { session: name, agent }: Plan): NamedSession | undefined {
  if (name === undefined || !isCaller(actor) || actor.account === undefined) return undefined
  return { name, accountId: actor.account.id, agentId: agent?.id, caller: actor }
}

function isCaller(actor: Actor): actor is Caller {
  return 'principal' in actor
}

/** Sessions by their names. */
export interface NamedSessions {
  /** A token of the session; begins it where there is none, or where it is over. @throws as the library's `longRunning` does. */
  readonly acquire: (session: NamedSession, options: AcquireOptions) => Promise<AccessToken>
}

/** Where the names are kept, and what seals the keys that they lead to. */
export interface SessionParts {
  readonly api: WebApi
  readonly clientId: string
  readonly store: TokenStore
  readonly keyRing: KeyRingOptions
  /** Says that the store keeps no names. */
  readonly warn: () => void
}

/** The store took no name, whatever it takes else. */
class NameNotKept extends Error {}

/** As long as the library's sessions last: 90 days. */
const lifetimeMs = 90 * 86_400_000

/** Whoever has the key of a session acts as its user: outside of this process it is never in the clear. */
export function createNamedSessions({ api, clientId, store, keyRing, warn }: SessionParts): NamedSessions {
  const sealer = createSealer(keyRing)
  const beginning = new Map<string, Promise<string>>()
  const find = async (slot: Slot): Promise<string | undefined> => {
    try {
      const sealed = await store.get(slot)
      return sealed === undefined ? undefined : sealer.open(sealed, slot.key)
    } catch {
      return undefined // a miss; the library has a look at the same store, and says in the log what is wrong with it
    }
  }
  const begin = async (slot: Slot, { caller }: NamedSession, options: AcquireOptions): Promise<string> => {
    const { scopes, claims } = options
    const key = await api.longRunning.start(caller, { scopes, claims })
    try {
      await store.set(slot, sealer.seal(key, slot.key), lifetimeMs)
    } catch {
      await api.longRunning.stop(key).catch(() => false) // nobody would find it again
      throw new NameNotKept()
    }
    return key
  }
  const beginOnce = (slot: Slot, session: NamedSession, options: AcquireOptions): Promise<string> => {
    const begun =
      beginning.get(slot.key) ??
      begin(slot, session, options).finally(() => {
        beginning.delete(slot.key)
      })
    beginning.set(slot.key, begun)
    return begun
  }
  return {
    async acquire(session, options) {
      const slot = slotOf(clientId, session)
      const key = await find(slot)
      if (key !== undefined)
        try {
          return await api.longRunning.acquire(key, options)
        } catch (error) {
          if (!isOver(error)) throw error
        }
      try {
        return await api.longRunning.acquire(await beginOnce(slot, session, options), options)
      } catch (error) {
        // The caller is here, with a token of its own: an outage of the cache is no outage of the request.
        if (error instanceof NameNotKept) warn()
        else if (!isMidtierError(error) || error.code !== 'token_store_failed') throw error
        return session.caller.acquireToken(options)
      }
    },
  }
}

/** What the caller's own token may mend: a session that is gone, or one that the authority has no trust in any more. */
function isOver(error: unknown): boolean {
  if (!isMidtierError(error)) return false
  if (error.code === 'interaction_required' || error.code === 'token_store_failed') return true
  return error.code === 'acquisition_impossible' && error.reason === 'session_unknown'
}

/** Each part is hashed by itself, so that no name can be written that runs into another's. */
function slotOf(clientId: string, { accountId, agentId, name }: NamedSession): Slot {
  const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')
  const parts = [clientId.toLowerCase(), accountId.toLowerCase(), agentId?.toLowerCase() ?? '', name]
  const key = digest(parts.map(digest).join('.'))
  return { partition: `sidecar-sessions.${key}`, key }
}

interface Sealer {
  readonly seal: (text: string, boundTo: string) => string
  /** `undefined` for what nobody sealed with one of these keys, or for another slot. */
  readonly open: (sealed: string, boundTo: string) => string | undefined
}

/** AES-256-GCM, with a key for this purpose alone out of each key of the ring. */
function createSealer({ current, keys }: KeyRingOptions): Sealer {
  const derived = new Map(
    Object.entries(keys).map(([id, key]) => {
      const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : key
      return [id, Buffer.from(hkdfSync('sha256', bytes, '', 'midtier sidecar session names', 32))]
    }),
  )
  return {
    seal(text, boundTo) {
      const key = derived.get(current)
      if (key === undefined) throw new TypeError('There is no current key') // settings have checked it
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${current}.${sealed.toString('base64url')}`
    },
    open(sealed, boundTo) {
      const [id = '', text = ''] = sealed.split('.')
      const key = derived.get(id)
      const bytes = Buffer.from(text, 'base64url')
      if (key === undefined || bytes.length < 28) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
      decipher.setAAD(Buffer.from(boundTo)).setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
    },
  }
}
