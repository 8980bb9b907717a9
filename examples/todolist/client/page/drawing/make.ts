// Makes elements of what was drawn.
import { element } from '../element.ts'
import type { Drawn } from './sequence.ts'

/** The elements, in this document. */
export function make({ tag, attributes, children }: Drawn): HTMLElement {
  return element(
    tag,
    attributes,
    ...children.map((child) => (typeof child === 'string' ? child : make(child))),
  )
}
