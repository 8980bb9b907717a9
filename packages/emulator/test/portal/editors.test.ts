// The editors of the portal without script: what they change counts at once, can be undone, and leaves as a file.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type DirectoryData, type Emulator } from '../../src/index.ts'
import {
  accessAsUser,
  alice,
  claimsOf,
  contoso,
  fabrikam,
  middleTier,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
} from '../scenario.ts'
import { openPortal, textOf, type Portal } from './portal-browser.ts'

let emulator: Emulator
let portal: Portal
beforeAll(async () => {
  emulator = await createEmulator()
  portal = openPortal(emulator)
})
afterAll(() => emulator.stop())

const undo = (path: string) => portal.submit(path, { back: '/portal/tenants' })

describe('an app registration', () => {
  const id = '11111111-2222-4333-8444-555555555555'
  const path = `/portal/applications/${id}`

  it('is made, gets a secret, a scope and a role of an API, and is issued a token', async () => {
    await portal.submit('/portal/applications', {
      id,
      displayName: 'Night shift',
      tenantId: contoso,
      enabled: 'on',
    })
    expect(emulator.directory.findApplication(id)).toMatchObject({
      displayName: 'Night shift',
      tenantId: contoso,
    })
    await portal.submit(`${path}/api`, { value: 'shifts.read', description: 'Read shifts', do: 'add-scope' })
    await portal.submit(`${path}/api`, { identifierUris: `api://${id}`, v2: 'on', do: 'save' })
    const added = await portal.submit(`${path}/secrets`, {
      value: 'a made-up secret',
      expires: '',
      do: 'add-secret',
    })
    expect(added.html).toContain('a made-up secret')
    await portal.submit(`${path}/permissions`, {
      resourceId: todoApi,
      scopes: '',
      roles: 'Tasks.Read.All',
      do: 'add',
    })
    await portal.submit(`${path}/permissions`, { tenantId: contoso, do: 'consent' })
    const { body } = await postToken(emulator, {
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: 'a made-up secret',
      scope: `api://${todoApi}/.default`,
    })
    expect(body).toHaveProperty('access_token')
    expect(claimsOf(body['access_token'] as string)).toMatchObject({ azp: id, roles: ['Tasks.Read.All'] })
    expect(emulator.directory.findApplication(id)).toMatchObject({
      identifierUris: [`api://${id}`],
      accessTokenAcceptedVersion: 2,
      scopes: [{ value: 'shifts.read', description: 'Read shifts' }],
    })
  })

  it('shows its secrets in the answer to a form alone', async () => {
    expect((await portal.open(`${path}/secrets`)).html).not.toContain('a made-up secret')
    expect((await portal.submit(`${path}/secrets`, { do: 'reveal' })).html).toContain('a made-up secret')
  })

  it('has redirect URIs that count from the next request on', async () => {
    await portal.submit(`${path}/authentication`, {
      web: 'https://night.example/signed-in\nhttp://localhost:1/',
      spa: '',
      publicClient: '',
    })
    expect(emulator.directory.findApplication(id)?.redirectUris).toEqual({
      web: ['https://night.example/signed-in', 'http://localhost:1/'],
    })
    const wrong = await portal.submit(`${path}/authentication`, {
      web: 'no address',
      spa: '',
      publicClient: '',
    })
    expect(wrong.status).toBe(400)
    expect(textOf(wrong)).toContain('must be an absolute URL')
    expect(emulator.directory.findApplication(id)?.redirectUris?.web).toHaveLength(2)
  })

  it('loses what is removed', async () => {
    await portal.submit(`${path}/api`, { 'remove-scope': 'shifts.read' })
    await portal.submit(`${path}/secrets`, { 'remove-secret': '0' })
    await portal.submit(`${path}/permissions`, { 'remove-access': todoApi })
    expect(emulator.directory.findApplication(id)).toMatchObject({
      scopes: [],
      secrets: [],
      requiredResourceAccess: [],
    })
  })

  it('is removed with everything that refers to it, and all of that comes back by Undo', async () => {
    const consent = { tenantId: contoso, clientId: id, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] }
    await emulator.directory.consents.grant(consent)
    const policy = emulator.policies.add({ kind: 'block', resource: id })
    await portal.submit(path, { do: 'remove' })
    expect(emulator.directory.findApplication(id)).toBeUndefined()
    expect(emulator.directory.consents.list()).not.toContainEqual(consent)
    expect(emulator.policies.find(policy.id)).toBeUndefined()
    const page = await undo('/portal/tenants')
    expect(page.status).toBe(200)
    expect(emulator.directory.findApplication(id)).toMatchObject({ displayName: 'Night shift' })
    expect(emulator.directory.consents.list()).toContainEqual(consent)
    expect(emulator.policies.find(policy.id)).toMatchObject({ resource: id })
    policy.remove()
  })
})

