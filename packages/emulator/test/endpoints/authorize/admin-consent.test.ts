// The admin consent endpoint, and consents that are given, narrowed and taken back while the emulator runs.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../../src/index.ts'
import { createBrowser, parseForm, type Browser, type BrowserPage } from '../../browser.ts'
import {
  alice,
  authorizeUrl,
  bob,
  carol,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  fabrikam,
  graph,
  legacyApi,
  middleTier,
  onBehalfOf,
  password,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
} from '../../scenario.ts'

const webApp = 'a0000000-0000-4000-8000-0000000000e1'
const webAppSecret = 'web-app-secret-for-local-use-only'
const redirectUri = 'http://localhost:3000/permissions'

let emulator: Emulator
beforeAll(async () => {
  const app = {
    id: webApp,
    displayName: 'Web application',
    tenantId: contoso,
    signInAudience: 'AzureADMultipleOrgs' as const,
    redirectUris: { web: [redirectUri] },
    secrets: [{ value: webAppSecret }],
    requiredResourceAccess: [
      { resourceId: todoApi, scopes: ['Tasks.ReadWrite'], roles: ['Tasks.Read.All'] },
      { resourceId: graph, scopes: ['User.Read'] },
    ],
  }
  const applications = [
    ...defaultDirectory.applications.map((each) =>
      each.id === legacyApi
        ? { ...each, preAuthorizedApplications: [{ id: middleTier, scopes: ['user_impersonation'] }] }
        : each,
    ),
    app,
  ]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  for (const tenantId of [contoso, fabrikam])
    await emulator.directory.consents.revoke({ tenantId, clientId: webApp })
})

const address = (path: string, parameters: Record<string, string> = {}, tenant = contoso): string => {
  const all = { client_id: webApp, redirect_uri: redirectUri, state: 'the-state', ...parameters }
  return `${emulator.origin}/${tenant}${path}?${new URLSearchParams(all).toString()}`
}

async function openAs(username: string, url: string): Promise<[Browser, BrowserPage]> {
  const browser = createBrowser(emulator.origin)
  return [browser, await browser.submit(await browser.open(url), { username, password })]
}

const ofWebApp = () => emulator.directory.consents.list().filter(({ clientId }) => clientId === webApp)

describe('the admin consent endpoint', () => {
  it('grants the scopes of the request to everyone', async () => {
    const scope = `api://${todoApi}/Tasks.ReadWrite https://graph.microsoft.com/Mail.Read`
    const [browser, page] = await openAs(alice, address('/v2.0/adminconsent', { scope }))
    expect(page.html).toContain('for all users of <strong>Contoso</strong>')
    expect(page.html).not.toContain('name="organization"')
    const { location } = await browser.submit(page, { consent: 'accept' })
    expect(location?.origin).toBe('http://localhost:3000')
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      admin_consent: 'True',
      tenant: contoso,
      scope,
      state: 'the-state',
    })
    expect(ofWebApp()).toEqual([
      { tenantId: contoso, clientId: webApp, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] },
      { tenantId: contoso, clientId: webApp, resourceId: graph, scopes: ['Mail.Read'] },
    ])
  })

  it('grants everything that is registered, application roles included, at the v1 address', async () => {
    const [browser, page] = await openAs(alice, address('/adminconsent'))
    expect(page.html).toContain('Tasks.Read.All')
    const { location } = await browser.submit(page, { consent: 'accept' })
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      admin_consent: 'True',
      tenant: contoso,
      state: 'the-state',
    })
    const appOnly = await postToken(emulator, {
      grant_type: 'client_credentials',
      client_id: webApp,
      client_secret: webAppSecret,
      scope: `${todoApi}/.default`,
    })
    expect(claimsOf(appOnly.body['access_token'] as string)['roles']).toEqual(['Tasks.Read.All'])
  })

  it('asks again, also for what is granted already', async () => {
    const url = address('/adminconsent')
    const [browser, page] = await openAs(alice, url)
    await browser.submit(page, { consent: 'accept' })
    const picker = await browser.open(url)
    const again = await browser.submit(picker, { account: 'c0000000-0000-4000-8000-0000000000a1' })
    expect(parseForm(again.html).action).toBe(`/${contoso}/consent`)
  })

  it('says admin_consent with the error when it is declined, and grants nothing', async () => {
    const [browser, page] = await openAs(alice, address('/adminconsent'))
    const { location } = await browser.submit(page, { consent: 'decline' })
    expect(location?.searchParams.get('error')).toBe('access_denied')
    expect(location?.searchParams.get('error_description')).toContain('AADSTS65004')
    expect(location?.searchParams.get('error_uri')).toBe(`${emulator.origin}/error?code=65004`)
    expect(location?.searchParams.get('admin_consent')).toBe('True')
    expect(location?.searchParams.get('state')).toBe('the-state')
    expect(ofWebApp()).toEqual([])
  })

  it('turns everyone away who is no administrator', async () => {
    const [, page] = await openAs(bob, address('/adminconsent'))
    expect(page.location).toBeUndefined()
    expect(page.html).toContain('AADSTS90094')
    expect(page.html).not.toContain('<form')
  })

  it('does not let a guest answer for the tenant', async () => {
    const [, page] = await openAs(carol, address('/adminconsent'))
    expect(page.html).toContain('AADSTS90094')
  })

  it('resolves organizations to the home tenant of the administrator', async () => {
    const [browser, page] = await openAs(alice, address('/adminconsent', {}, 'organizations'))
    const { location } = await browser.submit(page, { consent: 'accept' })
    expect(location?.searchParams.get('tenant')).toBe(contoso)
  })

  it.each([
    ['/adminconsent', { redirect_uri: 'https://evil.example/' }, 'AADSTS50011'],
    ['/adminconsent', { client_id: 'nobody' }, 'AADSTS700038'],
  ])('shows %s with %j as a page', async (path, changes, code) => {
    const page = await createBrowser(emulator.origin).open(address(path, changes))
    expect(page.location).toBeUndefined()
    expect(page.html).toContain(code)
  })

  it('sends a request without scope, or with an unknown one, back to the application', async () => {
    const none = await createBrowser(emulator.origin).open(address('/v2.0/adminconsent'))
    expect(none.location?.searchParams.get('error_description')).toMatch(/AADSTS900144: .*'scope'/)
    const scope = 'api://nobody/x'
    const unknown = await createBrowser(emulator.origin).open(address('/v2.0/adminconsent', { scope }))
    expect(unknown.location?.searchParams.get('error')).toBe('invalid_resource')
    expect(unknown.location?.searchParams.get('admin_consent')).toBe('True')
  })
})

