// What stands around every page outside the portal: the emulator's mark, the landmarks, and what is not normal.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Document } from './document.tsx'
import { TierMark } from './icons.tsx'
import { NotNormal } from './not-normal.tsx'

/** What a page hands to what stands around it. */
export interface LayoutProps {
  /** The name of the page, shown in the browser's tab. */
  readonly title: string
  /** `card`: one narrow column in the middle (default). `wide`: the full width of the home page. */
  readonly shape?: 'card' | 'wide'
  /** Names of script assets that this page loads; default none. */
  readonly scripts?: readonly string[]
  /** Links to the sections of a long page, shown in its header; default none. */
  readonly sections?: readonly { readonly id: string; readonly label: string }[]
  readonly children?: Child
}

/** A page outside the portal. */
export function Layout({
  title,
  shape = 'card',
  scripts = [],
  sections = [],
  children,
}: LayoutProps): JSX.Element {
  return (
    <Document title={title} shape={shape} scripts={scripts}>
      <NotNormal />
      <Masthead sections={sections} />
      <main id="main">{children}</main>
    </Document>
  )
}

function Masthead({ sections }: Required<Pick<LayoutProps, 'sections'>>): JSX.Element {
  return (
    <header class="masthead">
      <a class="wordmark" href="/">
        <TierMark />
        <span>midtier</span>
      </a>
      <span class="local-mark">Local emulator</span>
      {sections.length > 0 && (
        <nav aria-label="Sections">
          {sections.map(({ id, label }) => (
            <a href={`#${id}`}>{label}</a>
          ))}
        </nav>
      )}
    </header>
  )
}
