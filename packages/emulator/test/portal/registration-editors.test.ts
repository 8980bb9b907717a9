// Editors of what a registration knows about others: guests, optional claims, known clients and those that need no consent.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import {
  alice,
  claimsOf,
  contoso,
  fabrikam,
  middleTier,
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

const undo = (path: string) => portal.submit(path, { back: path })
const application = (id: string) => emulator.directory.findApplication(id)

describe('a user who is a guest elsewhere', () => {
  const user = () => emulator.directory.findUser(alice)
  const path = () => `/portal/users/${user()?.id ?? ''}`
  const save = async (guestIn: string) => {
    const { displayName = '', username = '', password = '' } = user() ?? {}
    const kept = { displayName, username, password, tenantId: contoso, accountEnabled: 'on' }
    return portal.submit(path(), { ...kept, guestIn, do: 'save' })
  }

  it('is said by the domain of the tenant, and has an object id of its own there', async () => {
    await save('fabrikam.onmicrosoft.com')
    const [guest] = user()?.guestIn ?? []
    expect(guest).toEqual({ tenantId: fabrikam, id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(guest?.id).not.toBe(user()?.id)
    expect((await portal.open(path())).html).toContain(`${fabrikam} ${guest?.id ?? ''}`)
    await save(`${fabrikam} 99999999-0000-4000-8000-000000000001`)
    expect(user()?.guestIn).toEqual([{ tenantId: fabrikam, id: '99999999-0000-4000-8000-000000000001' }])
    await save('')
    expect(user()).not.toHaveProperty('guestIn')
  })

  it('is no guest of a tenant that there is not', async () => {
    for (const wrong of ['nowhere.example', `${fabrikam} x y`, `${fabrikam} no-guid`]) {
      const answer = await save(wrong)
      expect(answer.status, wrong).toBe(400)
      expect(textOf(answer)).toContain('guestIn')
    }
    expect(user()).not.toHaveProperty('guestIn')
  })
})

describe('optional claims', () => {
  const path = `/portal/applications/${middleTier}/claims`

  it('are in the next token', async () => {
    const before = application(middleTier)?.optionalClaims
    await portal.submit(path, { accessToken: 'upn\nidtyp include_user_token', idToken: '' })
    expect(application(middleTier)?.optionalClaims).toEqual({
      accessToken: ['upn', { name: 'idtyp', additionalProperties: ['include_user_token'] }],
    })
    const { body } = await signInToWebClient(emulator)
    expect(claimsOf(body['access_token'] as string)).toMatchObject({
      idtyp: 'user',
      upn: alice,
    })
    expect((await portal.open(path)).html).toContain('idtyp include_user_token')
    await portal.submit(path, { accessToken: '', idToken: '' })
    expect(application(middleTier)).not.toHaveProperty('optionalClaims')
    await undo(path)
    await undo(path)
    expect(application(middleTier)?.optionalClaims).toEqual(before)
  })

  it('that there are not are refused, with those that there are', async () => {
    const answer = await portal.submit(path, { accessToken: 'shoe_size', idToken: '' })
    expect(answer.status).toBe(400)
    expect(textOf(answer)).toContain('no optional claim "shoe_size"; there are acct, acrs,')
  })
})

describe('clients that an API knows', () => {
  const path = `/portal/applications/${todoApi}/api`

  it('are added by name, once each, and removed', async () => {
    const before = application(todoApi)?.preAuthorizedApplications
    const add = (scopes: string) =>
      portal.submit(path, { client: 'to do list WEB client', scopes, do: 'add-client' })
    await add('Tasks.ReadWrite\nTasks.Read')
    const page = textOf(await add('Tasks.ReadWrite'))
    expect(page).toContain('Tasks.ReadWrite')
    expect(application(todoApi)?.preAuthorizedApplications).toEqual([
      ...(before ?? []),
      { id: webClient, scopes: ['Tasks.ReadWrite'] },
    ])
    await portal.submit(path, { 'remove-client': webClient })
    expect(application(todoApi)?.preAuthorizedApplications).toEqual(before ?? [])
  })

  it('exist, and need no consent for something', async () => {
    const none = await portal.submit(path, { client: 'Nobody', scopes: 'Tasks.Read', do: 'add-client' })
    expect(none.status).toBe(400)
    expect(textOf(none)).toContain('no application "Nobody"')
    const nothing = await portal.submit(path, { client: webClient, scopes: '', do: 'add-client' })
    expect(textOf(nothing)).toContain('name the scopes')
  })

  it('share their consent, when the API says so', async () => {
    await portal.submit(path, {
      identifierUris: `api://${todoApi}`,
      v2: 'on',
      knownClientApplications: 'To Do list web client',
      do: 'save',
    })
    expect(application(todoApi)?.knownClientApplications).toEqual([webClient])
    await undo(path)
    expect(application(todoApi)).not.toHaveProperty('knownClientApplications')
  })
})

describe('a scope', () => {
  it('is disabled, gets nobody a token any more, and is enabled again', async () => {
    const path = `/portal/applications/${middleTier}/api`
    const before = application(middleTier)?.scopes
    const turn = (name: string, scope = 'access_as_user') => portal.submit(path, { [name]: scope })
    expect((await turn('disable-scope', 'nothing')).status).toBe(400)
    expect(textOf(await turn('disable-scope'))).toContain('Disabled.')
    expect(application(middleTier)?.scopes).toMatchObject([{ value: 'access_as_user', enabled: false }])
    const asked = await fetch(
      `${emulator.origin}/${contoso}/oauth2/v2.0/authorize?${new URLSearchParams({
        client_id: webClient,
        response_type: 'code',
        redirect_uri: 'http://localhost:3000/',
        scope: `api://${middleTier}/access_as_user`,
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
      }).toString()}`,
      { redirect: 'manual' },
    )
    expect(decodeURIComponent(asked.headers.get('location') ?? (await asked.text()))).toContain(
      'AADSTS650053',
    )
    await turn('enable-scope')
    expect(application(middleTier)?.scopes).toEqual(before)
  })
})

describe('authentication', () => {
  it('says who may use flows without a redirect URI, who gets ID tokens at once, and who is told of a sign-out', async () => {
    const path = `/portal/applications/${webClient}/authentication`
    const { redirectUris = {} } = application(webClient) ?? {}
    await portal.submit(path, {
      web: (redirectUris.web ?? []).join('\n'),
      spa: (redirectUris.spa ?? []).join('\n'),
      publicClient: '',
      frontChannelLogoutUrl: 'http://localhost:3000/signed-out',
      isFallbackPublicClient: 'on',
    })
    expect(application(webClient)).toMatchObject({
      redirectUris,
      frontChannelLogoutUrl: 'http://localhost:3000/signed-out',
      isFallbackPublicClient: true,
    })
    expect(application(webClient)).not.toHaveProperty('enableIdTokenIssuance')
    await undo(path)
    expect(application(webClient)).not.toHaveProperty('frontChannelLogoutUrl')
  })
})
