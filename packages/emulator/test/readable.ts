// A page as lines that people can read: headings, text, links with where they lead, forms with their fields and buttons.

interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (Element | string)[]
}

/** A form of a page, as a browser would send it. */
export interface ShownForm {
  /** What it is called: its label, or else the text of its first button. */
  readonly name: string
  readonly method: string
  readonly action: string
  /** Name and value of each field that is filled in, chosen or hidden. */
  readonly values: readonly (readonly [name: string, value: string])[]
  /** Every name that a person can fill in. */
  readonly names: readonly string[]
  /** Names of the fields that have to be filled in. */
  readonly required: readonly string[]
  readonly buttons: readonly { readonly text: string; readonly name: string; readonly value: string }[]
}

/** Lines of the page; with `part`, of what stands in that element alone. */
export function readPage(html: string, part = 'body'): readonly string[] {
  const writer = new Writer()
  for (const element of all(parse(html), ({ tag }) => tag === part)) writer.write(element)
  return writer.lines
}

/** The forms of a page, in their order. */
export function formsIn(html: string): readonly ShownForm[] {
  const page = parse(html)
  return all(page, ({ tag }) => tag === 'form').map((form) => {
    const { attributes } = form
    const own = all(form, ({ tag }) => tag === 'button')
    const elsewhere = all(
      page,
      (each) => each.tag === 'button' && each.attributes['form'] === attributes['id'] && !own.includes(each),
    )
    const buttons = [...own, ...(attributes['id'] === undefined ? [] : elsewhere)].map((button) => ({
      text: button.attributes['aria-label'] ?? nameOf(button, page),
      name: button.attributes['name'] ?? '',
      value: button.attributes['value'] ?? '',
    }))
    const fields = all(form, ({ tag }) => ['input', 'select', 'textarea'].includes(tag))
    return {
      name: attributes['aria-label'] ?? buttons[0]?.text ?? '',
      method: attributes['method'] ?? 'get',
      action: attributes['action'] ?? '',
      values: fields.flatMap((field) => {
        const value = valueOf(field)
        return value === undefined ? [] : [[field.attributes['name'] ?? '', value] as const]
      }),
      names: fields.flatMap(({ attributes: { type, name = '' } }) => (type === 'hidden' ? [] : [name])),
      required: fields.flatMap(({ attributes: { required, name = '' } }) =>
        required === undefined ? [] : [name],
      ),
      buttons,
    }
  })
}

/** What stands between two texts, line by line: `- gone` and `+ new`, in the order of the texts. */
export function changedLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const gone = leftOver(before, after)
  const added = leftOver(after, before)
  return [...gone.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)]
}

function leftOver(lines: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = counts.get(line) ?? 0
    counts.set(line, count - 1)
    return count <= 0
  })
}

// What `aria-labelledby` names counts as the text of a button that has none.
function nameOf(button: Element, page: Element): string {
  const own = textOf(button)
  if (own !== '') return own
  const [named] = all(page, ({ attributes }) => attributes['id'] === button.attributes['aria-labelledby'])
  return named === undefined ? '' : textOf(named)
}

function valueOf({ tag, attributes, children }: Element): string | undefined {
  if (tag === 'textarea') return children.map((child) => (typeof child === 'string' ? child : '')).join('')
  if (tag === 'select') {
    const options = children.filter((child) => typeof child !== 'string')
    const chosen = options.find((option) => 'selected' in option.attributes) ?? options[0]
    return chosen?.attributes['value']
  }
  if (attributes['type'] === 'checkbox' && !('checked' in attributes)) return undefined
  return attributes['value'] ?? ''
}

const blocks = new Set(
  'main section article div form ul ol li table thead tbody tr p h1 h2 h3 pre details summary nav header aside footer dl dt dd svg body'.split(
    ' ',
  ),
)
const marks: Readonly<Record<string, string>> = { h1: '# ', h2: '## ', h3: '### ', li: '- ', summary: '▸ ' }

class Writer {
  readonly lines: string[] = []
  #line = ''
  #mark = ''
  #indent = ''

  write(node: Element | string): void {
    if (typeof node === 'string') this.#line += node.replaceAll(/\s+/g, ' ')
    else if (node.tag === 'pre') this.#preformatted(node)
    else if (blocks.has(node.tag)) this.#block(node)
    else this.#inline(node)
  }

  #block(element: Element): void {
    const { tag, attributes } = element
    this.#end()
    const indent = this.#indent
    const label = attributes['aria-label']
    if (tag === 'form') {
      const { method = 'get', action = '' } = attributes
      this.#put(`form${label === undefined ? '' : ` “${label}”`}: ${method} ${action}`)
      this.#indent += '  '
    } else if (label !== undefined) this.#put(`${attributes['role'] ?? tag} “${label}”`)
    this.#mark = ['alert', 'status'].includes(attributes['role'] ?? '')
      ? `(${attributes['role'] ?? ''}) `
      : (marks[tag] ?? this.#mark)
    if (tag === 'svg') this.#line += textOf(element)
    else this.#children(element)
    this.#end()
    this.#mark = ''
    this.#indent = indent
  }

