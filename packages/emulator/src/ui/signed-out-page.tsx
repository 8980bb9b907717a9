// The signed-out page: the session is over, and the way back if there is one.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'
import { navigableUrl } from './navigable-url.ts'

/** What the signed-out page tells. */
export interface SignedOutPageProps {
  /** Who was signed in; absent when nobody was. */
  readonly username?: string | undefined
  /** Applications that are told in hidden frames that the session is over; default none. */
  readonly calls?: readonly { readonly appName: string; readonly url: string }[]
  /** Where the application wants its user back (http, https or an own path); absent: the window may be closed. */
  readonly continueUrl?: string | undefined
}

/** Confirms that the emulator's session is over, and lets the applications know that have asked for it. */
export function SignedOutPage({ username, calls = [], continueUrl }: SignedOutPageProps): JSX.Element {
  const url = navigableUrl(continueUrl)
  return (
    <Layout title="Signed out" scripts={url === undefined ? [] : ['signed-out.js']}>
      <section class="panel" aria-labelledby="title">
        <div class="status-mark status-good">
          <Icon name="check" />
        </div>
        <h1 id="title">You’re signed out</h1>
        <p class="lead">
          {username === undefined ? 'No session is left' : <strong>{username}</strong>}
          {username === undefined ? ' on this emulator.' : ' no longer has a session on this emulator.'}
        </p>
        {url === undefined ? (
          <p class="muted">You can close this window.</p>
        ) : (
          <div class="actions">
            <a class="primary" id="continue" href={url} autofocus>
              Continue
            </a>
          </div>
        )}
        {calls.map(({ appName, url: address }) => (
          <iframe src={navigableUrl(address)} title={`Signing out of ${appName}`} hidden></iframe>
        ))}
      </section>
    </Layout>
  )
}
