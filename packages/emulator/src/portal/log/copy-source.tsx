// A request to take along: as a command and as a test; to be selected without script, to be copied with it.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { CopyButton } from '../../ui/copy-button.tsx'

/** The two sources. */
export function CopySource({
  curl,
  vitest,
}: {
  readonly curl: string
  readonly vitest: string | undefined
}): JSX.Element {
  return (
    <div class="sources">
      <Source title="Copy as curl" text={curl} />
      {vitest !== undefined && <Source title="Copy as vitest" text={vitest} />}
    </div>
  )
}

function Source({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <details class="source">
      <summary>{title}</summary>
      <div class="source-text">
        <pre role="region" aria-label={title} tabindex={0}>
          {text}
        </pre>
        <CopyButton value={text} label={`${title}: to the clipboard`} />
      </div>
    </details>
  )
}
