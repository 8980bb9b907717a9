// Makes markup of what was drawn.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Drawn } from './sequence.ts'

/** A drawing as a part of a page. */
export function Drawing({ drawn }: { readonly drawn: Drawn }): JSX.Element {
  const { tag: Tag, attributes, children } = drawn
  return (
    <Tag {...attributes}>
      {children.map((child) => (typeof child === 'string' ? child : <Drawing drawn={child} />))}
    </Tag>
  )
}
