// A real Chromium for the portal's tests, and the look at a page that every one of them has to stand.
import { access } from 'node:fs/promises'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { expect } from 'vitest'

/** Starts Chromium. @throws Error saying what to install when there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  await access(executablePath).catch(() => {
    throw new Error(`There is no Chromium at ${executablePath}: install it, or set CHROMIUM_PATH`)
  })
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
}

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

/** What axe finds wrong with a page, as it is now. The page has to come from a context with `bypassCSP`. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<{ readonly violations: readonly Violation[] }>('axe.run()')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Expects nothing for axe in light and dark, and no scrolling sideways at 320 px and at 200 % zoom of a laptop. */
export async function expectGoodPage(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await violationsOf(page)).toEqual([])
  }
  for (const width of [320, 640]) {
    await page.setViewportSize({ width, height: 480 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  }
  await page.setViewportSize({ width: 1280, height: 860 })
}
