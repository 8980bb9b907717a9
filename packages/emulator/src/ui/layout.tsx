// The document around every page: the emulator's mark, the landmarks, and the reminder that none of this is real.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { raw } from 'hono/html'
import { assetsPath } from './assets.ts'
import { TierMark } from './icons.tsx'

/** What a page hands to the document around it. */
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

/** A whole HTML document; needs no inline style or script, so it lives under a `'self'`-only policy. */
export function Layout({
  title,
  shape = 'card',
  scripts = [],
  sections = [],
  children,
}: LayoutProps): JSX.Element {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex" />
          <title>{`${title} · midtier emulator`}</title>
          <link rel="icon" type="image/svg+xml" href={`${assetsPath}favicon.svg`} />
          <link rel="stylesheet" href={`${assetsPath}style.css`} />
          {scripts.map((name) => (
            <script type="module" src={assetsPath + name}></script>
          ))}
        </head>
        <body class={shape}>
          <a class="skip-link" href="#main">
            Skip to content
          </a>
          <Masthead sections={sections} />
          <main id="main">{children}</main>
          <footer>
            <p>
              This is a <strong>local emulator</strong>, not Microsoft Entra ID. Its accounts are made up;
              never type a real password here.
            </p>
          </footer>
        </body>
      </html>
    </>
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
