// The second step of a sign-in: one press in place of the authenticator application, or a refusal.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { HiddenFields } from './form-parts.tsx'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'
import { DemandedBy } from './demanded-by.tsx'

/** What the pages of the second step show, and where they post. */
export interface SecondStepPageProps {
  /** The application that is signed in to. */
  readonly appName: string
  /** The account that signs in. */
  readonly username: string
  /** Names of the policies that demand the step. */
  readonly policies: readonly string[]
  /** Authentication contexts that the step is for. */
  readonly authContexts: readonly string[]
  /** Where the form posts. */
  readonly action: string
  /** Fields carried along unseen. */
  readonly fields: Readonly<Record<string, string>>
}

/** Posts `approval` = `approve` or `deny`. */
export function ApprovePage(props: SecondStepPageProps): JSX.Element {
  return (
    <Layout title="Approve sign-in request">
      <section class="panel" aria-labelledby="title">
        <div class="status-mark status-good">
          <Icon name="shield" />
        </div>
        <h1 id="title">Approve sign-in request</h1>
        <p class="lead">
          <strong>{props.username}</strong> signs in to <strong>{props.appName}</strong>
        </p>
        <p class="explanation">
          Entra ID would ask your phone now. Here this press is the second step: no code, no device.
        </p>
        <DemandedBy policies={props.policies} authContexts={props.authContexts} />
        <form method="post" action={props.action}>
          <HiddenFields fields={props.fields} except={['approval']} />
          <div class="actions">
            <button class="primary" type="submit" name="approval" value="approve" autofocus>
              Approve
            </button>
            <button class="secondary" type="submit" name="approval" value="deny">
              Deny
            </button>
          </div>
        </form>
      </section>
    </Layout>
  )
}
