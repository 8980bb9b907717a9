// The account picker: which of the signed-in accounts goes on to the application.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { AccountButton, HiddenFields, Username } from './form-parts.tsx'
import { Icon } from './icons.tsx'
import { Layout } from './layout.tsx'

/** What the account picker shows, and where it posts. */
export interface AccountPickerPageProps {
  /** The application that asks. */
  readonly appName: string
  /** The accounts that are signed in. */
  readonly accounts: readonly {
    readonly id: string
    readonly username: string
    readonly displayName: string
    readonly tenantName: string
  }[]
  /** Where the form posts. */
  readonly action: string
  /** Fields carried along unseen. */
  readonly fields: Readonly<Record<string, string>>
}

/** Posts `account`: the id of the account pressed, or `other`. */
export function AccountPickerPage({
  appName,
  accounts,
  action,
  fields,
}: AccountPickerPageProps): JSX.Element {
  return (
    <Layout title="Pick an account">
      <section class="panel" aria-labelledby="title">
        <h1 id="title">Pick an account</h1>
        <p class="lead">
          to continue to <strong>{appName}</strong>
        </p>
        <form method="post" action={action}>
          <HiddenFields fields={fields} except={['account']} />
          <ul class="accounts">
            {accounts.map(({ id, username, displayName, tenantName }, index) => (
              <li>
                <AccountButton
                  name="account"
                  value={id}
                  displayName={displayName}
                  detail={<Username username={username} tenantName={tenantName} />}
                  autofocus={index === 0}
                />
              </li>
            ))}
            <li>
              <AccountButton
                name="account"
                value="other"
                displayName="Use another account"
                detail="Sign in as somebody else"
                icon={<Icon name="plus" />}
                autofocus={accounts.length === 0}
              />
            </li>
          </ul>
        </form>
      </section>
    </Layout>
  )
}
