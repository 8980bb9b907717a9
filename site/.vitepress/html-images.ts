import type { MarkdownRenderer } from 'vitepress'

/** Images that are written as HTML, for light and dark: found beside the page, and loaded once they are near. A plugin of markdown-it. */
export function htmlImages(md: MarkdownRenderer): void {
  md.core.ruler.push('html-images', ({ tokens }) => {
    for (const token of tokens.filter(({ type }) => type === 'html_block'))
      token.content = token.content
        .replaceAll(/\b(src|srcset)="(?=\w+\/)/g, '$1="./')
        .replaceAll('<img ', '<img loading="lazy" ')
  })
}