  #preformatted(element: Element): void {
    this.#end()
    const { 'aria-label': label = '' } = element.attributes
    this.#put(`pre “${label}”`)
    for (const line of rawText(element).replace(/^\n/, '').split('\n')) this.#put(`| ${line}`)
  }

  #inline(element: Element): void {
    const { tag, attributes } = element
    const current = attributes['aria-current'] === undefined ? '' : ', here'
    if (tag === 'a') this.#line += `[${textOf(element)}](${attributes['href'] ?? ''}${current})`
    else if (tag === 'button') this.#line += ` ${button(element)} `
    else if (['input', 'select', 'textarea'].includes(tag)) this.#line += ` ${field(element)} `
    else if (tag === 'iframe') this.#line += ` [frame](${attributes['src'] ?? ''}) `
    else if (tag === 'td' || tag === 'th') {
      this.#children(element)
      this.#line += ' ¦ '
    } else this.#children(element)
  }

  // Two elements without a space between them are apart by their style.
  #children({ children }: Element): void {
    children.forEach((child, index) => {
      if (typeof child !== 'string' && typeof children[index - 1] === 'object' && child.tag !== 'wbr')
        this.#line += ' '
      this.write(child)
    })
  }

  #end(): void {
    const text = this.#line.replaceAll(/\s+/g, ' ').trim()
    if (text !== '') {
      this.#put(this.#mark + text)
      this.#mark = ''
    }
    this.#line = ''
  }

  #put(text: string): void {
    this.lines.push(this.#indent + text)
  }
}

function button(element: Element): string {
  const { name, value, role, 'aria-label': label, 'aria-checked': isOn } = element.attributes
  const state = isOn === undefined ? '' : isOn === 'true' ? ' (on)' : ' (off)'
  const posts = name === undefined ? '' : ` ${name}=${value ?? ''}`
  return `<${label ?? (textOf(element) || (role ?? 'button'))}${state}${posts}>`
}

function field(element: Element): string {
  const { type = '', name = '', required } = element.attributes
  if (type === 'hidden') return ['form', 'seen'].includes(name) ? '' : `{${name}=${valueOf(element) ?? ''}}`
  if (type === 'checkbox') return `[${'checked' in element.attributes ? 'x' : ' '}] ${name}`
  const must = required === undefined ? '' : ' (required)'
  if (element.tag !== 'select') return `[${name}=${JSON.stringify(valueOf(element) ?? '')}${must}]`
  const options = element.children.filter((child) => typeof child !== 'string')
  const offered = options.map((option) => `${'selected' in option.attributes ? '*' : ''}${textOf(option)}`)
  return `[${name}=${valueOf(element) ?? ''}${must}: ${offered.join(' | ')}]`
}

function textOf(element: Element): string {
  return rawText(element, ' ').replaceAll(/\s+/g, ' ').trim()
}

function rawText({ children }: Element, between = ''): string {
  return children
    .map((child, index) => {
      if (typeof child === 'string') return child
      const isApart = typeof children[index - 1] === 'object' && child.tag !== 'wbr'
      return (isApart ? between : '') + rawText(child, between)
    })
    .join('')
}

function all(element: Element, isWanted: (element: Element) => boolean): readonly Element[] {
  if (isWanted(element)) {
    const inside = element.children.flatMap((child) =>
      typeof child === 'string' ? [] : all(child, isWanted),
    )
    return [element, ...inside]
  }
  return element.children.flatMap((child) => (typeof child === 'string' ? [] : all(child, isWanted)))
}

const empty = new Set(['input', 'br', 'wbr', 'meta', 'link', 'img', 'hr'])

/** Markup as the emulator writes it: every element is closed, and every attribute is in double quotes. */
function parse(html: string): Element {
  const root: Element = { tag: 'document', attributes: {}, children: [] }
  const open = [root]
  for (const [token] of html.matchAll(/<!doctype[^>]*>|<[^>"]*(?:"[^"]*"[^>"]*)*>|[^<]+/gi)) {
    const within = open.at(-1) ?? root
    if (token.startsWith('<!')) continue
    if (token.startsWith('</')) open.pop()
    else if (token.startsWith('<')) {
      const [, tag = ''] = /^<([\w-]+)/.exec(token) ?? []
      const element: Element = { tag, attributes: attributesOf(token), children: [] }
      within.children.push(element)
      if (!empty.has(tag) && !token.endsWith('/>')) open.push(element)
    } else within.children.push(unescape(token))
  }
  return root
}

function attributesOf(token: string): Readonly<Record<string, string>> {
  const pairs = [...token.replace(/^<[\w-]+/, '').matchAll(/([\w:-]+)(?:="([^"]*)")?/g)]
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, unescape(value)]))
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
