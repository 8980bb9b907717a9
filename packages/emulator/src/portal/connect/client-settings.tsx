// Client settings: an application and a library are chosen, and what that library takes is there to copy.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { AgentIdentity, Application } from '../../directory/model.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { clientNames, clientSettings } from '../../connect/client-settings.ts'
import { msalConfiguration } from '../../connect/msal-configuration.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { kindOf } from '../applications/application-kind.ts'
import { Frame } from '../frame.tsx'
import { Finder, pageOf, type PageOf } from '../parts/paging.tsx'
import type { Page } from '../portal-form.tsx'

const path = '/portal/connect'

type Client = Application | AgentIdentity

/** GET /portal/connect?app=id&client=name */
export function showClientSettings(c: EmulatorContext, emulation: Emulation): Page {
  const { directory } = emulation
  const clients: readonly Client[] = [
    ...directory.applications.filter(({ tenantId }) => tenantId !== undefined),
    ...directory.agentIdentities,
  ]
  const page = pageOf(c, clients, ({ displayName, id }) => `${displayName} ${id}`)
  const wanted = c.req.query('app')?.toLowerCase()
  const chosen = clients.find(({ id }) => id === wanted) ?? page.items[0]
  const client = clientNames.find((name) => name === c.req.query('client')) ?? usualClient(chosen)
  return sendPage(
    c,
    <SettingsPage
      page={page}
      chosen={chosen}
      client={client}
      settings={chosen && settingsOf(emulation, chosen, client)}
    />,
  )
}

type Settings = { readonly text: string } | { readonly doesNotFit: string }

function usualClient(chosen: Client | undefined): string {
  return chosen !== undefined && !isAgent(chosen) && kindOf(chosen) === 'spa' ? 'msal-browser' : 'msal-node'
}

function settingsOf(emulation: Emulation, chosen: Client, client: string): Settings {
  if (isAgent(chosen)) return { text: agentSettings(emulation, chosen) }
  try {
    return { text: clientSettings(emulation, client, chosen.id) }
  } catch (error) {
    if (error instanceof EmulatorOptionsError) return { doesNotFit: error.message }
    throw error
  }
}

function agentSettings({ origins }: Emulation, { id, tenantId }: AgentIdentity): string {
  const origin = origins.isFixed ? origins.issuer : origins.http
  return msalConfiguration({ origin, issuerOrigin: origin, tenantId, clientId: id, client: 'agent' })
}

function isAgent(client: Client): client is AgentIdentity {
  return 'blueprintId' in client
}

function SettingsPage(props: {
  readonly page: PageOf<Client>
  readonly chosen: Client | undefined
  readonly client: string
  readonly settings: Settings | undefined
}): JSX.Element {
  const { page, chosen, client, settings } = props
  return (
    <Frame title="Client settings" section="connect" scripts={['copy.js']}>
      <div class="page-heading">
        <h1>Client settings</h1>
        <p class="muted">What an application needs to sign in here, as its library takes it.</p>
      </div>
      <Finder page={page} path={path} what="applications" />
      <ul class="choices" aria-label="Applications">
        {page.items.map(({ id, displayName }) => (
          <li>
            <a href={`${path}?app=${id}`} aria-current={id === chosen?.id ? 'true' : undefined}>
              {displayName}
            </a>
          </li>
        ))}
      </ul>
      {chosen !== undefined && settings !== undefined && (
        <section aria-labelledby="settings-title">
          <h2 id="settings-title">{chosen.displayName}</h2>
          {!isAgent(chosen) && <Clients application={chosen.id} current={client} />}
          {'text' in settings ? (
            <div class="snippet">
              <pre tabindex={0} aria-label={`Settings of ${chosen.displayName}`}>
                <code>{settings.text}</code>
              </pre>
              <CopyButton value={settings.text} label={`Copy the settings of ${chosen.displayName}`} />
            </div>
          ) : (
            <p>{settings.doesNotFit}</p>
          )}
        </section>
      )}
    </Frame>
  )
}

function Clients({ application, current }: Readonly<Record<'application' | 'current', string>>): JSX.Element {
  return (
    <ul class="choices" aria-label="Libraries">
      {clientNames.map((name) => (
        <li>
          <a
            href={`${path}?app=${application}&client=${name}`}
            aria-current={name === current ? 'true' : undefined}
          >
            {name}
          </a>
        </li>
      ))}
    </ul>
  )
}
