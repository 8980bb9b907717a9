// The permissions of a registration: what it lists for `.default`, what was consented to, and the consent of an administrator.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Directory } from '../../directory/directory.ts'
import type { Application, RequiredResourceAccess } from '../../directory/model.ts'
import { ChoiceField, LinesField, PostForm, RowButton, type Choice } from '../parts/fields.tsx'
import { tenantChoices } from '../records/kinds.ts'
import { TabPage, tabPath } from './tabs.tsx'

/** How many APIs a select box offers. */
const maximumChoices = 200

/** The APIs of the directory as choices. */
export function apiChoices({ applications }: Pick<Directory, 'applications'>): readonly Choice[] {
  return applications
    .filter(({ scopes = [], appRoles = [] }) => scopes.length + appRoles.length > 0)
    .slice(0, maximumChoices)
    .map(({ id, displayName }) => ({ value: id, label: displayName }))
}

/** What the registration asks for. */
export function PermissionsTab(props: {
  readonly application: Application
  readonly directory: Directory
}): JSX.Element {
  const { application, directory } = props
  const path = tabPath(application, 'permissions')
  const listed = application.requiredResourceAccess ?? []
  return (
    <TabPage application={application} tab="permissions">
      <section aria-labelledby="listed-title">
        <h2 id="listed-title">Permissions that it lists</h2>
        <PostForm action={path} class="plain" label="Listed permissions">
          <ul class={listed.length === 0 ? 'no-rows' : 'rows'}>
            {listed.map((access) => (
              <ListedAccess access={access} application={application} directory={directory} />
            ))}
          </ul>
          {listed.length === 0 && <p class="muted">None: .default asks for nothing.</p>}
        </PostForm>
        <PostForm of={application} action={path} label="Add permissions">
          <div class="fields">
            <ChoiceField name="resourceId" label="API" choices={apiChoices(directory)} />
            <LinesField
              name="scopes"
              label="Delegated permissions"
              hint="Names of scopes, one a line."
              rows={2}
            />
            <LinesField
              name="roles"
              label="Application permissions"
              hint="Names of roles, one a line."
              rows={2}
            />
          </div>
          <button class="primary small" type="submit" name="do" value="add">
            Set the permissions of this API
          </button>
        </PostForm>
      </section>
      <section aria-labelledby="admin-title">
        <h2 id="admin-title">Consent of an administrator</h2>
        <PostForm action={path} label="Consent of an administrator">
          <div class="fields">
            <ChoiceField name="tenantId" label="For everyone in" choices={tenantChoices(directory)} />
          </div>
          <button class="primary small" type="submit" name="do" value="consent">
            Grant everything that is listed
          </button>
        </PostForm>
      </section>
    </TabPage>
  )
}

function ListedAccess(props: {
  readonly access: RequiredResourceAccess
  readonly application: Application
  readonly directory: Directory
}): JSX.Element {
  const { access, application, directory } = props
  const { resourceId, scopes = [], roles = [] } = access
  const name = directory.findApplication(resourceId)?.displayName ?? resourceId
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">{name}</span>
        <span class="muted">
          {[...scopes, ...roles.map((role) => `${role} (role)`)].join(', ')} ·{' '}
          {grantedIn(directory, application, access)}
        </span>
      </div>
      <RowButton name="remove-access" value={resourceId} label="Remove" of={name} />
    </li>
  )
}

function grantedIn(
  directory: Directory,
  { id }: Application,
  { resourceId }: RequiredResourceAccess,
): string {
  const consents = directory.consents
    .list()
    .filter((consent) => consent.clientId === id && consent.resourceId === resourceId)
  const everyone = consents.filter(({ userId }) => userId === undefined)
  const tenants = everyone
    .slice(0, 3)
    .map(({ tenantId }) => directory.findTenant(tenantId)?.displayName ?? tenantId)
  const people = consents.length - everyone.length
  if (consents.length === 0) return 'nobody has consented'
  return [
    everyone.length > 0 && `granted for everyone in ${tenants.join(', ')}`,
    people > 0 && `by ${String(people)} ${people === 1 ? 'person' : 'people'}`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}
