// Long lists, a page at a time: where the field that finds is shown, and where there is another page.
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { EmulatorEnv } from '../../src/http/exchange.ts'
import { Finder, pageOf, type PageOf } from '../../src/portal/parts/paging.tsx'
import { elementsNamed, render } from '../ui/markup.ts'

const itemsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `Item ${String(index + 1)}`)

async function read(query: string, items: readonly string[]): Promise<PageOf<string>> {
  const application = new Hono<EmulatorEnv>()
  application.get('/', (c) => c.json(pageOf(c, items, (item) => item)))
  return (await (await application.request(`/?${query}`)).json()) as PageOf<string>
}

const linksOf = async (page: PageOf<string>): Promise<readonly string[]> =>
  elementsNamed(await render(<Finder page={page} path="/items" what="items" />), 'a').map(
    ({ attributes }) => attributes['href'] ?? '',
  )

describe('a list', () => {
  it.each([
    [0, 1],
    [50, 1],
    [51, 2],
    [100, 2],
    [101, 3],
  ])('of %i has pages: %i', async (count, pages) => {
    expect(await read('', itemsOf(count))).toMatchObject({ pages, number: 1, total: count })
  })

  it.each([
    ['', 1, 'Item 1', 50],
    ['page=2', 2, 'Item 51', 50],
    ['page=3', 3, 'Item 101', 1],
    ['page=4', 3, 'Item 101', 1],
    ['page=0', 1, 'Item 1', 50],
    ['page=-1', 1, 'Item 1', 50],
    ['page=2.9', 2, 'Item 51', 50],
    ['page=x', 1, 'Item 1', 50],
  ])('asked with %j shows page %i', async (query, number, first, length) => {
    const page = await read(query, itemsOf(101))
    expect([page.number, page.items[0], page.items.length]).toEqual([number, first, length])
  })

  it('is found in by a part of the text, in any case and without the space around', async () => {
    expect((await read('q=%20iTEM%2010%20', itemsOf(101))).items).toEqual(['Item 10', 'Item 100', 'Item 101'])
    expect((await read('q=nothing', itemsOf(101))).items).toEqual([])
  })
})

describe('the field that finds', () => {
  it('is there when not everything is in sight, and while something is looked for', async () => {
    const isShown = async (query: string, count: number): Promise<boolean> => {
      const page = await read(query, itemsOf(count))
      return (await render(<Finder page={page} path="/items" what="items" />)) !== ''
    }
    expect(await isShown('', 9)).toBe(false)
    expect(await isShown('', 10)).toBe(true)
    expect(await isShown('q=nothing', 9)).toBe(true)
  })

  it('leads to the pages before and behind, with what is looked for', async () => {
    expect(await linksOf(await read('', itemsOf(50)))).toEqual([])
    expect(await linksOf(await read('', itemsOf(101)))).toEqual(['/items?page=2'])
    expect(await linksOf(await read('page=2&q=item', itemsOf(101)))).toEqual([
      '/items?q=item&page=1',
      '/items?q=item&page=3',
    ])
    expect(await linksOf(await read('page=3', itemsOf(101)))).toEqual(['/items?page=2'])
    const text = await render(<Finder page={await read('page=2', itemsOf(101))} path="/items" what="items" />)
    expect(text.replaceAll(/<[^>]+>/g, '')).toContain('101 items, page 2 of 3')
    const one = await render(<Finder page={await read('', itemsOf(50))} path="/items" what="items" />)
    expect(one.replaceAll(/<[^>]+>/g, '')).not.toContain('page')
  })
})
