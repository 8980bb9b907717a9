// The registration of a second step, for a user who has none yet.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { SecondStepPageProps } from './approve-page.tsx'
import { DemandedBy } from './demanded-by.tsx'
import { HiddenFields } from './form-parts.tsx'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'

/** Posts `registration` = `complete` or `cancel`. */
export function RegistrationPage(props: SecondStepPageProps): JSX.Element {
  return (
    <Layout title="More information required">
      <section class="panel" aria-labelledby="title">
        <div class="status-mark status-good">
          <Icon name="shield" />
        </div>
        <h1 id="title">More information required</h1>
        <p class="lead">
          <strong>{props.username}</strong> has no second step yet, and <strong>{props.appName}</strong> needs
          one
        </p>
        <p class="explanation">
          Entra ID would set up an authenticator now. Here this press registers one, and uses it at once.
        </p>
        <DemandedBy policies={props.policies} authContexts={props.authContexts} />
        <form method="post" action={props.action}>
          <HiddenFields fields={props.fields} except={['registration']} />
          <div class="actions">
            <button class="primary" type="submit" name="registration" value="complete" autofocus>
              Register
            </button>
            <button class="secondary" type="submit" name="registration" value="cancel">
              Cancel
            </button>
          </div>
        </form>
      </section>
    </Layout>
  )
}
