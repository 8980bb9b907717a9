// What a registration exposes as an API: application ID URIs, scopes and roles.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Directory } from '../../directory/directory.ts'
import type { Application } from '../../directory/model.ts'
import { FlagField, LinesField, PostForm, RowButton, TextField } from '../parts/fields.tsx'
import { ClientsWithoutConsent } from './clients-without-consent.tsx'
import { TabPage, tabPath } from './tabs.tsx'

/** Application ID URIs, scopes and roles. */
export function ApiTab(props: {
  readonly application: Application
  readonly directory: Directory
}): JSX.Element {
  const { application, directory } = props
  const { scopes = [], appRoles = [], identifierUris = [], accessTokenAcceptedVersion } = application
  const { knownClientApplications = [] } = application
  const path = tabPath(application, 'api')
  return (
    <TabPage application={application} tab="api">
      <PostForm of={application} action={path} label="API">
        <div class="fields">
          <LinesField
            name="identifierUris"
            label="Application ID URIs"
            hint={`One a line, such as api://${application.id}`}
            value={identifierUris.join('\n')}
          />
          <FlagField
            name="v2"
            label="Receives v2.0 access tokens"
            hint="Entra’s default is v1.0."
            checked={accessTokenAcceptedVersion === 2}
          />
          <LinesField
            name="knownClientApplications"
            label="Known clients"
            hint="Names or ids, one a line: consent for them covers this API, too (combined consent)."
            value={knownClientApplications.join('\n')}
          />
        </div>
        <button class="primary small" type="submit" name="do" value="save">
          Save
        </button>
      </PostForm>
      <Exposed title="Scopes" path={path} items={scopes} noun="scope" />
      <Exposed title="App roles" path={path} items={appRoles} noun="role" />
      <ClientsWithoutConsent application={application} directory={directory} />
    </TabPage>
  )
}

function Exposed(props: {
  readonly title: string
  readonly path: string
  readonly noun: 'scope' | 'role'
  readonly items: readonly {
    readonly value: string
    readonly description?: string
    readonly adminOnly?: boolean
    readonly enabled?: boolean
  }[]
}): JSX.Element {
  const { title, path, noun, items } = props
  return (
    <section aria-labelledby={`${noun}-title`}>
      <h2 id={`${noun}-title`}>{title}</h2>
      <PostForm action={path} class="plain" label={title}>
        <ul class={items.length === 0 ? 'no-rows' : 'rows'}>
          {items.map(({ value, description, adminOnly, enabled = true }) => (
            <li class="row">
              <div class="row-main">
                <code>{value}</code>
                <span class="muted">
                  {description} {adminOnly === true && 'Only an administrator consents.'}{' '}
                  {!enabled && 'Disabled.'}
                </span>
              </div>
              {noun === 'scope' && (
                <RowButton
                  name={enabled ? 'disable-scope' : 'enable-scope'}
                  value={value}
                  label={enabled ? 'Disable' : 'Enable'}
                  of={value}
                />
              )}
              <RowButton name={`remove-${noun}`} value={value} label="Remove" of={value} />
            </li>
          ))}
        </ul>
      </PostForm>
      <PostForm action={path} label={`Add a ${noun}`}>
        <div class="fields">
          <TextField prefix={noun} name="value" label={`Name of the ${noun}`} required />
          <TextField prefix={noun} name="description" label="What it allows" />
          {noun === 'scope' && (
            <FlagField
              prefix={noun}
              name="adminOnly"
              label="Only an administrator consents"
              checked={false}
            />
          )}
        </div>
        <button class="primary small" type="submit" name="do" value={`add-${noun}`}>
          Add a {noun}
        </button>
      </PostForm>
    </section>
  )
}
