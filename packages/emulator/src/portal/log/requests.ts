// The request log for programs: a list, the same grouped into sign-ins and sessions, or pushed as it grows.
import type { Emulation } from '../../endpoints/emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { RequestFilter, RequestRecord } from '../../kernel/request-log.ts'
import { resultOf } from './flow.ts'
import { groupSessions, groupSignIns, sessionOf, type SignIn } from './groups.ts'
import { readSince, streamEvents } from './live.ts'
import { parseQuery } from './query.ts'

const names = ['correlationId', 'traceId', 'endpoint', 'clientId', 'grantType'] as const

/**
 * GET /_emulator/requests: narrowed by `correlationId`, `traceId`, `endpoint`, `clientId`, `grantType`, by `q`, and by `since`, the `next` of
 * an earlier answer; grouped with `groups=sign-ins` or `groups=sessions`; pushed when the reader accepts `text/event-stream`.
 */
export function requests(c: EmulatorContext, { requests: log }: Emulation): Response {
  const filter = Object.fromEntries(names.map((name) => [name, c.req.query(name)])) as RequestFilter
  const query = c.req.query('q')
  const isWanted = query === undefined ? () => true : parseQuery(query)
  const list = (since: number): readonly RequestRecord[] => log.list({ ...filter, since }).filter(isWanted)
  if (c.req.header('accept')?.includes('text/event-stream') === true) {
    return streamEvents(c, log, readSince(c), (since) => {
      const found = list(since)
      return found.length === 0 ? undefined : { name: 'requests', data: { requests: found } }
    })
  }
  const since = readSince(c)
  const found = list(since > log.sequence ? 0 : since)
  const next = String(log.sequence)
  const groups = c.req.query('groups')
  if (groups === 'sign-ins') return c.json({ signIns: groupSignIns(found).map(describe), next })
  if (groups === 'sessions') {
    const sessions = groupSessions(groupSignIns(found))
    return c.json({
      sessions: sessions.map(({ id, signIns }) => ({ id, signIns: signIns.map(describe) })),
      next,
    })
  }
  return c.json({ requests: found, next })
}

function describe(signIn: SignIn): Readonly<Record<string, unknown>> {
  const { id, records } = signIn
  return {
    id,
    started: records[0]?.time,
    user: records.find(({ user }) => user !== undefined)?.user,
    application: records[0]?.application ?? records[0]?.clientId,
    session: sessionOf(signIn),
    requests: records.map((record) => ({
      id: record.id,
      endpoint: record.endpoint,
      result: resultOf(record),
    })),
  }
}
