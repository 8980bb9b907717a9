// Each form of a registration, one by one: what it changes and nothing else, and what the page says was done.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Application, type Emulator } from '../../src/index.ts'
import { certificateOf } from '../made-certificate.ts'
import { contoso, daemon, graph, middleTier, todoApi, webClient } from '../scenario.ts'
import { openPortal, textOf, type Portal } from './portal-browser.ts'

const [first, second, third] = ['one', 'two', 'three'].map(certificateOf) as [string, string, string]

// Of everything there are two, so that one goes and the other stays.
const shifts = {
  id: 'a0000000-0000-4000-8000-0000000000f5',
  displayName: 'Shifts',
  tenantId: contoso,
  redirectUris: { web: ['https://shifts.example/a', 'https://shifts.example/b'] },
  secrets: [{ value: 'morning' }, { value: 'evening' }],
  certificates: [first, second],
  scopes: [{ value: 'Shifts.Read' }, { value: 'Shifts.Write' }],
  appRoles: [{ value: 'Shifts.Read.All' }, { value: 'Shifts.Write.All' }],
  preAuthorizedApplications: [
    { id: webClient, scopes: ['Shifts.Read'] },
    { id: daemon, scopes: ['Shifts.Read'] },
  ],
  requiredResourceAccess: [
    { resourceId: todoApi, scopes: ['Tasks.ReadWrite'] },
    { resourceId: graph, scopes: ['User.Read'] },
  ],
} satisfies Application

let emulator: Emulator
let portal: Portal
beforeEach(async () => {
  emulator = await createEmulator({
    directory: { ...defaultDirectory, applications: [...defaultDirectory.applications, shifts] },
  })
  portal = openPortal(emulator)
})
afterEach(() => emulator.stop())

type Fields = Record<string, string>
type Changed = Partial<Record<keyof Application, unknown>>

const web = 'https://shifts.example/a\nhttps://shifts.example/c'
const apiFields = { identifierUris: `api://${shifts.id}`, knownClientApplications: 'To Do list web client' }

