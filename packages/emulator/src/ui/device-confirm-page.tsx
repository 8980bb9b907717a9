// The question before a sign-in for a device: is it the application that the user means?
import type { JSX } from 'hono/jsx/jsx-runtime'
import { HiddenFields } from './form-parts.tsx'
import { Layout } from './layout.tsx'

/** What the page shows, and where it posts. */
export interface DeviceConfirmPageProps {
  /** The application on the device. */
  readonly appName: string
  /** Where the form posts. */
  readonly action: string
  /** Fields carried along unseen. */
  readonly fields: Readonly<Record<string, string>>
}

// The focus opens on the heading: a code may come from somebody else, and a stray Enter must not sign them in.
/** Posts `confirmation` = `continue` or `cancel`. */
export function DeviceConfirmPage({ appName, action, fields }: DeviceConfirmPageProps): JSX.Element {
  return (
    <Layout title="Confirm the application">
      <section class="panel" aria-labelledby="title">
        <h1 id="title" tabindex={-1} autofocus>
          Are you trying to sign in to {appName}?
        </h1>
        <p class="explanation">
          Only continue if the code comes from a device of yours. Whoever made the code gets the tokens.
        </p>
        <form method="post" action={action}>
          <HiddenFields fields={fields} except={['confirmation']} />
          <div class="actions">
            <button class="primary" type="submit" name="confirmation" value="continue">
              Continue
            </button>
            <button class="secondary" type="submit" name="confirmation" value="cancel">
              Cancel
            </button>
          </div>
        </form>
      </section>
    </Layout>
  )
}
