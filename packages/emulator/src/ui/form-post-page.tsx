// The page of response_mode=form_post: carries the answer to the application, by script or by one press.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { HiddenFields } from './form-parts.tsx'
import { Layout } from './layout.tsx'
import { navigableUrl } from './navigable-url.ts'

/** What is posted, and where. */
export interface FormPostPageProps {
  /** The redirect URI: http or https. */
  readonly action: string
  /** The parameters of the authorization response. */
  readonly fields: Readonly<Record<string, string>>
}

/**
 * A form that submits itself to the redirect URI.
 *
 * @throws TypeError when the redirect URI is not http or https: a code must never reach a script.
 * @see OAuth 2.0 Form Post Response Mode
 */
export function FormPostPage({ action, fields }: FormPostPageProps): JSX.Element {
  const url = navigableUrl(action)
  if (url === undefined) throw new TypeError('form_post needs a redirect URI of scheme http or https')
  return (
    <Layout title="Continue to the application" scripts={['form-post.js']}>
      <section class="panel" aria-labelledby="title">
        <h1 id="title">Taking you back</h1>
        <p class="lead">The application is receiving your sign-in.</p>
        <form id="form-post" method="post" action={url}>
          <HiddenFields fields={fields} except={[]} />
          <div class="actions">
            <button class="primary" type="submit" autofocus>
              Continue
            </button>
          </div>
        </form>
      </section>
    </Layout>
  )
}
