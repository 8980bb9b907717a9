// How Graph answers with entities: chosen by $filter, in pages of $top with a link to the next one, with what $select wants of each.
import type { EmulatorContext } from '../http/exchange.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { graphBase } from './answer.ts'
import type { Entity } from './entity.ts'
import { filtered } from './filter.ts'
import { GraphError } from './graph-error.ts'

/** Which entities these are. */
export interface EntityKind {
  /** Below the base: `users`. */
  readonly path: string
  /** What the context calls them; default: the path. */
  readonly set?: string
  /** The properties that come only when $select names them. */
  readonly onSelect?: readonly string[]
}

const maximumPageSize = 999
const defaultPageSize = 100

/** A page of entities. */
export function sendPage(
  c: EmulatorContext,
  authority: TokenIssuer,
  kind: EntityKind,
  entities: readonly Entity[],
): Response {
  const [size, start, select, filter] = [pageSize(c), skipCount(c), selected(c), c.req.query('$filter')]
  const all = filter === undefined ? entities : filtered(entities, filter, knownTo(entities))
  const end = start + size
  const base = graphBase(c, authority)
  const kept = ['$select', '$filter'].flatMap((name) => {
    const value = c.req.query(name)
    return value === undefined ? [] : [`&${name}=${encodeURIComponent(value)}`]
  })
  const next = `${base}/${kind.path}?$top=${String(size)}${kept.join('')}&$skiptoken=${String(end)}`
  checkSelected(select, entities)
  const value = all.slice(start, end).map((entity) => shown(entity, kind, select))
  return c.json({
    '@odata.context': contextOf(base, kind, select),
    ...(end < all.length && { '@odata.nextLink': next }),
    value,
  })
}

/** One entity. */
export function sendEntity(
  c: EmulatorContext,
  authority: TokenIssuer,
  kind: EntityKind,
  entity: Entity,
): Response {
  const select = selected(c)
  checkSelected(select, [entity])
  const context = `${contextOf(graphBase(c, authority), kind, select)}/$entity`
  return c.json({ '@odata.context': context, ...shown(entity, kind, select) })
}

function contextOf(base: string, kind: EntityKind, select: readonly string[] | undefined): string {
  const names = select === undefined ? '' : `(${select.join(',')})`
  return `${base}/$metadata#${kind.set ?? kind.path}${names}`
}

function shown(entity: Entity, { onSelect = [] }: EntityKind, select: readonly string[] | undefined): Entity {
  const isShown = (name: string): boolean =>
    select === undefined ? !onSelect.includes(name) : name.startsWith('@') || select.includes(name)
  return Object.fromEntries(Object.entries(entity).filter(([name]) => isShown(name)))
}

function checkSelected(select: readonly string[] | undefined, entities: readonly Entity[]): void {
  const unknown = select?.find((name) => !knownTo(entities)(name))
  if (unknown === undefined) return
  const message = `Could not find a property named '${unknown}', or it is not among what the caller may read.`
  throw new GraphError('BadRequest', message, 400)
}

/** Where there is nothing, nothing is unknown either. */
function knownTo(entities: readonly Entity[]): (name: string) => boolean {
  return (name) => entities.length === 0 || entities.some((entity) => Object.hasOwn(entity, name))
}

function selected(c: EmulatorContext): readonly string[] | undefined {
  return c.req
    .query('$select')
    ?.split(',')
    .map((name) => name.trim())
}

function pageSize(c: EmulatorContext): number {
  const top = Number(c.req.query('$top') ?? defaultPageSize)
  if (Number.isInteger(top) && top >= 1 && top <= maximumPageSize) return top
  throw new GraphError('Request_BadRequest', `Invalid page size specified: '${String(top)}'.`, 400)
}

function skipCount(c: EmulatorContext): number {
  const count = Number(c.req.query('$skiptoken') ?? 0)
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new GraphError('Request_BadRequest', 'Invalid $skiptoken.', 400)
}
