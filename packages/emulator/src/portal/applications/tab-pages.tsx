// The pages of the tabs: redirect URIs, credentials, and what the registration exposes as an API.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Application, ClientSecret, Platform } from '../../directory/model.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FlagField, LinesField, PostForm, RowButton, TextField } from '../parts/fields.tsx'
import { TabPage, tabPath } from './tabs.tsx'

const platforms: readonly { readonly platform: Platform; readonly label: string; readonly hint: string }[] = [
  { platform: 'web', label: 'Web', hint: 'A server that holds a secret.' },
  {
    platform: 'spa',
    label: 'Single-page application',
    hint: 'A page with PKCE; its origin may redeem codes.',
  },
  { platform: 'publicClient', label: 'Mobile and desktop', hint: 'An application without a secret.' },
]

/** Redirect URIs, platform by platform. */
export function AuthenticationTab({ application }: { readonly application: Application }): JSX.Element {
  return (
    <TabPage application={application} tab="authentication">
      <PostForm action={tabPath(application, 'authentication')} label="Redirect URIs">
        <div class="fields">
          {platforms.map(({ platform, label, hint }) => (
            <LinesField
              name={platform}
              label={`Redirect URIs: ${label}`}
              hint={`${hint} One a line; of localhost any port counts.`}
              value={(application.redirectUris?.[platform] ?? []).join('\n')}
            />
          ))}
        </div>
        <button class="primary small" type="submit">
          Save
        </button>
      </PostForm>
    </TabPage>
  )
}

/** Secrets, which are shown when that is asked for, and certificates. */
export function SecretsTab(props: {
  readonly application: Application
  readonly isRevealed: boolean
}): JSX.Element {
  const { application, isRevealed } = props
  const { secrets = [], certificates = [] } = application
  const path = tabPath(application, 'secrets')
  return (
    <TabPage application={application} tab="secrets">
      <section aria-labelledby="secrets-title">
        <h2 id="secrets-title">Client secrets</h2>
        <PostForm action={path} class="plain" label="Client secrets">
          <ul class={secrets.length === 0 ? 'no-rows' : 'rows'}>
            {secrets.map((secret, index) => (
              <li class="row">
                <div class="row-main">
                  <Secret secret={secret} isRevealed={isRevealed} number={index + 1} />
                </div>
                <RowButton
                  name="remove-secret"
                  value={String(index)}
                  label="Remove"
                  of={`secret ${String(index + 1)}`}
                />
              </li>
            ))}
          </ul>
          {secrets.length === 0 ? (
            <p class="muted">None: this client cannot prove itself by a secret.</p>
          ) : (
            <RowButton value="reveal" label="Show the secrets" />
          )}
        </PostForm>
        <PostForm action={path} label="Add a secret">
          <div class="fields">
            <TextField name="value" label="Secret" hint="Left empty, one is made." />
            <TextField name="expires" label="Expires" hint="ISO 8601, such as 2030-01-01; empty: never." />
          </div>
          <button class="primary small" type="submit" name="do" value="add-secret">
            Add a secret
          </button>
        </PostForm>
      </section>
      <section aria-labelledby="certificates-title">
        <h2 id="certificates-title">Certificates</h2>
        <PostForm action={path} class="plain" label="Certificates">
          <ul class={certificates.length === 0 ? 'no-rows' : 'rows'}>
            {certificates.map((pem, index) => (
              <li class="row">
                <div class="row-main">
                  <code>{`…${pem.replace(/-----[^-]+-----|\s/g, '').slice(-24)}`}</code>
                </div>
                <RowButton
                  name="remove-certificate"
                  value={String(index)}
                  label="Remove"
                  of={`certificate ${String(index + 1)}`}
                />
              </li>
            ))}
          </ul>
        </PostForm>
        <PostForm action={path} label="Add a certificate">
          <LinesField name="certificate" label="Certificate (PEM)" rows={5} />
          <button class="primary small" type="submit" name="do" value="add-certificate">
            Add a certificate
          </button>
        </PostForm>
      </section>
    </TabPage>
  )
}

function Secret(props: {
  readonly secret: ClientSecret
  readonly isRevealed: boolean
  readonly number: number
}): JSX.Element {
  const { secret, isRevealed, number } = props
  return (
    <>
      {isRevealed ? (
        <span class="value">
          <code>{secret.value}</code>
          <CopyButton value={secret.value} label={`Copy secret ${String(number)}`} />
        </span>
      ) : (
        <code>{`${secret.value.slice(0, 3)}••••••••`}</code>
      )}
      <span class="muted">
        {secret.expires === undefined ? 'never expires' : `expires ${secret.expires}`}
      </span>
    </>
  )
}

/** Application ID URIs, scopes and roles. */
export function ApiTab({ application }: { readonly application: Application }): JSX.Element {
  const { scopes = [], appRoles = [], identifierUris = [], accessTokenAcceptedVersion } = application
  const path = tabPath(application, 'api')
  return (
    <TabPage application={application} tab="api">
      <PostForm action={path} label="Application ID URIs">
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
        </div>
        <button class="primary small" type="submit" name="do" value="save">
          Save
        </button>
      </PostForm>
      <Exposed title="Scopes" path={path} items={scopes} noun="scope" />
      <Exposed title="App roles" path={path} items={appRoles} noun="role" />
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
  }[]
}): JSX.Element {
  const { title, path, noun, items } = props
  return (
    <section aria-labelledby={`${noun}-title`}>
      <h2 id={`${noun}-title`}>{title}</h2>
      <PostForm action={path} class="plain" label={title}>
        <ul class={items.length === 0 ? 'no-rows' : 'rows'}>
          {items.map(({ value, description, adminOnly }) => (
            <li class="row">
              <div class="row-main">
                <code>{value}</code>
                <span class="muted">
                  {description} {adminOnly === true && 'Only an administrator consents.'}
                </span>
              </div>
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
