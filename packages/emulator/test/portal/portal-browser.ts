// The portal in tests without script: opens a page, submits the form that has the given fields, and follows the redirect.
import type { Emulator } from '../../src/index.ts'
import { createBrowser, type BrowserPage } from '../browser.ts'

export interface Portal {
  open(path: string): Promise<BrowserPage>
  /** Submits a form of a page, and opens where it leads. */
  submit(path: string, fields: Record<string, string>): Promise<BrowserPage>
}

/** A browser in the portal. */
export function openPortal({ origin }: Pick<Emulator, 'origin'>): Portal {
  const browser = createBrowser(origin)
  const open = (path: string): Promise<BrowserPage> => browser.open(new URL(path, origin).href)
  return {
    open,
    submit: async (path, fields) => {
      const answer = await browser.submit(await open(path), fields)
      return answer.location === undefined ? answer : open(answer.location.href)
    },
  }
}

/** The text of a page without its tags. */
export function textOf({ html }: BrowserPage): string {
  return html
    .replace(/<head>.*?<\/head>/s, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
}
