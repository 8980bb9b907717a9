// A table that is wider than its column says so: at the edge behind which there is more of it, and at no other.
import { Buffer } from 'node:buffer'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChromium } from '../../../packages/emulator/test/portal/chromium.ts'
import { serveSite } from '../built-site.ts'

let browser: Browser
/** A page that looks at pictures of others, whose scripts may be off. */
let reader: Page
let site: Awaited<ReturnType<typeof serveSite>>

beforeAll(async () => {
  site = await serveSite()
  browser = await startChromium()
  reader = await browser.newPage()
})

afterAll(async () => {
  await browser.close()
  site.server.close()
})

const table = '.vp-doc table'

async function withTable(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
  const viewport = { width: 360, height: 740 }
  const context = await browser.newContext({ viewport, ...options })
  const page = await context.newPage()
  await page.goto(`${site.address}errors.html`)
  await page.locator(table).first().scrollIntoViewIfNeeded()
  await look(page)
  await context.close()
}

function scrollTo(page: Page, share: number): Promise<void> {
  return page
    .locator(table)
    .first()
    .evaluate((element, share) => {
      element.scrollLeft = share * (element.scrollWidth - element.clientWidth)
    }, share)
}

interface Edges {
  readonly left: boolean
  readonly right: boolean
}

/** At which edges of the table a shadow is painted: in the padding of a row, where there are no words. */
async function shadows(page: Page): Promise<Edges> {
  const row = page.locator(`${table} tbody tr`).first()
  await row.evaluate((element) => {
    element.scrollIntoView({ block: 'center' })
  })
  const [box, cells] = [await page.locator(table).first().boundingBox(), await row.boundingBox()]
  if (box === null || cells === null) throw new Error('there is no table')
  const clip = {
    x: Math.ceil(box.x),
    y: Math.round(cells.y + cells.height) - 4,
    width: Math.floor(box.width) - 1,
    height: 1,
  }
  const picture = `data:image/png;base64,${Buffer.from(await page.screenshot({ clip })).toString('base64')}`
  return reader.evaluate(async (picture) => {
    const image = new Image()
    image.src = picture
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: 1 })
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0)
    const at = (x: number): readonly number[] => [...(context?.getImageData(x, 0, 1, 1).data ?? [])]
    const ground = at(image.width / 2)
    const isShaded = (x: number): boolean =>
      at(x).some((part, index) => Math.abs(part - (ground[index] ?? 0)) > 12)
    return { left: isShaded(1), right: isShaded(image.width - 2) }
  }, picture)
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it.each([
    { javaScriptEnabled: true, reducedMotion: 'reduce' },
    { javaScriptEnabled: true, reducedMotion: 'no-preference' },
    { javaScriptEnabled: false, reducedMotion: 'reduce' },
  ] as const)('a shadow lies where there is more: %j', async (options) => {
    await withTable({ colorScheme, ...options }, async (page) => {
      expect(await shadows(page)).toEqual({ left: false, right: true })
      await scrollTo(page, 0.5)
      expect(await shadows(page)).toEqual({ left: true, right: true })
      await scrollTo(page, 1)
      expect(await shadows(page)).toEqual({ left: true, right: false })
    })
  })

  it('a table that has room has none', async () => {
    await withTable({ colorScheme }, async (page) => {
      await page
        .locator(table)
        .first()
        .evaluate((element) => {
          for (const cell of element.querySelectorAll(':is(td, th):not(:first-child)')) cell.remove()
        })
      expect(await shadows(page)).toEqual({ left: false, right: false })
    })
  })
})

it.each(['reduce', 'no-preference'] as const)(
  'where colours are forced, a thick line stands at that edge: %s',
  async (reducedMotion) => {
    await withTable({ forcedColors: 'active', reducedMotion }, async (page) => {
      const lines = (): Promise<readonly string[]> =>
        page
          .locator(table)
          .first()
          .evaluate((element) => {
            const { borderLeftWidth, borderRightWidth } = getComputedStyle(element)
            return [borderLeftWidth, borderRightWidth]
          })
      await expect.poll(lines).toEqual(['1px', '4px'])
      await scrollTo(page, 0.5)
      await expect.poll(lines).toEqual(['4px', '4px'])
      await scrollTo(page, 1)
      await expect.poll(lines).toEqual(['4px', '1px'])
    })
  },
)
