// The end of a sign-in for a device: it goes on there, or it was declined.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'

/** What the page tells. */
export interface DeviceDonePageProps {
  /** The application on the device. */
  readonly appName: string
  /** Who signed in; absent when the user declined. */
  readonly username?: string | undefined
}

/** Tells how it ended. */
export function DeviceDonePage({ appName, username }: DeviceDonePageProps): JSX.Element {
  const isSignedIn = username !== undefined
  return (
    <Layout title={isSignedIn ? 'Signed in on your device' : 'Declined'}>
      <section class="panel" aria-labelledby="title">
        <div class={`status-mark ${isSignedIn ? 'status-good' : 'status-danger'}`}>
          <Icon name={isSignedIn ? 'check' : 'alert'} />
        </div>
        <h1 id="title">{appName}</h1>
        <p class="lead">
          {isSignedIn ? (
            <>
              <strong>{username}</strong> is signed in on your device.
            </>
          ) : (
            'You declined the sign-in. The device has been told.'
          )}
        </p>
        <p class="muted">You can close this window.</p>
      </section>
    </Layout>
  )
}
