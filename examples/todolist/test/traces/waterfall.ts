// The rows of a waterfall: every span of a trace below the one that led to it, with what its attributes say in few words.
import type { Span } from './collector.ts'

/** Who did the work of a row. */
export type Party = 'browser' | 'middleTier' | 'todoApi' | 'authority' | 'graph'

/** One row. */
export interface Row {
  readonly depth: number
  readonly party: Party
  readonly name: string
  /** What the attributes say. */
  readonly says: string
  readonly startMs: number
  readonly endMs: number
}

/** A span, or what the browser saw of a click and its calls. */
export interface Work extends Omit<Row, 'depth'> {
  readonly id: string
  readonly parent: string | undefined
}

/** The rows, children below their parents in the order in which they began. */
export function layOut(works: readonly Work[]): readonly Row[] {
  const below = (parent: string | undefined, depth: number): readonly Row[] =>
    works
      .filter((work) => work.parent === parent)
      .sort((a, b) => a.startMs - b.startMs)
      .flatMap(({ id, party, name, says, startMs, endMs }) => [
        { depth, party, name, says, startMs, endMs },
        ...below(id, depth + 1),
      ])
  return below(undefined, 0)
}

/** What a span says. */
export function workOf(span: Span): Work {
  const { spanId, parentSpanId, startMs, endMs } = span
  return {
    ...{ id: spanId, parent: parentSpanId, startMs, endMs },
    party: partyOf(span),
    name: nameOf(span),
    says: say(span),
  }
}

function partyOf({ service, attributes }: Span): Party {
  if (service === 'middle-tier') return 'middleTier'
  if (service === 'todo-api') return 'todoApi'
  return text(attributes, 'url.path')?.startsWith('/v1.0/') === true ? 'graph' : 'authority'
}

/** Spans of HTTP are told by where they go; of long addresses the end is enough. */
export function nameOf({ name, kind, attributes }: Span): string {
  if (kind === 'internal') return name
  const url = text(attributes, 'url.full')
  const path = (url === undefined ? text(attributes, 'url.path') : new URL(url).pathname) ?? ''
  const ends = path.split('/').slice(-2)
  const short = ends.length < path.split('/').length - 1 ? `…/${ends.join('/')}` : path
  return `${text(attributes, 'http.request.method')} ${short}`
}

const levels: Readonly<Record<string, string>> = {
  l1: 'from memory',
  l2: 'from the shared store',
  authority: 'not cached',
}

function say({ kind, attributes }: Span): string {
  const status = kind === 'client' ? undefined : text(attributes, 'http.response.status_code')
  const parts = [
    text(attributes, 'midtier.api'),
    text(attributes, 'midtier.caller'),
    attributes['midtier.cached'] === true ? 'verified before' : undefined,
    text(attributes, 'midtier.grant')?.replaceAll('_', ' '),
    levels[text(attributes, 'midtier.origin') ?? ''],
    status,
  ]
  return parts.filter((part) => part !== undefined).join(' · ')
}

function text(attributes: Span['attributes'], name: string): string | undefined {
  const value = attributes[name]
  return value === undefined ? undefined : String(value)
}
