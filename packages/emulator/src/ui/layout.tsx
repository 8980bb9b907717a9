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
  /** Names of script assets that this page loads; default none. */
  readonly scripts?: readonly string[]
  readonly children?: Child
}

/** A page outside the portal. */
export function Layout({ title, scripts = [], children }: LayoutProps): JSX.Element {
  return (
    <Document title={title} shape="card" scripts={scripts}>
      <NotNormal />
      <Masthead />
      <main id="main">{children}</main>
    </Document>
  )
}

function Masthead(): JSX.Element {
  return (
    <header class="masthead">
      <a class="wordmark" href="/">
        <TierMark />
        <span>midtier</span>
      </a>
      <span class="local-mark">Local emulator</span>
    </header>
  )
}
