// The clients that an API knows so well that nobody has to consent for them, with the scopes for which that holds.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Directory } from '../../directory/directory.ts'
import type { Application } from '../../directory/model.ts'
import { LinesField, PostForm, RowButton, TextField } from '../parts/fields.tsx'
import { tabPath } from './tabs.tsx'

/** Pre-authorized clients. */
export function ClientsWithoutConsent(props: {
  readonly application: Application
  readonly directory: Directory
}): JSX.Element {
  const { application, directory } = props
  const { preAuthorizedApplications: clients = [] } = application
  const path = tabPath(application, 'api')
  const nameOf = (id: string): string => directory.findApplication(id)?.displayName ?? id
  return (
    <section aria-labelledby="clients-title">
      <h2 id="clients-title">Clients without consent</h2>
      <PostForm action={path} class="plain" label="Clients without consent">
        <ul class={clients.length === 0 ? 'no-rows' : 'rows'}>
          {clients.map(({ id, scopes }) => (
            <li class="row">
              <div class="row-main">
                <span class="row-title">{nameOf(id)}</span>
                <span class="muted">{scopes.join(', ')}</span>
              </div>
              <RowButton name="remove-client" value={id} label="Remove" of={nameOf(id)} />
            </li>
          ))}
        </ul>
      </PostForm>
      <PostForm action={path} label="Add a client without consent">
        <div class="fields">
          <TextField prefix="client" name="client" label="Client" hint="Its name or id." required />
          <LinesField
            prefix="client"
            name="scopes"
            label="Needs no consent for"
            hint="Scopes, one a line."
            rows={2}
          />
        </div>
        <button class="primary small" type="submit" name="do" value="add-client">
          Add a client
        </button>
      </PostForm>
    </section>
  )
}
