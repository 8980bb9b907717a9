// Every page with every property set, each text property carrying an attack.
import { AccountPickerPage } from '../../src/ui/account-picker-page.tsx'
import { ApprovePage } from '../../src/ui/approve-page.tsx'
import { ConsentPage } from '../../src/ui/consent-page.tsx'
import { DeviceCodePage } from '../../src/ui/device-code-page.tsx'
import { DeviceConfirmPage } from '../../src/ui/device-confirm-page.tsx'
import { DeviceDonePage } from '../../src/ui/device-done-page.tsx'
import { ErrorPage } from '../../src/ui/error-page.tsx'
import { FormPostPage } from '../../src/ui/form-post-page.tsx'
import { Frame } from '../../src/portal/frame.tsx'
import { HomePage, homeScripts } from '../../src/ui/home-page.tsx'
import { RegistrationPage } from '../../src/ui/registration-page.tsx'
import { SignedOutPage } from '../../src/ui/signed-out-page.tsx'
import { SignInPage } from '../../src/ui/sign-in-page.tsx'
import type { RequestRecord } from '../../src/index.ts'
import { chainOf } from '../../src/portal/log/chain.tsx'
import { drawSignIn } from '../../src/portal/log/story.ts'
import { tabs, type Tab } from '../../src/portal/log/detail.tsx'
import { LogPage } from '../../src/portal/log/log-page.tsx'
import type { Rendered } from './markup.ts'

/** A request in which every text is an attack. */
const attacked = (text: string): RequestRecord => ({
  ...{ id: text, sequence: 1, time: text, method: text, path: text, endpoint: 'token', durationMs: 1 },
  ...{ grantType: text, clientId: text, application: text, user: text, resource: text, status: 400 },
  ...{ error: [text], policies: [text], correlationId: text, traceId: text, sessionId: text, shown: text },
  ...{ issued: { [text]: text, aud: text }, presented: { [text]: text, scp: text } },
  ...{ parameters: { [text]: text }, headers: { [text]: text }, response: { [text]: text } },
  checks: [{ name: text, verdict: 'failed', expected: text, actual: text }],
  policyResults: [{ id: text, name: text, verdict: 'unmet', because: text }],
})

const logPage = (text: string, tab: Tab): Rendered => {
  const record = attacked(text)
  return (
    <LogPage
      query={text}
      signIns={[{ id: text, records: [record], absorbed: [] }]}
      olderHref={text}
      sequence={1}
      isLive
      detail={{
        ...{ record, tab, query: text, fields: { [text]: text }, curl: text, vitest: text },
        chain: chainOf(record, [record], () => text),
        signIn: drawSignIn(record, [record], () => text),
        cures: [{ action: text, label: text }],
        whyNotReplayable: text,
        enabledPolicies: new Set([text]),
      }}
    />
  )
}

export const attack = `"'><script>alert(1)</script><img src=x onerror="alert(1)">&amp;`

const fields = { state: attack, [attack]: 'name' }
const secondStep = {
  appName: attack,
  username: attack,
  policies: [attack],
  authContexts: [attack],
  action: attack,
  fields,
}
const person = { username: attack, displayName: attack, tenantName: attack }

export const pagesUnderAttack: readonly (readonly [string, () => Rendered])[] = [
  ...tabs.map((tab) => [`sign-in log, ${tab}`, () => logPage(attack, tab)] as const),
  [
    'sign-in',
    () => (
      <SignInPage
        appName={attack}
        tenantName={attack}
        loginHint={attack}
        error={attack}
        action={`/sign-in?x=${attack}`}
        fields={fields}
        suggestions={[person]}
        cancelUrl={`https://app.example/?x=${attack}`}
      />
    ),
  ],
  [
    'account picker',
    () => (
      <AccountPickerPage
        appName={attack}
        accounts={[{ ...person, id: attack }]}
        action={attack}
        fields={fields}
      />
    ),
  ],
  [
    'consent',
    () => (
      <ConsentPage
        appName={attack}
        publisher={attack}
        username={attack}
        permissions={[{ name: attack, resource: attack, description: attack }]}
        action={attack}
        fields={fields}
        canConsentForOrganization
      />
    ),
  ],
  [
    'admin consent',
    () => (
      <ConsentPage
        appName={attack}
        username={attack}
        permissions={[{ name: attack, resource: attack, description: attack }]}
        action={attack}
        fields={fields}
        canConsentForOrganization
        organizationName={attack}
      />
    ),
  ],
  ['approve', () => <ApprovePage {...secondStep} />],
  ['registration', () => <RegistrationPage {...secondStep} />],
  [
    'error',
    () => (
      <ErrorPage
        title={attack}
        code={attack}
        message={attack}
        advice={attack}
        help={{
          title: attack,
          items: [{ text: attack, note: attack, isNear: true }],
          more: 2,
          action: { path: attack, fields, label: attack },
        }}
        logHref={`/x?x=${attack}`}
        correlationId={attack}
        traceId={attack}
        timestamp={attack}
      />
    ),
  ],
  ['device code', () => <DeviceCodePage action={attack} code={attack} error={attack} />],
  ['device confirmation', () => <DeviceConfirmPage appName={attack} action={attack} fields={fields} />],
  ['device done', () => <DeviceDonePage appName={attack} username={attack} />],
  ['device declined', () => <DeviceDonePage appName={attack} />],
  [
    'signed-out',
    () => (
      <SignedOutPage
        username={attack}
        calls={[{ appName: attack, url: `https://app.example/?x=${attack}` }]}
        continueUrl={`https://app.example/?x=${attack}`}
      />
    ),
  ],
  ['form post', () => <FormPostPage action={`https://app.example/?x=${attack}`} fields={fields} />],
  [
    'home',
    () => (
      <Frame title={attack} scripts={homeScripts}>
        <HomePage
          origin={attack}
          httpsOrigin={attack}
          issuerOrigin={attack}
          tenants={[{ id: attack, name: attack, domains: [attack] }]}
          users={[{ ...person, password: attack, revokedAt: attack }]}
          applications={[{ id: attack, name: attack, kind: attack, scopes: [attack] }]}
          policies={[
            {
              id: attack,
              name: attack,
              kind: 'require_auth_context',
              enabled: true,
              resourceName: attack,
              users: [attack],
              authContext: attack,
            },
          ]}
          form={{ action: attack, fields }}
        />
      </Frame>
    ),
  ],
]
