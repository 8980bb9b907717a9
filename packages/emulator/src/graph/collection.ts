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

/** A page of entities. What a directory of many has is made an entity only where the page or the filter needs it. */
export function sendPage<Item>(
  c: EmulatorContext,
  authority: TokenIssuer,
  kind: EntityKind,
  { items, toEntity }: { readonly items: readonly Item[]; readonly toEntity: (item: Item) => Entity },
): Response {
  const [size, start, select, filter] = [pageSize(c), skipCount(c), selected(c), c.req.query('$filter')]
  const isKnown = (name: string): boolean =>
    items.length === 0 || items.some((item) => Object.hasOwn(toEntity(item), name))
  const all = filter === undefined ? items : filtered({ items, toEntity }, filter, isKnown)
  const end = start + size
  const base = graphBase(c, authority)
  const kept = ['$select', '$filter'].flatMap((name) => {
    const value = c.req.query(name)
    return value === undefined ? [] : [`&${name}=${encodeURIComponent(value)}`]
  })
  const next = `${base}/${kind.path}?$top=${String(size)}${kept.join('')}&$skiptoken=${String(end)}`
  checkSelected(select, isKnown)
  const value = all.slice(start, end).map((item) => shown(toEntity(item), kind, select))
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
  checkSelected(select, (name) => Object.hasOwn(entity, name))
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

// Where there is nothing, nothing is unknown either.
function checkSelected(select: readonly string[] | undefined, isKnown: (name: string) => boolean): void {
  const unknown = select?.find((name) => !isKnown(name))
  if (unknown === undefined) return
  const message = `Could not find a property named '${unknown}', or it is not among what the caller may read.`
  throw new GraphError('BadRequest', message, 400)
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
