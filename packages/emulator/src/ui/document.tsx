// The HTML document of every page: its head, the way past the masthead, and the reminder that none of this is real.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { raw } from 'hono/html'
import { assetsPath } from './assets.ts'
import type { InlineStyle } from './inline-style.ts'
import { ResetForm } from './not-normal.tsx'

/** What a document is made of. */
export interface DocumentProps {
  /** The name of the page, shown in the browser's tab. */
  readonly title: string
  readonly shape: 'card' | 'portal'
  /** Names of script assets that this page loads. */
  readonly scripts: readonly string[]
  /** In place of the style sheet of all pages. */
  readonly style?: InlineStyle | undefined
  readonly children?: Child
}

/** A whole HTML document; has no inline script, and no inline style but the one that its policy is told of. */
export function Document({ title, shape, scripts, style, children }: DocumentProps): JSX.Element {
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
          {style === undefined ? (
            <link rel="stylesheet" href={`${assetsPath}style.css`} />
          ) : (
            <style>{raw(style.css)}</style>
          )}
          {scripts.map((name) => (
            <script type="module" src={assetsPath + name}></script>
          ))}
        </head>
        <body class={shape}>
          <a class="skip-link" href="#main">
            Skip to content
          </a>
          {children}
          <footer>
            <p>
              This is a <strong>local emulator</strong>, not Microsoft Entra ID. Its accounts are made up;
              never type a real password here.
            </p>
          </footer>
          <ResetForm />
        </body>
      </html>
    </>
  )
}
