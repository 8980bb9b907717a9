// The directory on the home page: accounts, tenants and applications, each value one press away from the clipboard.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { CopyButton } from './copy-button.tsx'
import { Avatar, Username } from './form-parts.tsx'

/** A user as the home page lists it. */
export interface ListedUser {
  readonly username: string
  readonly displayName: string
  readonly tenantName: string
  readonly password: string
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
  /** What it is, in a word or two: `spa`, `web`, `api`, `daemon`. */
  readonly kind: string
  /** The scopes that it exposes. */
  readonly scopes: readonly string[]
}

/** Who can sign in, and with which password. */
export function Accounts({ users }: { readonly users: readonly ListedUser[] }): JSX.Element {
  return (
    <section id="accounts" aria-labelledby="accounts-title">
      <div class="section-heading">
        <h2 id="accounts-title">Accounts</h2>
      </div>
      <ul class="rows">
        {users.map((user) => (
          <li class="row">
            <Avatar displayName={user.displayName} />
            <div class="row-main">
              <span class="row-title">{user.displayName}</span>
              <span class="muted">
                <Username username={user.username} tenantName={user.tenantName} />
              </span>
            </div>
            <Value label={`password of ${user.username} in ${user.tenantName}`} value={user.password} />
          </li>
        ))}
      </ul>
    </section>
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
          <li class="row row-application">
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
