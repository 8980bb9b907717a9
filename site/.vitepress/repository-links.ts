// Links that lead out of the pages go to the repository on the site, and stay relative in the Markdown.
import { statSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { MarkdownRenderer } from 'vitepress'
import { repositoryUrl } from './place.ts'

const root = new URL('../../', import.meta.url)

/** A plugin of markdown-it. */
export function repositoryLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const { path, realPath = path } = env as { readonly path: string; readonly realPath?: string }
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (href !== null) token.attrSet('href', placeOnSite(href, realPath))
    }
  })
}

function placeOnSite(href: string, from: string): string {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href
  const target = new URL(href, pathToFileURL(from))
  const path = target.pathname.slice(root.pathname.length)
  if (path.startsWith('site/')) return href
  if (/^docs\/.*\.md$/.test(path)) return `/${path.slice('docs/'.length)}${target.hash}`
  const kind = statSync(fileURLToPath(new URL(path, root))).isDirectory() ? 'tree' : 'blob'
  return `${repositoryUrl}/${kind}/main/${path}${target.hash}`
}
