// The query of the sign-in log: `user:alice app:"To Do" flow:on-behalf-of result:refused code:50076`, and free text.
import type { RequestRecord } from '../../kernel/request-log.ts'
import { flowOf, isBackground, resultOf } from './flow.ts'

/** Whether a request is one that was asked for. */
export type Query = (record: RequestRecord) => boolean

interface Term {
  readonly key: string | undefined
  readonly value: string
  readonly isNegated: boolean
}

/** Keys of a query, with what they look at. */
const keys: Readonly<Record<string, (record: RequestRecord) => readonly (string | undefined)[]>> = {
  user: ({ user, agent }) => [user, agent],
  app: ({ application, clientId }) => [application, clientId],
  flow: (record) => [flowOf(record)],
  result: (record) => [resultOf(record)],
  code: ({ error = [], status }) => [...error.map(String), String(status ?? '')],
  api: ({ resource }) => [resource],
  policy: ({ policies = [] }) => policies,
  session: ({ sessionId }) => [sessionId],
  correlation: ({ correlationId }) => [correlationId],
  token: ({ issued, presented }) => [text(issued?.['uti']), text(presented?.['uti'])],
}

/** The keys that a query can have. */
export const queryKeys: readonly string[] = Object.keys(keys)

const maximumTerms = 20

/** Reads a query. All of its terms have to fit; a minus before one means that it must not. Without a flow, metadata and keys are left out. */
export function parseQuery(query: string): Query {
  const terms = [...query.matchAll(/(-?)(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)]
    .slice(0, maximumTerms)
    .map(([, minus, key, quoted, bare]) => toTerm(minus, key?.toLowerCase(), quoted ?? bare ?? ''))
    .filter(({ value }) => value !== '')
  const asksForFlow = terms.some(({ key }) => key === 'flow')
  return (record) => (asksForFlow || !isBackground(record)) && terms.every((term) => fits(term, record))
}

// A word before a colon that is no key belongs to the text: `api://…` is one.
function toTerm(minus: string | undefined, key: string | undefined, value: string): Term {
  const isNegated = minus === '-'
  const isKey = key !== undefined && Object.hasOwn(keys, key)
  return isKey
    ? { key, value: value.toLowerCase(), isNegated }
    : { key: undefined, value: (key === undefined ? value : `${key}:${value}`).toLowerCase(), isNegated }
}

function fits({ key, value, isNegated }: Term, record: RequestRecord): boolean {
  const looked = key === undefined ? everything(record) : (keys[key]?.(record) ?? [])
  const isExact = key === 'result' || key === 'code'
  const isFound = looked.some((each) => {
    const found = each?.toLowerCase() ?? ''
    return isExact ? found === value : found.includes(value)
  })
  return isFound !== isNegated
}

function everything(record: RequestRecord): readonly (string | undefined)[] {
  const { path, resource, scopes = [], shown, grantType, id } = record
  const named = Object.values(keys).flatMap((look) => look(record))
  return [...named, path, resource, ...scopes, shown, grantType, id]
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined
}
