// Client settings: an application is chosen, and its configuration for MSAL is there to copy.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { AgentIdentity, Application } from '../../directory/model.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { msalConfiguration, type MsalClient } from '../../connect/msal-configuration.ts'
import { kindOf } from '../applications/application-kind.ts'
import { Frame } from '../frame.tsx'
import { Finder, pageOf, type PageOf } from '../parts/paging.tsx'
import type { Page } from '../portal-form.tsx'

const path = '/portal/connect'

type Client = Application | AgentIdentity

/** GET /portal/connect?app=id */
export function showClientSettings(c: EmulatorContext, emulation: Emulation): Page {
  const { directory, origins } = emulation
  const clients: readonly Client[] = [
    ...directory.applications.filter(({ tenantId }) => tenantId !== undefined),
    ...directory.agentIdentities,
  ]
  const page = pageOf(c, clients, ({ displayName, id }) => `${displayName} ${id}`)
  const wanted = c.req.query('app')?.toLowerCase()
  const chosen = clients.find(({ id }) => id === wanted) ?? page.items[0]
  const source =
    chosen &&
    msalConfiguration({
      origin: origins.isFixed ? origins.issuer : origins.http,
      issuerOrigin: origins.isFixed ? origins.issuer : origins.http,
      tenantId: chosen.tenantId ?? directory.tenants[0]?.id ?? 'organizations',
      clientId: chosen.id,
      client: clientOf(chosen),
    })
  return sendPage(c, <SettingsPage page={page} chosen={chosen} source={source} />)
}

function clientOf(client: Client): MsalClient {
  if ('blueprintId' in client) return 'agent'
  return kindOf(client) === 'spa' ? 'browser' : 'confidential'
}

function SettingsPage(props: {
  readonly page: PageOf<Client>
  readonly chosen: Client | undefined
  readonly source: string | undefined
}): JSX.Element {
  const { page, chosen, source } = props
  return (
    <Frame title="Client settings" section="connect" scripts={['copy.js']}>
      <div class="page-heading">
        <h1>Client settings</h1>
        <p class="muted">The authority stays the production value; only its endpoints point here.</p>
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
      {chosen !== undefined && source !== undefined && (
        <section aria-labelledby="settings-title">
          <h2 id="settings-title">{chosen.displayName}</h2>
          <div class="snippet">
            <pre tabindex={0} aria-label={`MSAL configuration of ${chosen.displayName}`}>
              <code>{source}</code>
            </pre>
            <CopyButton value={source} label={`Copy the configuration of ${chosen.displayName}`} />
          </div>
        </section>
      )}
    </Frame>
  )
}
