// Whose session it is: a session id that somebody else brings is none. Transports match answers to requests by ids that clients count alike,
// and push to whoever opens the stream, so that a shared session would hand one person's answers to another.
import { BoundedMap } from '../../kernel/bounded-map.ts'
import type { Principal } from '../../protect/principal.ts'

/** Tells whether a caller may go on in a session. */
export type OwnsSession = (sessionId: string, principal: Principal) => boolean

const maxSessions = 100_000
/** More than one client of one person has at a time: who brings more loses its own, and nobody else's. */
const maxOfOne = 1_000
/** Visible characters, as the protocol has it; several fields that a platform has joined are none. */
const form = /^[\x21-\x7e]{1,512}$/

/**
 * Remembers whoever was let in with a session id first. Who is forgotten after a hundred thousand others, or a thousand of its own, is
 * remembered anew, as in another process: the id is a guard beside the token of each request, and never in its place.
 */
export function createSessions(): OwnsSession {
  const sessionsOf = new Map<string, BoundedMap<string>>()
  const owners = new BoundedMap<Owned>({
    maxEntries: maxSessions,
    gaveWay: ({ sessionId, owner }) => {
      const own = sessionsOf.get(owner)
      own?.delete(sessionId)
      if (own?.size === 0) sessionsOf.delete(owner)
    },
  })
  const begin = (sessionId: string, owner: string): void => {
    const own =
      sessionsOf.get(owner) ??
      new BoundedMap<string>({ maxEntries: maxOfOne, gaveWay: (oldest) => owners.delete(oldest) })
    sessionsOf.set(owner, own)
    own.set(sessionId, sessionId)
    owners.set(sessionId, { sessionId, owner })
  }
  return (sessionId, { issuer, tenantId, objectId, subject, clientId }) => {
    if (!form.test(sessionId)) return false
    // By the client too: what one client of a person was let do, another is not to read out of its session.
    const person = JSON.stringify([issuer, tenantId, objectId ?? subject, clientId])
    const owner = owners.get(sessionId)?.owner
    if (owner === undefined) begin(sessionId, person)
    else if (owner === person) sessionsOf.get(owner)?.get(sessionId) // it is in use
    return owner === undefined || owner === person
  }
}

interface Owned {
  readonly sessionId: string
  readonly owner: string
}
