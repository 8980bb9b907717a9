// The page of the device code: the user types what the device shows.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'

/** What the page shows, and where it posts. */
export interface DeviceCodePageProps {
  /** Where the form posts. */
  readonly action: string
  /** The code, as far as it is known. */
  readonly code?: string | undefined
  /** Why the last code was not taken. */
  readonly error?: string | undefined
}

/** Posts `code`. */
export function DeviceCodePage({ action, code, error }: DeviceCodePageProps): JSX.Element {
  return (
    <Layout title="Enter code">
      <section class="panel" aria-labelledby="title">
        <h1 id="title">Enter code</h1>
        <p class="lead">Enter the code displayed on your app or device</p>
        {error !== undefined && (
          <div class="notice notice-danger" id="code-error" role="alert" aria-live="assertive">
            <Icon name="alert" />
            <p>{error}</p>
          </div>
        )}
        <form class="fields" method="post" action={action}>
          <div class="field">
            <label for="code">Code</label>
            <input
              id="code"
              name="code"
              type="text"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              required
              value={code ?? ''}
              aria-describedby={error === undefined ? undefined : 'code-error'}
              aria-invalid={error === undefined ? undefined : 'true'}
              autofocus
            />
          </div>
          <div class="actions">
            <button class="primary" type="submit">
              Next
            </button>
          </div>
        </form>
      </section>
    </Layout>
  )
}
