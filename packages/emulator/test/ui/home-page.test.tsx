// The home page: everything that a developer copies from it.
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { HomePage, homeScripts } from '../../src/ui/home-page.tsx'
import type { ListedPolicy } from '../../src/ui/policy-list.tsx'
import { elementsNamed, formsOf, render } from './markup.ts'

const form = { action: '/_emulator/home', fields: { form: 'sealed' } }
const policies: readonly ListedPolicy[] = [
  { id: 'on', name: 'Require MFA', kind: 'require_mfa', enabled: true, resourceName: 'To Do API' },
  {
    id: 'off',
    name: 'Every hour',
    kind: 'sign_in_frequency',
    enabled: false,
    resourceName: 'all APIs',
    users: ['alice@contoso.com'],
    maxAgeSeconds: 3600,
  },
]

const home = (
  <HomePage
    origin="http://localhost:8444"
    httpsOrigin="https://localhost:8443"
    issuerOrigin="https://localhost:8443"
    tenants={[{ id: 'tenant-id', name: 'Contoso', domains: ['contoso.com'] }]}
    users={[
      { username: 'alice@contoso.com', displayName: 'Alice', tenantName: 'Contoso', password: 'Passw0rd!' },
    ]}
    applications={[
      { id: 'spa-id', name: 'Web client', kind: 'spa', scopes: [] },
      { id: 'api-id', name: 'Middle tier', kind: 'web API', scopes: ['api://api-id/access_as_user'] },
      {
        id: '00000003-0000-0000-c000-000000000000',
        name: 'Microsoft Graph',
        kind: 'web API',
        scopes: ['User.Read'],
      },
    ]}
    policies={policies}
    form={form}
  />
)

describe('the home page', () => {
  it('lists the scopes of each application, and says so of one that has none', async () => {
    const markup = await render(home)
    for (const scope of ['api://api-id/access_as_user', 'User.Read'])
      expect(markup).toContain(`<li><code>${scope}</code></li>`)
    expect(markup.match(/Exposes no scope/g)).toHaveLength(1)
  })

  it('configures MSAL with the issuer that an API is told to take', async () => {
    const page = elementsNamed(await render(home), 'button')
      .map(({ attributes }) => attributes['data-copy'] ?? '')
      .join('\n')
    expect(page).toContain("issuer: 'https://localhost:8443/{tenantid}/v2.0'")
    expect(page).toContain("token_endpoint: 'https://localhost:8443/{tenantid}/oauth2/v2.0/token'")
  })

  it('offers addresses, passwords, tenant ids and client ids for copying', async () => {
    const copied = elementsNamed(await render(home), 'button').flatMap(
      ({ attributes }) => attributes['data-copy'] ?? [],
    )
    const values = [
      'http://localhost:8444',
      'https://localhost:8443',
      'Passw0rd!',
      'tenant-id',
      'spa-id',
      'api-id',
    ]
    expect(copied).toEqual(expect.arrayContaining(values))
  })

  it('tells agents and their accounts from applications and people', async () => {
    const emulator = await createEmulator()
    const page = await (await fetch(`${emulator.origin}/`)).text()
    await emulator.stop()
    const row = (name: string): string =>
      page.split('<li class="row').find((each) => each.includes(name)) ?? ''
    expect(row('assistant@')).toContain('<span class="chip">agent</span>')
    expect(row('assistant@')).not.toContain('Copy the password')
    expect(row('alice@')).not.toContain('class="chip"')
    expect(row('alice@')).toContain('Passw0rd!')
    expect(row('client ID of Contoso Assistant')).toContain('<span class="chip">agent</span>')
    expect(row('client ID of Assistant blueprint')).toContain('<span class="chip">blueprint</span>')
    expect(row('client ID of Contoso Assistant')).toContain('Exposes no scope')
    expect(page).toContain('acquireExchangeToken')
  })

  it('names each of its sections, for what leads to them from outside', async () => {
    const ids = elementsNamed(await render(home), 'section').map(({ attributes }) => attributes['id'])
    expect(ids).toEqual(
      expect.arrayContaining(['accounts', 'tenants', 'policies', 'applications', 'configuration']),
    )
  })

  it('gives every copy button a name of its own', async () => {
    const names = elementsNamed(await render(home), 'button').flatMap(
      ({ attributes }) => attributes['aria-label'] ?? [],
    )
    expect(names.length).toBeGreaterThan(0)
    expect(new Set(names).size).toBe(names.length)
  })

  it('configures msal-browser for a browser application, msal-node for the others, and nothing for Graph', async () => {
    const markup = await render(home)
    const snippets = elementsNamed(markup, 'button').flatMap(
      ({ attributes }) => attributes['data-copy'] ?? [],
    )
    const of = (clientId: string): string[] =>
      snippets.filter((text) => text.includes(`clientId: '${clientId}'`))
    expect(of('spa-id')[0]).toContain('@azure/msal-browser')
    expect(of('api-id')[0]).toContain('@azure/msal-node')
    expect(of('00000003-0000-0000-c000-000000000000')).toEqual([])
    expect(elementsNamed(markup, 'details').filter(({ attributes }) => 'open' in attributes)).toHaveLength(1)
  })

  it('has a switch for each policy, which says its state and posts the other one', async () => {
    const markup = await render(home)
    const switches = elementsNamed(markup, 'button').filter(
      ({ attributes }) => attributes['role'] === 'switch',
    )
    expect(switches.map(({ attributes }) => attributes)).toMatchObject([
      { name: 'disable', value: 'on', 'aria-checked': 'true', 'aria-labelledby': 'policy-0-name' },
      { name: 'enable', value: 'off', 'aria-checked': 'false', 'aria-labelledby': 'policy-1-name' },
    ])
    expect(markup).toContain('alice@contoso.com, all APIs: a sign-in within 1 hour')
  })

  it('lets every form carry the proof that it was shown to this browser', async () => {
    const forms = formsOf(await render(home))
    expect(forms).toHaveLength(2)
    for (const { form: element, controls } of forms) {
      expect(element.attributes).toMatchObject({ method: 'post', action: '/_emulator/home' })
      expect(controls[0]?.attributes).toMatchObject({ type: 'hidden', name: 'form', value: 'sealed' })
    }
    expect(forms[0]?.controls.at(-1)?.attributes).toMatchObject({
      name: 'revoke',
      value: 'alice@contoso.com',
    })
  })

  it('leads to the sign-in log, and polls nothing itself', async () => {
    const links = elementsNamed(await render(home), 'a').map(({ attributes }) => attributes['href'])
    expect(links).toContain('/_emulator/log')
    expect(homeScripts).toEqual(['copy.js', 'policies.js'])
  })

  it('lists no https address when there is none', async () => {
    const page = (
      <HomePage
        origin="http://localhost:1"
        issuerOrigin="http://localhost:1"
        tenants={[]}
        users={[]}
        applications={[]}
        policies={[]}
        form={form}
      />
    )
    expect(await render(page)).not.toContain('https://localhost')
  })
})
