// What stands on the home page: what this is, who can sign in, which applications exist, and how to connect.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { CopyButton } from './copy-button.tsx'
import { Accounts, Applications, Tenants } from './directory-lists.tsx'
import type { ListedApplication, ListedTenant, ListedUser } from './directory-lists.tsx'
import { msalConfiguration, type MsalClient } from '../connect/msal-configuration.ts'
import { PolicyList, type HomeForm, type ListedPolicy } from './policy-list.tsx'

/** What the home page shows. */
export interface HomePageProps {
  /** Where the emulator listens over http. */
  readonly origin: string
  /** Where it listens over https; absent when it does not. */
  readonly httpsOrigin?: string | undefined
  /** The listener that clients are pointed at. */
  readonly issuerOrigin: string
  readonly tenants: readonly ListedTenant[]
  /** The users with their passwords, which are made up and worth nothing elsewhere. */
  readonly users: readonly ListedUser[]
  readonly applications: readonly ListedApplication[]
  readonly policies: readonly ListedPolicy[]
  /** How the switches and buttons post. */
  readonly form: HomeForm
}

// Nobody runs an application of this id, so there is nothing to configure for it.
const microsoftGraphId = '00000003-0000-0000-c000-000000000000'

/** Names of the scripts that it needs. */
export const homeScripts: readonly string[] = ['copy.js', 'policies.js']

/** Shows the directory to whoever reaches the emulator, passwords included; what is around it the portal adds. */
export function HomePage(props: HomePageProps): JSX.Element {
  return (
    <>
      <Introduction origin={props.origin} httpsOrigin={props.httpsOrigin} />
      <div class="columns">
        <Accounts users={props.users} form={props.form} />
        <Tenants tenants={props.tenants} />
      </div>
      <PolicyList policies={props.policies} form={props.form} />
      <Applications applications={props.applications} />
      <Configuration {...props} />
    </>
  )
}

function Introduction({ origin, httpsOrigin }: Pick<HomePageProps, 'origin' | 'httpsOrigin'>): JSX.Element {
  const origins = httpsOrigin === undefined ? [origin] : [origin, httpsOrigin]
  return (
    <div class="introduction">
      <div>
        <h1>An Entra ID that runs on your laptop</h1>
        <p class="lead">
          Unmodified MSAL clients sign in here, offline. The accounts are made up, the tokens are signed by
          keys that only this emulator holds, and no production API accepts them. What happened, why, and what
          cures it is told by the <a href="/_emulator/log">sign-in log</a>.
        </p>
      </div>
      <ul class="origins" aria-label="Addresses">
        {origins.map((each) => (
          <li>
            <code>{each}</code>
            <CopyButton value={each} label={`Copy ${each}`} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Configuration({ issuerOrigin, tenants, applications }: HomePageProps): JSX.Element {
  const tenantId = tenants[0]?.id ?? 'organizations'
  const clients = applications.filter(({ id }) => id !== microsoftGraphId)
  return (
    <section id="configuration" aria-labelledby="configuration-title">
      <div class="section-heading">
        <h2 id="configuration-title">Connect an application</h2>
        <p class="muted">The authority stays the production value; only its endpoints point here.</p>
      </div>
      <div class="snippets">
        {clients.map(({ id, name, kind }, index) => (
          <Snippet
            title={name}
            source={msalConfiguration({
              origin: issuerOrigin,
              tenantId,
              clientId: id,
              client: clientOf(kind),
            })}
            isOpen={index === 0}
          />
        ))}
      </div>
    </section>
  )
}

function Snippet(props: {
  readonly title: string
  readonly source: string
  readonly isOpen: boolean
}): JSX.Element {
  return (
    <details name="msal-configuration" open={props.isOpen}>
      <summary>{props.title}</summary>
      <div class="snippet">
        <pre tabindex={0} aria-label={`MSAL configuration of ${props.title}`}>
          <code>{props.source}</code>
        </pre>
        <CopyButton value={props.source} label={`Copy the configuration of ${props.title}`} />
      </div>
    </details>
  )
}

function clientOf(kind: string): MsalClient {
  if (kind === 'agent') return 'agent'
  return /\b(spa|browser|single-page)\b/i.test(kind) ? 'browser' : 'confidential'
}
