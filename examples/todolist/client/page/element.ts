// Builds and finds DOM elements; text always stays text, so nothing that an API answers can become markup.

type Child = Node | string | undefined

/** Creates an element with attributes and children; `undefined` children and attributes are left out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== undefined) created.setAttribute(attribute, value)
  created.append(...children.filter((child) => child !== undefined))
  return created
}

/** Text for assistive technology alone. */
export function spoken(text: string): HTMLElement {
  return element('span', { class: 'visually-hidden' }, text)
}

/** The element of that id in index.html. @throws Error when the page lacks it, which is a mistake in the page. */
export function find<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`index.html has no ${type.name} with the id '${id}'`)
}
