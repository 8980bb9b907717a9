// Long lists a page at a time, found by a word: no page grows with the directory.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { EmulatorContext } from '../../http/exchange.ts'

/** How many rows a page has. */
const pageSize = 50

/** A page of a list. */
export interface PageOf<Item> {
  readonly items: readonly Item[]
  readonly query: string
  /** Counted from 1. */
  readonly number: number
  readonly pages: number
  /** How many there are that match. */
  readonly total: number
}

/** The page of a list that the address asks for: `?q=word&page=2`. */
export function pageOf<Item>(
  c: EmulatorContext,
  all: readonly Item[],
  textOf: (item: Item) => string,
): PageOf<Item> {
  const query = (c.req.query('q') ?? '').trim().slice(0, 200)
  const wanted = query.toLowerCase()
  const found = wanted === '' ? all : all.filter((item) => textOf(item).toLowerCase().includes(wanted))
  const pages = Math.max(1, Math.ceil(found.length / pageSize))
  const number = Math.min(Math.max(1, Math.floor(Number(c.req.query('page') ?? 1)) || 1), pages)
  const items = found.slice((number - 1) * pageSize, number * pageSize)
  return { items, query, number, pages, total: found.length }
}

/** The field that finds, and the way to the other pages; nothing where everything is in sight. */
export function Finder(props: {
  readonly page: Omit<PageOf<unknown>, 'items'>
  readonly path: string
  readonly what: string
}): JSX.Element {
  const { page, path, what } = props
  if (page.query === '' && page.pages === 1 && page.total < 10) return <></>
  return (
    <form class="finder" method="get" action={path} role="search">
      <label class="visually-hidden" for="find">
        Find {what}
      </label>
      <input id="find" type="search" name="q" value={page.query} placeholder={`Find ${what}`} />
      <button class="secondary small" type="submit">
        Find
      </button>
      <p class="muted">
        {page.total} {what}
        {page.pages > 1 && `, page ${String(page.number)} of ${String(page.pages)}`}
      </p>
      {page.pages > 1 && (
        <p class="pages">
          {page.number > 1 && <a href={addressOf(path, page, page.number - 1)}>Previous</a>}{' '}
          {page.number < page.pages && <a href={addressOf(path, page, page.number + 1)}>Next</a>}
        </p>
      )}
    </form>
  )
}

function addressOf(path: string, { query }: Pick<PageOf<unknown>, 'query'>, number: number): string {
  const parameters = new URLSearchParams({ ...(query !== '' && { q: query }), page: String(number) })
  return `${path}?${parameters.toString()}`
}
