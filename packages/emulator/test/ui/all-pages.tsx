// Every page with every property set, each text property carrying an attack.
import { AccountPickerPage } from '../../src/ui/account-picker-page.tsx'
import { ApprovePage } from '../../src/ui/approve-page.tsx'
import { ConsentPage } from '../../src/ui/consent-page.tsx'
import { ErrorPage } from '../../src/ui/error-page.tsx'
import { FormPostPage } from '../../src/ui/form-post-page.tsx'
import { Frame } from '../../src/portal/frame.tsx'
import { HomePage, homeScripts } from '../../src/ui/home-page.tsx'
import { RegistrationPage } from '../../src/ui/registration-page.tsx'
import { SignedOutPage } from '../../src/ui/signed-out-page.tsx'
import { SignInPage } from '../../src/ui/sign-in-page.tsx'
import type { Rendered } from './markup.ts'

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
  ['signed-out', () => <SignedOutPage username={attack} continueUrl={`https://app.example/?x=${attack}`} />],
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
          requestsUrl={attack}
        />
      </Frame>
    ),
  ],
]
