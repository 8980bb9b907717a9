// The frame of the portal: the document, the rail, the amber mark and the change that can be undone, around one page.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Document } from '../ui/document.tsx'
import { HiddenFields } from '../ui/form-parts.tsx'
import { TierMark } from '../ui/icons.tsx'
import type { InlineStyle } from '../ui/inline-style.ts'
import { NotNormal } from '../ui/not-normal.tsx'
import { usePageContext } from '../ui/page-context.tsx'
import { Rail } from './rail.tsx'
import type { Section } from './sections.ts'

/** What a page of the portal hands to the frame around it. */
export interface FrameProps {
  /** The name of the page, shown in the browser's tab; its heading is the page's own `h1`. */
  readonly title: string
  /** The section that the rail marks; default none. */
  readonly section?: Section
  /** Names of script assets that this page loads; default none. */
  readonly scripts?: readonly string[]
  /** In place of the style sheet of all pages; the policy of the answer has to allow it. */
  readonly style?: InlineStyle | undefined
  readonly children?: Child
}

/** Where "Undo" posts. */
export const undoPath = '/portal/undo'

/** A whole page of the portal. */
export function Frame({ title, section, scripts = [], style, children }: FrameProps): JSX.Element {
  return (
    <Document title={title} shape="portal" scripts={scripts} style={style}>
      <NotNormal />
      <header class="masthead">
        <a class="wordmark" href="/">
          <TierMark />
          <span>midtier</span>
        </a>
        <span class="local-mark">Local emulator</span>
        <Rail current={section} />
      </header>
      <main id="main">
        <LastChange />
        {children}
      </main>
    </Document>
  )
}

function LastChange(): JSX.Element {
  const { lastChange, fields, back } = usePageContext()
  if (lastChange === undefined) return <></>
  return (
    <form class="last-change" method="post" action={undoPath}>
      <HiddenFields fields={fields} except={['back']} />
      {back !== undefined && <input type="hidden" name="back" value={back} />}
      <p role="status">{lastChange}</p>
      <button class="secondary small" type="submit">
        Undo
      </button>
    </form>
  )
}
