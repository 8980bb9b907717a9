// Whose session it is: a session id that somebody else brings is none. Transports match answers to requests by ids that clients count alike,
// and push to whoever opens the stream, so that a shared session would hand one person's answers to another.
import { BoundedMap } from '../../kernel/bounded-map.ts'
import type { Principal } from '../../protect/principal.ts'

/** Tells whether a caller may go on in a session. */
export type OwnsSession = (sessionId: string, principal: Principal) => boolean

const maxSessions = 100_000
/** Visible characters, as the protocol has it; several fields that a platform has joined are none. */
const form = /^[\x21-\x7e]{1,512}$/

/**
 * Remembers whoever was let in with a session id first. Who is forgotten after a hundred thousand others is remembered anew, as in another
 * process: the id is a guard beside the token of each request, and never in its place.
 */
export function createSessions(): OwnsSession {
  const owners = new BoundedMap<string>({ maxEntries: maxSessions })
  return (sessionId, { issuer, tenantId, objectId, subject, clientId }) => {
    if (!form.test(sessionId)) return false
    // By the client too: what one client of a person was let do, another is not to read out of its session.
    const person = JSON.stringify([issuer, tenantId, objectId ?? subject, clientId])
    const owner = owners.get(sessionId)
    if (owner === undefined) owners.set(sessionId, person)
    return owner === undefined || owner === person
  }
}
