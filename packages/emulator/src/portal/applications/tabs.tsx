// The tabs of an app registration, around the page of each.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Application } from '../../directory/model.ts'
import { Frame } from '../frame.tsx'
import { applicationKind } from './application-kind.ts'

/** The tabs beside the overview, each an address below the registration's. */
const tabs = [
  { tab: '', label: 'Overview' },
  { tab: 'authentication', label: 'Authentication' },
  { tab: 'secrets', label: 'Secrets and certificates' },
  { tab: 'claims', label: 'Token configuration' },
  { tab: 'api', label: 'Expose an API' },
  { tab: 'permissions', label: 'Permissions' },
  { tab: 'preview', label: 'Token preview' },
] as const

/** The name of a tab. */
export type Tab = (typeof tabs)[number]['tab']

/** The address of a tab of a registration. */
export function tabPath({ id }: Pick<Application, 'id'>, tab: Tab): string {
  return tab === '' ? `${applicationKind.path}/${id}` : `${applicationKind.path}/${id}/${tab}`
}

/** One tab of a registration, as a page. */
export function TabPage(props: {
  readonly application: Application
  readonly tab: Tab
  readonly children?: Child
}): JSX.Element {
  const { application, tab, children } = props
  const label = tabs.find((each) => each.tab === tab)?.label ?? ''
  return (
    <Frame title={`${application.displayName}: ${label}`} section="applications" scripts={['copy.js']}>
      <div class="page-heading">
        <h1>{application.displayName}</h1>
        <p class="muted">
          <a href={applicationKind.path}>App registrations</a> · <code>{application.id}</code>
        </p>
      </div>
      <Tabs application={application} tab={tab} />
      {children}
    </Frame>
  )
}

/** The links to the tabs. */
export function Tabs(props: { readonly application: Application; readonly tab: Tab }): JSX.Element {
  const { application, tab } = props
  return (
    <nav class="tabs" aria-label="App registration">
      {tabs.map((each) => (
        <a href={tabPath(application, each.tab)} aria-current={each.tab === tab ? 'page' : undefined}>
          {each.label}
        </a>
      ))}
    </nav>
  )
}
