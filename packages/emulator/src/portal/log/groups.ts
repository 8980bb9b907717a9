// Requests grouped into sign-ins: what one correlation id, one code or one token holds together; sessions hold several of them.
import type { RequestRecord } from '../../kernel/request-log.ts'

/** A sign-in: a user who comes to an application, and everything that was done with the token that came of it. */
export interface SignIn {
  /** Id of its first request. */
  readonly id: string
  /** Oldest first. */
  readonly records: readonly RequestRecord[]
  /** Ids under which parts of it were known before they turned out to belong together. */
  readonly absorbed: readonly string[]
}

/** Everything that happened in one session of a user. */
export interface Session {
  readonly id: string
  readonly signIns: readonly SignIn[]
}

interface Draft {
  readonly records: RequestRecord[]
  readonly absorbed: string[]
}

/** Groups requests (oldest first) into sign-ins; the one with the newest request comes first. */
export function groupSignIns(records: readonly RequestRecord[]): readonly SignIn[] {
  const drafts = new Map<string, Draft>()
  const all = new Set<Draft>()
  for (const record of records) {
    const keys = keysOf(record)
    const known = [...new Set(keys.flatMap((key) => drafts.get(key) ?? []))]
    const [first = { records: [], absorbed: [] }, ...others] = known
    for (const other of others) absorb(first, other, { drafts, all })
    first.records.push(record)
    all.add(first)
    for (const key of keys) drafts.set(key, first)
  }
  return [...all]
    .map(({ records: members, absorbed }): SignIn => {
      const sorted = members.sort((a, b) => a.sequence - b.sequence)
      return { id: sorted[0]?.id ?? '', records: sorted, absorbed }
    })
    .sort((a, b) => newest(b) - newest(a))
}

/** Groups sign-ins by the session of their user; a sign-in without one is of no session. */
export function groupSessions(signIns: readonly SignIn[]): readonly Session[] {
  const sessions = new Map<string, SignIn[]>()
  for (const signIn of signIns) {
    const id = sessionOf(signIn)
    if (id !== undefined) sessions.set(id, [...(sessions.get(id) ?? []), signIn])
  }
  return [...sessions].map(([id, members]) => ({ id, signIns: members }))
}

/** The session of the user, as far as a sign-in came to have one. */
export function sessionOf({ records }: SignIn): string | undefined {
  return records.find(({ sessionId }) => sessionId !== undefined && sessionId !== '')?.sessionId
}

function newest({ records }: SignIn): number {
  return records.at(-1)?.sequence ?? 0
}

function absorb(
  into: Draft,
  from: Draft,
  { drafts, all }: { readonly drafts: Map<string, Draft>; readonly all: Set<Draft> },
): void {
  into.absorbed.push(from.records[0]?.id ?? '', ...from.absorbed)
  into.records.push(...from.records)
  all.delete(from)
  for (const [key, draft] of drafts) if (draft === from) drafts.set(key, into)
}

function keysOf({ id, correlationId, codeId, issued, presented }: RequestRecord): readonly string[] {
  const keys = [
    ...named('correlation', correlationId),
    ...named('code', codeId),
    ...named('token', issued?.['uti']),
    ...named('token', presented?.['uti']),
  ]
  return keys.length === 0 ? [`request ${id}`] : keys
}

function named(kind: string, value: unknown): readonly string[] {
  return typeof value === 'string' && value !== '' ? [`${kind} ${value}`] : []
}
