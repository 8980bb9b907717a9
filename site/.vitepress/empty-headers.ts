import type { MarkdownRenderer } from 'vitepress'

/** A corner of a table that says nothing is no header of anything. A plugin of markdown-it. */
export function emptyHeaders(md: MarkdownRenderer): void {
  md.core.ruler.push('empty-headers', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      const close = tokens[index + 2]
      if (token.type !== 'th_open' || close?.type !== 'th_close' || tokens[index + 1]?.content !== '')
        continue
      token.tag = 'td'
      close.tag = 'td'
    }
  })
}
