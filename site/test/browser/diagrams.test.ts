// The diagrams as they are seen: nothing leaves the sheet or lies over something else, and all of it can be read, on a telephone too.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChromium } from '../../../packages/emulator/test/portal/chromium.ts'
import { root, serveSite } from '../built-site.ts'

const folder = join(root, 'docs/images')
const drawings = readdirSync(folder).filter((name) => name.endsWith('.svg'))
const onPhone = { width: 360, height: 740 }
/** What is left of a narrow screen beside the margins of a page. */
const column = 312

let browser: Browser
let site: Awaited<ReturnType<typeof serveSite>>

beforeAll(async () => {
  site = await serveSite()
  browser = await startChromium()
})

afterAll(async () => {
  await browser.close()
  site.server.close()
})

interface Text {
  readonly words: string
  readonly size: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

async function textsOf(
  svg: string,
): Promise<{ readonly texts: Text[]; readonly width: number; readonly height: number }> {
  const page = await browser.newPage()
  await page.setContent(`<body style="margin: 0">${svg}</body>`)
  const found = await page.evaluate(() => {
    const { width, height } = document.querySelector('svg')?.getBoundingClientRect() ?? {
      width: 0,
      height: 0,
    }
    const texts = [...document.querySelectorAll('text')].map((text) => {
      // Of the box of a line, which has room for accents above and below, the middle half is ink.
      const { left, right, top, bottom } = text.getBoundingClientRect()
      const quarter = (bottom - top) / 4
      const size = parseFloat(getComputedStyle(text).fontSize)
      return { words: text.textContent, size, left, right, top: top + quarter, bottom: bottom - quarter }
    })
    return { texts, width, height }
  })
  await page.close()
  return found
}

const overlap = (one: Text, other: Text): boolean =>
  one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom && other.top < one.bottom

describe.each(drawings.filter((name) => name.endsWith('-light.svg')))('%s', (name) => {
  it('has all of its words inside of the sheet, and none over others', async () => {
    const { texts, width, height } = await textsOf(readFileSync(join(folder, name), 'utf8'))
    expect(texts.length).toBeGreaterThan(5)
    const outside = texts.filter(
      ({ left, right, top, bottom }) => left < 2 || right > width - 2 || top < 2 || bottom > height - 2,
    )
    expect(outside.map(({ words }) => words)).toEqual([])
    const over = texts.flatMap((one, index) =>
      texts
        .slice(index + 1)
        .flatMap((other) => (overlap(one, other) ? [`${one.words} / ${other.words}`] : [])),
    )
    expect(over).toEqual([])
  })
})

describe('on a telephone', () => {
  it.each(drawings.filter((name) => name.includes('-narrow-')))(
    '%s has no words below 10 px',
    async (name) => {
      const { texts, width } = await textsOf(readFileSync(join(folder, name), 'utf8'))
      expect(Math.min(...texts.map(({ size }) => size * (column / width)))).toBeGreaterThanOrEqual(10)
    },
  )

  it.each(['light', 'dark'] as const)('a page shows the narrow drawing in %s', async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, viewport: onPhone })
    const page = await context.newPage()
    await page.goto(`${site.address}challenges.html`)
    const shown = await page
      .locator('.vp-doc picture img')
      .first()
      .evaluate((image: HTMLImageElement) => image.currentSrc)
    const narrow = readFileSync(join(folder, `challenge-narrow-${colorScheme}.svg`), 'utf8')
    expect(await (await fetch(shown)).text()).toBe(narrow)
    await context.close()
  })
})

it.each(drawings)('%s has the contrast of text everywhere (WCAG 1.4.3)', async (name) => {
  const page = await browser.newPage({ viewport: { width: 700, height: 1400 } })
  await page.setContent(`<body style="margin: 0">${readFileSync(join(folder, name), 'utf8')}</body>`)
  const pairs = await page.evaluate(() => {
    const isGround = (element: Element): boolean => {
      const { fill, fillOpacity } = getComputedStyle(element)
      return element.localName === 'rect' && fill !== 'none' && fillOpacity === '1'
    }
    return [...document.querySelectorAll('text')].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect()
      const ground = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2).find(isGround)
      const fillOf = (element: Element | undefined): string => (element ? getComputedStyle(element).fill : '')
      return { words: text.textContent, ink: fillOf(text), ground: fillOf(ground) }
    })
  })
  await page.close()
  expect(pairs.length).toBeGreaterThan(5)
  expect(pairs.filter(({ ink, ground }) => !(contrast(ink, ground) >= 4.5))).toEqual([])
})

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** Relative luminance, of `rgb(r, g, b)` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = NaN, green = NaN, blue = NaN] = (colour.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