describe('consent at run time', () => {
  const tasks = { tenantId: contoso, clientId: middleTier, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] }
  const userId = 'c0000000-0000-4000-8000-0000000000b1'
  const exchange = async (user: string, scope = `${todoApi}/.default`) => {
    const assertion = await emulator.mint({
      user,
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
    })
    return (await postToken(emulator, onBehalfOf(assertion, { scope }))).body
  }

  it('is missing after it was revoked, and is there again for the one user who gives it', async () => {
    const { consents } = emulator.directory
    await consents.revoke(tasks)
    expect(await exchange(bob)).toMatchObject({
      error: 'invalid_grant',
      suberror: 'consent_required',
      error_codes: [65001],
    })
    await consents.grant({ ...tasks, userId })
    expect(await exchange(bob)).toHaveProperty('access_token')
    expect(await exchange(alice)).toMatchObject({ error_codes: [65001] })
    await consents.grant(tasks)
    expect(await exchange(alice)).toHaveProperty('access_token')
    await consents.revoke({ ...tasks, userId })
    expect(await exchange(bob)).toHaveProperty('access_token')
  })

  it('can be taken back scope by scope', async () => {
    const { consents } = emulator.directory
    const mail = { tenantId: contoso, clientId: middleTier, resourceId: graph }
    await consents.grant({ ...mail, scopes: ['Mail.Read', 'User.ReadBasic.All'] })
    expect(await exchange(alice, 'Mail.Read')).toHaveProperty('access_token')
    await consents.revoke({ ...mail, scopes: ['Mail.Read'] })
    expect(await exchange(alice, 'Mail.Read')).toMatchObject({ error_codes: [65001] })
    expect(await exchange(alice, 'User.ReadBasic.All')).toHaveProperty('access_token')
    await consents.revoke({ ...mail, scopes: ['User.Read'] })
    expect(await exchange(alice, 'User.Read')).toMatchObject({ error_codes: [65001] })
    await consents.grant({ ...mail, scopes: ['User.Read'] })
    expect(await exchange(alice, 'User.Read')).toHaveProperty('access_token')
  })

  it('is not needed by a client that the API pre-authorized for the named scope', async () => {
    expect(await exchange(alice, 'api://legacy.contoso.com/user_impersonation')).toHaveProperty(
      'access_token',
    )
  })

  it('of the client and its middle tier is one, with .default and a known client', async () => {
    await emulator.directory.consents.revoke({ tenantId: contoso, clientId: middleTier })
    await emulator.directory.consents.revoke({ tenantId: contoso, clientId: webClient })
    const scope = `api://${middleTier}/.default openid offline_access`
    const [, page] = await openAs(bob, authorizeUrl(emulator, { scope }))
    for (const name of ['access_as_user', 'Tasks.ReadWrite', 'User.Read']) expect(page.html).toContain(name)
    const { body } = await signInToWebClient(emulator, { username: bob, changes: { scope } })
    const obo = await postToken(emulator, onBehalfOf(body['access_token'] as string))
    expect(obo.status).toBe(200)
  })
})

it('an application that nobody consented for still gets its app-only token', async () => {
  const { status } = await postToken(emulator, {
    grant_type: 'client_credentials',
    client_id: daemon,
    client_secret: daemonSecret,
    scope: `${graph}/.default`,
  })
  expect(status).toBe(200)
})

describe('a permission that only administrators may grant', () => {
  let strict: Emulator
  beforeAll(async () => {
    const administered = [
      { value: 'Tasks.ReadWrite' },
      { value: 'Tasks.Administer', description: 'Change the tasks of everybody', adminOnly: true },
    ]
    const applications = defaultDirectory.applications.map((each) =>
      each.id === todoApi ? { ...each, scopes: administered } : each,
    )
    strict = await createEmulator({ directory: { ...defaultDirectory, applications } })
  })
  afterAll(() => strict.stop())

  const open = async (username: string, scope: string): Promise<BrowserPage> => {
    const browser = createBrowser(strict.origin)
    const url = authorizeUrl(strict, { scope: `api://${todoApi}/${scope} openid` })
    return browser.submit(await browser.open(url), { username, password })
  }

  it('cannot be had by anybody else: the application is told so', async () => {
    const { location } = await open(bob, 'Tasks.Administer')
    expect(location?.searchParams.get('error')).toBe('access_denied')
    expect(location?.searchParams.get('error_description')).toContain('AADSTS90094')
  })

  it('is asked of an administrator, and what everybody may grant of everybody', async () => {
    for (const page of [await open(alice, 'Tasks.Administer'), await open(bob, 'Tasks.ReadWrite')])
      expect(parseForm(page.html).action).toBe(`/${contoso}/consent`)
  })
})
