// The consent page: what an application asks to do as the user, and the user's answer.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Avatar, HiddenFields } from './form-parts.tsx'
import { Layout } from './layout.tsx'

/** One delegated permission that the application asks for. */
export interface Permission {
  /** The scope's value, such as `Tasks.ReadWrite`. */
  readonly name: string
  /** The display name of the API that the scope belongs to. */
  readonly resource: string
  /** What the scope lets the application do, in a sentence. */
  readonly description: string
}

/** What the consent page shows, and where it posts. */
export interface ConsentPageProps {
  /** The application that asks. */
  readonly appName: string
  /** Who publishes the application. */
  readonly publisher?: string | undefined
  /** The account that would consent. */
  readonly username: string
  /** The permissions asked for. */
  readonly permissions: readonly Permission[]
  /** Where the form posts. */
  readonly action: string
  /** Fields carried along unseen. */
  readonly fields: Readonly<Record<string, string>>
  /** Whether the user may answer for everybody in the tenant. */
  readonly canConsentForOrganization: boolean
  /** The tenant for which an administrator is asked; absent: the user is asked for themselves. */
  readonly organizationName?: string | undefined
}

/** Posts `consent` = `accept` or `decline`, and `organization=on` when the user answers for the whole tenant. */
export function ConsentPage(props: ConsentPageProps): JSX.Element {
  return (
    <Layout title="Permissions requested">
      <section class="panel" aria-labelledby="title">
        <ApplicationHeading appName={props.appName} publisher={props.publisher} />
        <p class="lead">
          asks for these permissions{' '}
          {props.organizationName === undefined ? 'as' : 'for everyone, answered by'}{' '}
          <strong>{props.username}</strong>
        </p>
        {props.organizationName !== undefined && <ForOrganization name={props.organizationName} />}
        {byResource(props.permissions).map(([resource, permissions]) => (
          <PermissionList resource={resource} permissions={permissions} />
        ))}
        <AnswerForm {...props} />
      </section>
    </Layout>
  )
}

// The focus opens on the heading, not on Accept: a stray Enter must not grant anything.
function ApplicationHeading({
  appName,
  publisher,
}: Pick<ConsentPageProps, 'appName' | 'publisher'>): JSX.Element {
  return (
    <div class="application-heading">
      <Avatar displayName={appName} />
      <div>
        <h1 id="title" tabindex={-1} autofocus>
          {appName}
        </h1>
        <p class="muted">{publisher === undefined ? 'Publisher not stated' : `Published by ${publisher}`}</p>
      </div>
    </div>
  )
}

function ForOrganization({ name }: { readonly name: string }): JSX.Element {
  return (
    <div class="notice notice-advice">
      <p>
        Accepting gives the application these permissions for all users of <strong>{name}</strong>. Nobody
        there is asked again.
      </p>
    </div>
  )
}

function PermissionList(props: {
  readonly resource: string
  readonly permissions: readonly Permission[]
}): JSX.Element {
  return (
    <div class="permission-group">
      <h2>{props.resource}</h2>
      <ul class="permissions">
        {props.permissions.map(({ name, description }) => (
          <li>
            <code>{name}</code>
            <span>{description}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function AnswerForm(props: ConsentPageProps): JSX.Element {
  const { action, fields, canConsentForOrganization, organizationName } = props
  return (
    <form class="fields" method="post" action={action}>
      <HiddenFields fields={fields} except={['consent', 'organization']} />
      {canConsentForOrganization && organizationName === undefined && (
        <div class="check">
          <input id="organization" name="organization" type="checkbox" value="on" />
          <label for="organization">
            Consent on behalf of your organization
            <span class="muted">Nobody in the tenant is asked again for these permissions.</span>
          </label>
        </div>
      )}
      <div class="actions">
        <button class="primary" type="submit" name="consent" value="accept">
          Accept
        </button>
        <button class="secondary" type="submit" name="consent" value="decline">
          Decline
        </button>
      </div>
    </form>
  )
}

function byResource(
  permissions: readonly Permission[],
): readonly (readonly [string, readonly Permission[]])[] {
  const resources = [...new Set(permissions.map(({ resource }) => resource))]
  return resources.map((resource) => [resource, permissions.filter((each) => each.resource === resource)])
}
