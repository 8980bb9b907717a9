// Every page and part in an ordinary case and in its others, to be compared with what was written down.
import { Frame } from '../../../src/portal/frame.tsx'
import { Finder } from '../../../src/portal/parts/paging.tsx'
import { AccountPickerPage } from '../../../src/ui/account-picker-page.tsx'
import { ApprovePage } from '../../../src/ui/approve-page.tsx'
import { ConsentPage } from '../../../src/ui/consent-page.tsx'
import { DeviceCodePage } from '../../../src/ui/device-code-page.tsx'
import { DeviceConfirmPage } from '../../../src/ui/device-confirm-page.tsx'
import { DeviceDonePage } from '../../../src/ui/device-done-page.tsx'
import { ErrorPage } from '../../../src/ui/error-page.tsx'
import { FormPostPage } from '../../../src/ui/form-post-page.tsx'
import { HomePage, homeScripts, type HomePageProps } from '../../../src/ui/home-page.tsx'
import { WithPageContext } from '../../../src/ui/page-context.tsx'
import type { ListedPolicy } from '../../../src/ui/policy-list.tsx'
import { RegistrationPage } from '../../../src/ui/registration-page.tsx'
import { SignedOutPage } from '../../../src/ui/signed-out-page.tsx'
import { SignInPage } from '../../../src/ui/sign-in-page.tsx'
import type { PageContext } from '../../../src/kernel/page-context.ts'
import type { Rendered } from '../markup.ts'

const fields = { request: 'sealed' }
const form = { action: '/post', fields }
const [alice, bob] = ['Alice Adams', 'Bob'].map((displayName, index) => ({
  ...{ id: `id-${String(index)}`, displayName, tenantName: 'Contoso' },
  username: `${displayName.toLowerCase().replace(' ', '.')}@contoso.example`,
})) as [Person, Person]
interface Person {
  readonly id: string
  readonly displayName: string
  readonly username: string
  readonly tenantName: string
}
const secondStep = { appName: 'To Do', username: alice.username, ...form }
const permissions = [
  { name: 'User.Read', resource: 'Microsoft Graph', description: 'Read your profile' },
  { name: 'Tasks.ReadWrite', resource: 'To Do API', description: 'Change your tasks' },
]
const consent = { appName: 'To Do', username: alice.username, permissions, ...form }

const policy = (id: string, more: Partial<ListedPolicy>): ListedPolicy => ({
  ...{ id, name: `Policy ${id}`, kind: 'block', enabled: true, resourceName: 'All APIs', ...more },
})
const every = (id: string, maxAgeSeconds?: number): ListedPolicy =>
  policy(id, { kind: 'sign_in_frequency', maxAgeSeconds })
const policies: readonly ListedPolicy[] = [
  policy('a', { kind: 'require_mfa', enabled: false, authContext: 'c1' }),
  policy('b', { kind: 'require_registration', users: [alice.username, bob.username] }),
  policy('c', { kind: 'block', agents: 'all', resourceName: 'To Do API' }),
  policy('d', { kind: 'require_auth_context', authContext: 'c1', agents: ['Helper', 'Other'] }),
  ...[1, 59, 60, 61, 3600, 5400, 86_400, 172_800].map((seconds) => every(String(seconds), seconds)),
]
const home: HomePageProps = {
  ...{
    origin: 'http://localhost:1',
    httpsOrigin: 'https://localhost:2',
    issuerOrigin: 'https://localhost:2',
  },
  tenants: [
    { id: 'tenant-1', name: 'Contoso', domains: ['contoso.example', 'contoso.test'] },
    { id: 'tenant-2', name: 'Fabrikam', domains: [] },
  ],
  users: [
    { ...alice, password: 'Passw0rd!', revokedAt: '2026-01-02T03:04:05.678Z' },
    { ...bob, password: 'secret' },
    { username: 'agent@contoso.example', displayName: 'Agent', tenantName: 'Contoso' },
  ],
  applications: [
    { id: 'page', name: 'Page', kind: 'spa', scopes: [] },
    { id: 'api', name: 'API', kind: 'api', scopes: ['Read', 'Write'] },
    { id: 'helper', name: 'Helper', kind: 'agent', scopes: [] },
    {
      id: '00000003-0000-0000-c000-000000000000',
      name: 'Microsoft Graph',
      kind: 'api',
      scopes: ['User.Read'],
    },
  ],
  ...{ policies, form },
}

const deviation = { subject: 'fault', text: '503', href: '/portal/faults' } as const
const told = (deviations: number, more: Partial<PageContext> = {}): PageContext => ({
  deviations: Array.from({ length: deviations }, () => deviation),
  ...{
    fields: { form: 'proof', back: '/nowhere' },
    counts: { users: '3', faults: '1', clock: '+1 h' },
    ...more,
  },
})
const inPortal = (context: PageContext): Rendered => (
  <WithPageContext told={context}>
    <Frame title="Faults" section="faults" scripts={['copy.js']}>
      <h1>Faults</h1>
    </Frame>
  </WithPageContext>
)
const finder = (page: Parameters<typeof Finder>[0]['page']): Rendered => (
  <Finder page={page} path="/portal/users" what="users" />
)

