// Reads rendered pages in tests: whole documents, and the elements in them with their attributes.
import { Layout } from '../../src/ui/layout.tsx'

/** What a component returns. */
export type Rendered = ReturnType<typeof Layout>

export interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
}

export async function render(page: Rendered): Promise<string> {
  return String(await page)
}

/** Every element in document order, with unescaped attribute values. */
export function elementsOf(markup: string): readonly Element[] {
  return [...markup.matchAll(/<([a-z][a-z0-9-]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/g)].map((match) => ({
    tag: match[1] ?? '',
    attributes: attributesOf(match[2] ?? ''),
  }))
}

export function elementsNamed(markup: string, tag: string): readonly Element[] {
  return elementsOf(markup).filter((element) => element.tag === tag)
}

/** What a form would post beside the pressed button: name and value of each input, form by form. */
export function formsOf(
  markup: string,
): readonly { readonly form: Element; readonly controls: readonly Element[] }[] {
  return [...markup.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([text]) => {
    const [form, ...rest] = elementsOf(text)
    if (form === undefined) throw new Error('a form without an element')
    return { form, controls: rest.filter(({ attributes }) => attributes['name'] !== undefined) }
  })
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)]
  return Object.fromEntries(pairs.map(([, name, value]) => [name ?? '', unescape(value ?? '')]))
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