describe('a form of a registration', () => {
  it.each<[said: string, tab: string, fields: Fields, changed: Changed]>([
    [
      'Changed the authentication of',
      'authentication',
      { web, spa: 'http://localhost:5000/', publicClient: 'http://localhost/', enableIdTokenIssuance: 'on' },
      {
        redirectUris: {
          web: web.split('\n'),
          spa: ['http://localhost:5000/'],
          publicClient: ['http://localhost/'],
        },
        enableIdTokenIssuance: true,
      },
    ],
    [
      'Changed the authentication of',
      'authentication',
      { web: '', spa: '', publicClient: '' },
      { redirectUris: undefined },
    ],
    [
      'Added a secret to',
      'secrets',
      { value: 'night', expires: '2040-01-01', do: 'add-secret' },
      { secrets: [...shifts.secrets, { value: 'night', expires: '2040-01-01' }] },
    ],
    ['Removed a secret of', 'secrets', { 'remove-secret': '0' }, { secrets: [{ value: 'evening' }] }],
    [
      'Added a certificate to',
      'secrets',
      { certificate: third, do: 'add-certificate' },
      { certificates: [first, second, third] },
    ],
    ['Removed a certificate of', 'secrets', { 'remove-certificate': '0' }, { certificates: [second] }],
    [
      'Added the scope Shifts.Swap to',
      'api',
      { value: 'Shifts.Swap', description: 'Swap', adminOnly: 'on', do: 'add-scope' },
      { scopes: [...shifts.scopes, { value: 'Shifts.Swap', description: 'Swap', adminOnly: true }] },
    ],
    [
      'Removed the scope Shifts.Read of',
      'api',
      { 'remove-scope': 'Shifts.Read' },
      { scopes: [{ value: 'Shifts.Write' }] },
    ],
    [
      'Disabled the scope Shifts.Read of',
      'api',
      { 'disable-scope': 'Shifts.Read' },
      { scopes: [{ value: 'Shifts.Read', enabled: false }, { value: 'Shifts.Write' }] },
    ],
    [
      'Added the role Shifts.Swap.All to',
      'api',
      { value: 'Shifts.Swap.All', description: 'Swap', do: 'add-role' },
      { appRoles: [...shifts.appRoles, { value: 'Shifts.Swap.All', description: 'Swap' }] },
    ],
    [
      'Removed the role Shifts.Read.All of',
      'api',
      { 'remove-role': 'Shifts.Read.All' },
      { appRoles: [{ value: 'Shifts.Write.All' }] },
    ],
    [
      'Added a client without consent to',
      'api',
      { client: middleTier, scopes: 'Shifts.Read\nShifts.Write', do: 'add-client' },
      {
        preAuthorizedApplications: [
          ...shifts.preAuthorizedApplications,
          { id: middleTier, scopes: ['Shifts.Read', 'Shifts.Write'] },
        ],
      },
    ],
    [
      'Removed a client without consent of',
      'api',
      { 'remove-client': webClient },
      { preAuthorizedApplications: [{ id: daemon, scopes: ['Shifts.Read'] }] },
    ],
    [
      'Changed the API of',
      'api',
      { ...apiFields, v2: 'on', do: 'save' },
      {
        identifierUris: [`api://${shifts.id}`],
        knownClientApplications: [webClient],
        accessTokenAcceptedVersion: 2,
      },
    ],
    [
      'Changed the optional claims of',
      'claims',
      { accessToken: 'upn', idToken: 'login_hint', do: 'save' },
      { optionalClaims: { accessToken: ['upn'], idToken: ['login_hint'] } },
    ],
    [
      'Added permissions to',
      'permissions',
      { resourceId: middleTier, scopes: 'access_as_user', roles: '', do: 'add' },
      {
        requiredResourceAccess: [
          ...shifts.requiredResourceAccess,
          { resourceId: middleTier, scopes: ['access_as_user'] },
        ],
      },
    ],
    [
      'Removed permissions of',
      'permissions',
      { 'remove-access': todoApi },
      { requiredResourceAccess: [{ resourceId: graph, scopes: ['User.Read'] }] },
    ],
  ])('says “%s Shifts”, and did that alone: %s', async (said, tab, fields, changed) => {
    const of = () => emulator.directory.findApplication(shifts.id)
    const path = `/portal/applications/${shifts.id}/${tab}`
    const page = textOf(await portal.submit(path, fields))
    expect(page).toContain(`${said} Shifts Undo`)
    // A member without a value is not there.
    expect(of()).toStrictEqual(JSON.parse(JSON.stringify({ ...shifts, ...changed })))
    await portal.submit(path, { back: path })
    expect(of()).toStrictEqual(shifts)
  })

  it('has a secret made for it, which is shown once', async () => {
    const path = `/portal/applications/${shifts.id}/secrets`
    const { html } = await portal.submit(path, { value: '', expires: '', do: 'add-secret' })
    const made = emulator.directory.findApplication(shifts.id)?.secrets?.at(-1)?.value ?? ''
    expect(made).toMatch(/^[\w-]{32}$/)
    expect(html).toContain(made)
    expect((await portal.open(path)).html).not.toContain(made)
  })

  it('does not have the same twice, of scopes and of roles', async () => {
    const path = `/portal/applications/${shifts.id}/api`
    for (const [value, action] of [
      ['Shifts.Read', 'add-scope'],
      ['Shifts.Read.All', 'add-role'],
    ] as const) {
      const answer = await portal.submit(path, { value, description: '', do: action })
      expect(answer.status).toBe(400)
      expect(textOf(answer)).toContain(`the API has "${value}" already`)
    }
    // A scope and a role may have the same name.
    await portal.submit(path, { value: 'Shifts.Read', description: '', do: 'add-role' })
    expect(emulator.directory.findApplication(shifts.id)?.appRoles).toHaveLength(3)
  })

  it('shows what the registration has', async () => {
    const shown = async (tab: string): Promise<string> =>
      (await portal.open(`/portal/applications/${shifts.id}/${tab}`)).html
    expect(await shown('authentication')).toContain(shifts.redirectUris.web.join('\n'))
    expect(await shown('claims')).not.toContain('upn\n')
    await portal.submit(`/portal/applications/${shifts.id}/claims`, {
      accessToken: 'upn\nidtyp include_user_token',
      idToken: 'login_hint',
    })
    expect(await shown('claims')).toMatch(/>upn\nidtyp include_user_token</)
    expect(await shown('claims')).toMatch(/>login_hint</)
    for (const text of ['Shifts.Read', 'Shifts.Write.All', 'Nightly report daemon'])
      expect(await shown('api')).toContain(text)
    for (const text of ['To Do API', 'Microsoft Graph', 'User.Read'])
      expect(await shown('permissions')).toContain(text)
  })
})