/** By the name of the file, and in it by a title. */
export const writtenPages: Readonly<Record<string, Readonly<Record<string, () => Rendered>>>> = {
  'sign-in': {
    least: () => <SignInPage appName="To Do" suggestions={[]} {...form} />,
    most: () => (
      <SignInPage
        {...{ appName: 'To Do', tenantName: 'Contoso', loginHint: bob.username.toUpperCase(), ...form }}
        {...{ error: 'Wrong password.', suggestions: [alice, bob], cancelUrl: 'https://app.example/' }}
      />
    ),
  },
  'account-picker': {
    two: () => <AccountPickerPage appName="To Do" accounts={[alice, bob]} {...form} />,
    none: () => <AccountPickerPage appName="To Do" accounts={[]} {...form} />,
  },
  consent: {
    'by a user': () => <ConsentPage {...consent} canConsentForOrganization={false} />,
    'by an administrator': () => <ConsentPage {...consent} publisher="Contoso" canConsentForOrganization />,
    'for a tenant': () => <ConsentPage {...consent} canConsentForOrganization organizationName="Contoso" />,
  },
  'second-step': {
    'approved, for nothing': () => <ApprovePage {...secondStep} policies={[]} authContexts={[]} />,
    'approved, for two': () => <ApprovePage {...secondStep} policies={['MFA']} authContexts={['c1']} />,
    registered: () => <RegistrationPage {...secondStep} policies={['MFA', 'Other']} authContexts={[]} />,
  },
  device: {
    code: () => <DeviceCodePage action="/code" />,
    'wrong code': () => <DeviceCodePage action="/code" code="ABC" error="No such code." />,
    confirmation: () => <DeviceConfirmPage appName="Tool" {...form} />,
    done: () => <DeviceDonePage appName="Tool" username={alice.username} />,
    declined: () => <DeviceDonePage appName="Tool" />,
  },
  error: {
    least: () => <ErrorPage title="No" message="It is wrong." />,
    most: () => (
      <ErrorPage
        {...{
          title: 'No',
          code: 'AADSTS50011',
          message: 'It is wrong.',
          advice: 'Mend it.',
          logHref: '/log',
        }}
        {...{ correlationId: 'correlation', traceId: 'trace', timestamp: '2026-01-01 00:00:00Z' }}
        help={{
          ...{ title: 'Registered', more: 2, action: { path: '/add', fields: { add: 'uri' }, label: 'Add' } },
          items: [
            { text: 'https://a.example', note: 'web', isNear: true },
            { text: 'https://b.example', note: 'spa' },
          ],
        }}
      />
    ),
    'without help at hand': () => (
      <ErrorPage title="No" message="It is wrong." help={{ title: 'Registered', items: [], more: 0 }} />
    ),
  },
  'signed-out': {
    nobody: () => <SignedOutPage />,
    'with a way back': () => (
      <SignedOutPage
        username={alice.username}
        calls={[{ appName: 'To Do', url: 'https://app.example/out' }]}
        continueUrl="https://app.example/"
      />
    ),
  },
  'form-post': {
    'a code': () => <FormPostPage action="https://app.example/" fields={{ code: 'the-code', state: '1' }} />,
  },
  home: {
    full: () => (
      <Frame title="Home" scripts={homeScripts}>
        <HomePage {...home} />
      </Frame>
    ),
    'over http, with little': () => (
      <HomePage {...home} httpsOrigin={undefined} tenants={[]} users={[]} policies={[]} applications={[]} />
    ),
  },
  frame: {
    'on a good day': () => inPortal(told(0)),
    'with one thing amiss, and a change': () =>
      inPortal(told(1, { lastChange: 'Added a fault', back: '/here' })),
    'with four things amiss': () => inPortal(told(4)),
    'with six things amiss, after a form': () => inPortal(told(6, { lastChange: 'Added a fault' })),
  },
  finder: {
    'nine are in sight': () => finder({ query: '', number: 1, pages: 1, total: 9 }),
    'ten are not': () => finder({ query: '', number: 1, pages: 1, total: 10 }),
    'a word was found nowhere': () => finder({ query: 'word', number: 1, pages: 1, total: 0 }),
    'the first of two pages': () => finder({ query: '', number: 1, pages: 2, total: 60 }),
    'the second of three': () => finder({ query: 'a b', number: 2, pages: 3, total: 120 }),
    'the last': () => finder({ query: '', number: 2, pages: 2, total: 60 }),
  },
}
