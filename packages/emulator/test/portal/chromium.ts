// Chromium for the tests of the portal, and what axe finds on a page.
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'

/** Starts the Chromium of this machine. */
export function startChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath })
}

/** What axe finds, contrast included: rule and element. */
export async function findViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish()
  })
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document)
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
  })
}

/** What scrolls sideways is wider than the page. */
export function excessWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