describe('the token preview', () => {
  const preview = async (user: string, scope: string): Promise<string> => {
    const query = new URLSearchParams({ user, scope }).toString()
    return textOf(await portal.open(`/portal/applications/${webClient}/preview?${query}`))
  }

  it('shows the claims that the application would get', async () => {
    await emulator.directory.consents.grant({
      tenantId: contoso,
      clientId: webClient,
      resourceId: middleTier,
      scopes: ['access_as_user'],
    })
    const text = await preview(alice, accessAsUser)
    expect(text).toContain('A token with these claims')
    expect(text).toContain('"scp": "access_as_user"')
  })

  it('names what stops it, and what was not reached', async () => {
    expect(await preview('nobody@contoso.onmicrosoft.com', accessAsUser)).toContain('No token: User')
    expect(await preview(alice, `api://${middleTier}/nothing`)).toContain('No token: API')
    expect(await preview(alice, `api://${todoApi}/Tasks.ReadWrite`)).toContain('AADSTS65001')
    const policy = emulator.policies.add({ kind: 'require_mfa', resource: middleTier, name: 'Twice' })
    const text = await preview(alice, accessAsUser)
    policy.remove()
    expect(text).toContain('AADSTS50076, a second step is demanded: Twice')
    expect(await preview('carol@fabrikam.onmicrosoft.com', `api://x/y`)).toContain('not reached')
  })

  it('knows applications that act by themselves', async () => {
    const daemon = '/portal/applications/a0000000-0000-4000-8000-000000000004/preview?user=&scope='
    const text = textOf(await portal.open(`${daemon}${encodeURIComponent(`api://${todoApi}/.default`)}`))
    expect(text).toContain('Tasks.Read.All')
    expect(textOf(await portal.open(`${daemon}User.Read`))).toContain('No token: API')
  })
})

describe('tenants, users and agents', () => {
  it('are added, saved and removed, and a mistake is named', async () => {
    await portal.submit('/portal/tenants', { id: '', displayName: 'Tailspin', domains: 'tailspin.example' })
    const tailspin = emulator.directory.findTenant('tailspin.example')
    expect(tailspin?.displayName).toBe('Tailspin')
    const dora = { displayName: 'Dora', username: 'dora@tailspin.example', tenantId: tailspin?.id ?? '' }
    const missing = await portal.submit('/portal/users', { id: '', ...dora, password: '' })
    expect(textOf(missing)).toContain('Not saved')
    await portal.submit('/portal/users', { id: '', ...dora, password: 'Passw0rd!', accountEnabled: 'on' })
    const user = emulator.directory.findUser(dora.username)
    expect(user).toMatchObject({ displayName: 'Dora', password: 'Passw0rd!' })
    const path = `/portal/users/${user?.id ?? ''}`
    await portal.submit(path, { ...dora, displayName: 'Dora D.', password: 'other', do: 'save' })
    expect(emulator.directory.findUser(dora.username)).toMatchObject({
      displayName: 'Dora D.',
      accountEnabled: false,
    })
    await portal.submit(path, { do: 'revoke' })
    expect(emulator.directory.tokensValidFrom(user!)).toBeGreaterThan(0)
    await portal.submit(path, { do: 'remove' })
    expect(emulator.directory.findUser(dora.username)).toBeUndefined()
    expect((await portal.open(path)).status).toBe(404)
    await portal.submit(`/portal/tenants/${tailspin?.id ?? ''}`, { do: 'remove' })
    expect(emulator.directory.findTenant('tailspin.example')).toBeUndefined()
  })

  it('switch an agent off', async () => {
    const [agent] = emulator.directory.agentIdentities
    const path = `/portal/agents/${agent?.id ?? ''}`
    const { displayName = '', blueprintId = '', tenantId = '' } = agent ?? {}
    await portal.submit(path, { displayName, blueprintId, tenantId, do: 'save' })
    expect(emulator.directory.findAgent(agent?.id ?? '')?.enabled).toBe(false)
    await undo(path)
    expect(emulator.directory.findAgent(agent?.id ?? '')?.enabled).toBeUndefined()
  })

  it('keep a tenant that somebody is at home in', async () => {
    const answer = await portal.submit(`/portal/tenants/${fabrikam}`, { do: 'remove' })
    expect(answer.status).toBe(400)
    expect(emulator.directory.findTenant(fabrikam)).toBeDefined()
  })
})

describe('consents', () => {
  it('are taken back and given', async () => {
    const before = emulator.directory.consents.list().length
    const page = await portal.open('/portal/consents')
    const key = /name="revoke" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    await portal.submit('/portal/consents', { revoke: key })
    expect(emulator.directory.consents.list()).toHaveLength(before - 1)
    await undo('/portal/consents')
    expect(emulator.directory.consents.list()).toHaveLength(before)
    const fields = {
      tenantId: contoso,
      client: 'To Do list web client',
      resourceId: todoApi,
      scopes: 'Tasks.ReadWrite',
    }
    await portal.submit('/portal/consents', { ...fields, user: alice })
    expect(emulator.directory.consents.list()).toContainEqual({
      tenantId: contoso,
      clientId: webClient,
      resourceId: todoApi,
      scopes: ['Tasks.ReadWrite'],
      userId: emulator.directory.findUser(alice)?.id,
    })
    for (const wrong of [
      { ...fields, user: 'nobody' },
      { ...fields, client: 'Nothing', user: '' },
    ])
      expect((await portal.submit('/portal/consents', wrong)).status).toBe(400)
  })
})

describe('keys', () => {
  const current = () => emulator.keys.current.kid

  it('are rolled to one that everybody knows, replaced suddenly, and withdrawn', async () => {
    await emulator.keys.ready()
    const [first, second] = emulator.keys.list()
    await portal.submit('/portal/keys', { do: 'roll' })
    expect(current()).toBe(second?.kid)
    await portal.submit('/portal/keys', { do: 'sudden' })
    expect([first?.kid, second?.kid]).not.toContain(current())
    await portal.submit('/portal/keys', { withdraw: first?.kid ?? '' })
    expect(emulator.keys.find(first?.kid)).toBeUndefined()
    await undo('/portal/keys')
    expect(emulator.keys.find(first?.kid)).toBeDefined()
    expect((await portal.submit('/portal/keys', { withdraw: current() })).status).toBe(400)
  })
})

describe('the tokens page', () => {
  it('says whether a token is good, and what is in it', async () => {
    const token = (await signInToWebClient(emulator)).body['access_token'] as string
    const read = async (text: string): Promise<string> =>
      textOf(await portal.submit('/portal/tokens', { token: text }))
    expect(await read(`Bearer ${token}`)).toMatch(/Signed here, and good for .*"scp": "access_as_user"/)
    emulator.clock.advance(86_400)
    expect(await read(token)).toContain('Signed here, and expired')
    emulator.clock.reset()
    const [head = '', , signature = ''] = token.split('.')
    expect(await read(`${head}.e30.${signature}`)).toContain('The signature does not fit')
    expect(await read(token)).toMatch(/ Good Signed here/)
    for (const wrong of [`${head}.e30.${signature}`, `e30.e30.${signature}`, 'nonsense'])
      expect(await read(wrong)).toContain(' Not good ')
    const { exp } = claimsOf(token)
    emulator.clock.freeze()
    emulator.clock.advance(Number(exp) - emulator.clock.now() / 1000)
    expect(await read(token)).toContain('Not good Signed here, and expired 0 s ago')
    emulator.clock.reset()
    for (const other of ['nonsense', 'e30.e30', 'e30.e30.', `e30.nonsense.x`, `nonsense.e30.x`, `${token}.x`])
      expect(await read(other), other).toContain('This is no JWT')
    expect(await read(`e30.e30.${signature}`)).toContain('No key of this emulator')
  })
})

describe('the export', () => {
  it('recreates the directory: an emulator that starts from it exports the same', async () => {
    await portal.submit('/portal/users', {
      id: '',
      displayName: 'Erin',
      username: 'erin@contoso.onmicrosoft.com',
      tenantId: contoso,
      password: 'x',
      accountEnabled: 'on',
    })
    emulator.directory.setEnabled(emulator.directory.findUser(alice)!, false)
    const { html: json, headers } = await portal.submit('/portal/export', { as: 'json' })
    emulator.directory.setEnabled(emulator.directory.findUser(alice)!, true)
    expect(headers.get('content-disposition')).toBe('attachment; filename="directory.json"')
    const directory = JSON.parse(json) as DirectoryData
    const again = await createEmulator({ directory })
    const { html: secondJson } = await openPortal(again).submit('/portal/export', { as: 'json' })
    const isEnabled = again.directory.isEnabled(again.directory.findUser(alice)!)
    await again.stop()
    expect(JSON.parse(secondJson)).toEqual(directory)
    expect(isEnabled).toBe(false)
    expect(directory.users.map(({ displayName }) => displayName)).toContain('Erin')
  })

  it('is TypeScript, too', async () => {
    const { html } = await portal.submit('/portal/export', { as: 'typescript' })
    expect(html).toContain('export const directory: DirectoryData = {')
    expect(html).toContain('createEmulator({ directory })')
  })
})
