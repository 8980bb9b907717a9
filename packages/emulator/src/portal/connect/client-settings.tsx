// Client settings: an application and a library are chosen, and what that library takes is there to copy.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { AgentIdentity, Application } from '../../directory/model.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { clientNames, clientSettings } from '../../connect/client-settings.ts'
import { msalConfiguration } from '../../connect/msal-configuration.ts'
import { chooseOrigins, type Listener } from '../../kernel/origins.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { kindOf } from '../applications/application-kind.ts'
import { Frame } from '../frame.tsx'
import { Finder, pageOf, type PageOf } from '../parts/paging.tsx'
import type { Page } from '../portal-form.tsx'

const path = '/portal/connect'

type Client = Application | AgentIdentity

/** GET /portal/connect?app=id&client=name&listener=http */
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
  const listener = listenersOf(emulation).find((name) => name === c.req.query('listener'))
  return sendPage(
    c,
    <SettingsPage
      page={page}
      chosen={chosen}
      client={client}
      listeners={listenersOf(emulation)}
      listener={listener}
      settings={chosen && settingsOf(emulation, chosen, client, listener)}
    />,
  )
}

type Settings = { readonly text: string } | { readonly doesNotFit: string }

function usualClient(chosen: Client | undefined): string {
  return chosen !== undefined && !isAgent(chosen) && kindOf(chosen) === 'spa' ? 'msal-browser' : 'msal-node'
}

/** Those between which there is a choice; https, the usual one, first. */
function listenersOf({ origins }: Emulation): readonly Listener[] {
  return origins.isFixed || origins.https === undefined ? [] : ['https', 'http']
}

function settingsOf(
  emulation: Emulation,
  chosen: Client,
  client: string,
  listener: Listener | undefined,
): Settings {
  if (isAgent(chosen)) return { text: agentSettings(emulation, chosen, listener) }
  try {
    return { text: clientSettings(emulation, { client, application: chosen.id, listener }) }
  } catch (error) {
    if (error instanceof EmulatorOptionsError) return { doesNotFit: error.message }
    throw error
  }
}

function agentSettings(
  { origins }: Emulation,
  { id, tenantId }: AgentIdentity,
  listener: Listener | undefined,
): string {
  const { issuer: origin } = chooseOrigins(origins, listener)
  return msalConfiguration({ origin, tenantId, clientId: id, client: 'agent' })
}

function isAgent(client: Client): client is AgentIdentity {
  return 'blueprintId' in client
}

function SettingsPage(props: {
  readonly page: PageOf<Client>
  readonly chosen: Client | undefined
  readonly client: string
  readonly listeners: readonly Listener[]
  readonly listener: Listener | undefined
  readonly settings: Settings | undefined
}): JSX.Element {
  const { page, chosen, client, listeners, listener, settings } = props
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
            <a
              href={addressOf({ id }, undefined, listener)}
              aria-current={id === chosen?.id ? 'true' : undefined}
            >
              {displayName}
            </a>
          </li>
        ))}
      </ul>
      {chosen !== undefined && settings !== undefined && (
        <section aria-labelledby="settings-title">
          <h2 id="settings-title">{chosen.displayName}</h2>
          {!isAgent(chosen) && (
            <Choices
              label="Libraries"
              names={clientNames}
              current={client}
              addressOf={(name) => addressOf(chosen, name, listener)}
            />
          )}
          {listeners.length > 0 && (
            <Choices
              label="Listener: the same for an API and its clients"
              names={listeners}
              current={listener ?? listeners[0]}
              addressOf={(name) => addressOf(chosen, client, name)}
            />
          )}
          <Text settings={settings} title={chosen.displayName} />
        </section>
      )}
    </Frame>
  )
}

function Text({ settings, title }: { readonly settings: Settings; readonly title: string }): JSX.Element {
  if ('doesNotFit' in settings) return <p>{settings.doesNotFit}</p>
  return (
    <div class="snippet">
      <pre tabindex={0} aria-label={`Settings of ${title}`}>
        <code>{settings.text}</code>
      </pre>
      <CopyButton value={settings.text} label={`Copy the settings of ${title}`} />
    </div>
  )
}

function addressOf({ id }: Pick<Client, 'id'>, client?: string, listener?: string): string {
  const query = new URLSearchParams({
    app: id,
    ...(client !== undefined && { client }),
    ...(listener !== undefined && { listener }),
  })
  return `${path}?${query.toString()}`
}

function Choices(props: {
  readonly label: string
  readonly names: readonly string[]
  readonly current: string | undefined
  readonly addressOf: (name: string) => string
}): JSX.Element {
  const { label, names, current, addressOf } = props
  return (
    <ul class="choices" aria-label={label}>
      {names.map((name) => (
        <li>
          <a href={addressOf(name)} aria-current={name === current ? 'true' : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  )
}
