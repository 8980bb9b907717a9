// The directory on the home page: accounts, tenants and applications, each value one press away from the clipboard.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { CopyButton } from './copy-button.tsx'
import { Avatar, HiddenFields, Username } from './form-parts.tsx'
import type { HomeForm } from './policy-list.tsx'

/** A user as the home page lists it. */
export interface ListedUser {
  readonly username: string
  readonly displayName: string
  readonly tenantName: string
  /** Absent: the user account of an agent, as which nobody signs in. */
  readonly password?: string | undefined
  /** When the sessions of the user were revoked (ISO 8601); absent: never. */
  readonly revokedAt?: string | undefined
}

/** A tenant as the home page lists it. */
export interface ListedTenant {
  readonly id: string
  readonly name: string
  readonly domains: readonly string[]
}

/** An application as the home page lists it. */
export interface ListedApplication {
  /** The client id. */
  readonly id: string
  readonly name: string
  /** What it is, in a word or two: `spa`, `web`, `api`, `daemon`, `blueprint`, `agent`. */
  readonly kind: string
  /** The scopes that it exposes. */
  readonly scopes: readonly string[]
}

/** Who can sign in, and with which password. Posts `revoke` with a user name. */
export function Accounts(props: {
  readonly users: readonly ListedUser[]
  readonly form: HomeForm
}): JSX.Element {
  const { users, form } = props
  return (
    <section id="accounts" aria-labelledby="accounts-title">
      <div class="section-heading">
        <h2 id="accounts-title">Accounts</h2>
      </div>
      <form method="post" action={form.action}>
        <HiddenFields fields={form.fields} except={['enable', 'disable', 'revoke']} />
        <ul class="rows">
          {users.map((user) => (
            <AccountRow user={user} />
          ))}
        </ul>
      </form>
    </section>
  )
}

function AccountRow({ user }: { readonly user: ListedUser }): JSX.Element {
  const { username, displayName, tenantName, password, revokedAt } = user
  return (
    <li class="row">
      <Avatar displayName={displayName} />
      <div class="row-main">
        <span class="row-title">{displayName}</span>
        <span class="muted">
          <Username username={username} tenantName={tenantName} />
        </span>
        {revokedAt !== undefined && (
          <span class="muted">
            Sessions revoked <time datetime={revokedAt}>{revokedAt.slice(0, 19).replace('T', ' ')} UTC</time>
          </span>
        )}
      </div>
      <span class="row-actions">
        {password === undefined ? (
          <span class="chip">agent</span>
        ) : (
          <Value label={`password of ${username} in ${tenantName}`} value={password} />
        )}
        <button class="secondary small" type="submit" name="revoke" value={username}>
          Revoke sessions<span class="visually-hidden"> of {username}</span>
        </button>
      </span>
    </li>
  )
}

/** The tenants and the domains that name them. */
export function Tenants({ tenants }: { readonly tenants: readonly ListedTenant[] }): JSX.Element {
  return (
    <section id="tenants" aria-labelledby="tenants-title">
      <div class="section-heading">
        <h2 id="tenants-title">Tenants</h2>
      </div>
      <ul class="rows">
        {tenants.map((tenant) => (
          <li class="row row-stacked">
            <div class="row-main">
              <span class="row-title">{tenant.name}</span>
              <span class="muted">{tenant.domains.join(', ')}</span>
            </div>
            <Value label={`tenant ID of ${tenant.name}`} value={tenant.id} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The applications, their client ids and the scopes that they expose. */
export function Applications(props: { readonly applications: readonly ListedApplication[] }): JSX.Element {
  return (
    <section id="applications" aria-labelledby="applications-title">
      <div class="section-heading">
        <h2 id="applications-title">Applications</h2>
      </div>
      <ul class="rows">
        {props.applications.map((application) => (
          <li class="row">
            <div class="row-main">
              <span class="row-title">
                {application.name} <span class="chip">{application.kind}</span>
              </span>
              <Scopes scopes={application.scopes} />
            </div>
            <Value label={`client ID of ${application.name}`} value={application.id} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Scopes({ scopes }: { readonly scopes: readonly string[] }): JSX.Element {
  if (scopes.length === 0) return <span class="muted">Exposes no scope</span>
  return (
    <ul class="scopes" aria-label="Scopes">
      {scopes.map((scope) => (
        <li>
          <code>{scope}</code>
        </li>
      ))}
    </ul>
  )
}

function Value({ label, value }: { readonly label: string; readonly value: string }): JSX.Element {
  return (
    <span class="value">
      <code>{value}</code>
      <CopyButton value={value} label={`Copy the ${label}`} />
    </span>
  )
}
