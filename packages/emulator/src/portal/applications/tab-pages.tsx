// The tabs of redirect URIs and of credentials.
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
      <PostForm of={application} action={tabPath(application, 'authentication')} label="Authentication">
        <div class="fields">
          {platforms.map(({ platform, label, hint }) => (
            <LinesField
              name={platform}
              label={`Redirect URIs: ${label}`}
              hint={`${hint} One a line; of localhost any port counts.`}
              value={(application.redirectUris?.[platform] ?? []).join('\n')}
            />
          ))}
          <TextField
            name="frontChannelLogoutUrl"
            label="Front-channel logout URL"
            hint="Called in a hidden frame when a session ends; empty: nobody is told."
            value={application.frontChannelLogoutUrl}
          />
          <FlagField
            name="isFallbackPublicClient"
            label="Allow public client flows"
            hint="Device code, and user name with password."
            checked={application.isFallbackPublicClient === true}
          />
          <FlagField
            name="enableIdTokenIssuance"
            label="ID tokens from the authorize endpoint"
            hint="Implicit and hybrid flows."
            checked={application.enableIdTokenIssuance === true}
          />
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
  const { secrets = [] } = application
  const path = tabPath(application, 'secrets')
  return (
    <TabPage application={application} tab="secrets">
      <section aria-labelledby="secrets-title">
        <h2 id="secrets-title">Client secrets</h2>
        <PostForm of={application} action={path} class="plain" label="Client secrets">
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
      <Certificates application={application} />
    </TabPage>
  )
}

function Certificates({ application }: { readonly application: Application }): JSX.Element {
  const { certificates = [] } = application
  const path = tabPath(application, 'secrets')
  return (
    <section aria-labelledby="certificates-title">
      <h2 id="certificates-title">Certificates</h2>
      <PostForm of={application} action={path} class="plain" label="Certificates">
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
