// Looks at the page in light, in dark and on a telephone, and leaves pictures for a person to look at, too.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { findPoorContrast } from './contrast.ts'

const artifacts = fileURLToPath(new URL('../../../../artifacts/', import.meta.url))

/** Expects enough contrast in both colour schemes, and no scrolling sideways on a telephone. */
export async function lookAt(page: Page, name: string): Promise<void> {
  await mkdir(artifacts, { recursive: true })
  const picture = (look: string): Promise<unknown> =>
    page.screenshot({ path: `${artifacts}${name}-${look}.png`, fullPage: true, animations: 'disabled' })

  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(endTransitions)
    expect(await findPoorContrast(page)).toEqual([])
    await picture(colorScheme)
  }
  await page.setViewportSize({ width: 320, height: 740 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await picture('narrow')
  await page.setViewportSize({ width: 1280, height: 900 })
}

/** Colours that change slowly are none that anybody reads. */
function endTransitions(): void {
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
}
