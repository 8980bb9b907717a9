// Measures the contrast of every piece of text on a page (WCAG 2.2, success criterion 1.4.3).
import type { Page } from 'playwright-core'

/** Texts whose contrast is below 4.5:1, with the ratio. */
export function findPoorContrast(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const least = 4.5
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    if (canvas === null) throw new Error('no canvas')

    type Color = readonly [red: number, green: number, blue: number, alpha: number]
    const parse = (color: string): Color => {
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = color
      canvas.fillRect(0, 0, 1, 1)
      const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data
      return [red, green, blue, alpha / 255]
    }
    const luminance = ([red, green, blue]: Color): number => {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const backgroundOf = (start: Element): Color => {
      for (let node: Element | null = start; node !== null; node = node.parentElement) {
        const color = parse(getComputedStyle(node).backgroundColor)
        if (color[3] > 0.99) return color
      }
      return [255, 255, 255, 1]
    }
    const ratio = (node: Element): number => {
      const [a, b] = [luminance(parse(getComputedStyle(node).color)), luminance(backgroundOf(node))]
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    }
    const hasText = (node: Element): boolean =>
      [...node.childNodes].some(
        (child) => child.nodeType === Node.TEXT_NODE && child.textContent?.trim() !== '',
      )

    return [...document.body.querySelectorAll('*')]
      .filter((node) => hasText(node) && node.checkVisibility())
      .map((node) => ({ text: node.textContent.trim().slice(0, 40), found: ratio(node) }))
      .filter(({ found }) => found < least)
      .map(({ text, found }) => `${text}: ${found.toFixed(2)}`)
  })
}
