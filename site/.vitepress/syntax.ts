import type { ThemeOptions } from 'vitepress'

/** The colours of code by what a word is; which colour that is, in light and in dark, says theme/code.css. */
export const syntax: ThemeOptions = {
  name: 'midtier',
  type: 'light',
  colors: { 'editor.foreground': 'var(--code-text)', 'editor.background': 'var(--code-ground)' },
  tokenColors: [
    row('comment', ['comment', 'punctuation.definition.comment']),
    row('string', ['string', 'punctuation.definition.string', 'markup.inserted', 'markup.inline.raw']),
    row('keyword', ['keyword', 'storage', 'variable.language', 'constant.language', 'markup.deleted']),
    row('constant', ['constant.numeric', 'constant.other', 'support.constant', 'constant.character']),
    row('function', ['entity.name.function', 'support.function', 'entity.name.tag', 'entity.name.command']),
    row('type', [
      'entity.name.type',
      'support.type.primitive',
      'support.class',
      'entity.name.class',
      'entity.other.inherited-class',
    ]),
    row('text', [
      'keyword.operator.assignment',
      'keyword.operator.type',
      'punctuation',
      'meta.brace',
      'storage.type.function.arrow',
    ]),
  ],
}

interface Row {
  readonly scope: string[]
  readonly settings: { readonly foreground: string }
}

function row(name: string, scope: string[]): Row {
  return { scope, settings: { foreground: `var(--code-${name})` } }
}
