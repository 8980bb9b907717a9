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

/** Needs the asset `copy.js` on its page. */
export function CopyButton({ value, label }: CopyButtonProps): JSX.Element {
  return (
    <button class="copy" type="button" data-copy={value} aria-label={label} title={label} hidden>
      <Icon name="copy" />
    </button>
  )
}
