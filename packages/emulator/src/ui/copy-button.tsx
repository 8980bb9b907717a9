// A button that copies a value; without script it stays hidden, and the value can still be selected.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from './icons.tsx'

/** What a copy button copies, and how it is called. */
export interface CopyButtonProps {
  /** The text that lands on the clipboard. */
  readonly value: string
  /** What the button does, for those who cannot see the icon; unique on its page. */
  readonly label: string
}

/** Names in a label are as long as somebody made them. */
const spokenLength = 120

/** Needs the asset `copy.js` on its page. */
export function CopyButton({ value, label }: CopyButtonProps): JSX.Element {
  const name = label.slice(0, spokenLength)
  return (
    <button class="copy" type="button" data-copy={value} aria-label={name} title={name} hidden>
      <Icon name="copy" />
    </button>
  )
}
