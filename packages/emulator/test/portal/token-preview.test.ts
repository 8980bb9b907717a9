// What an application would get for a user right now, and each thing that would stop it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import {
  accessAsUser,
  alice,
  bob,
  contoso,
  daemon,
  fabrikam,
  graph,
  todoApi,
  webClient,
} from '../scenario.ts'
import { openPortal, textOf, type Portal } from './portal-browser.ts'

const elsewhere = 'a0000000-0000-4000-8000-0000000000f6'

let emulator: Emulator
let portal: Portal
beforeEach(async () => {
  const application = { id: elsewhere, displayName: 'Elsewhere', tenantId: fabrikam }
  emulator = await createEmulator({
    directory: { ...defaultDirectory, applications: [...defaultDirectory.applications, application] },
  })
  portal = openPortal(emulator)
})
afterEach(() => emulator.stop())

describe('the preview of a token is stopped', () => {
  const preview = async (client: string, user: string, scope: string): Promise<string> => {
    const query = new URLSearchParams({ user, scope }).toString()
    return textOf(await portal.open(`/portal/applications/${client}/preview?${query}`))
  }
  const both = `${accessAsUser} api://${todoApi}/Tasks.ReadWrite`

  it.each([
    ['by two APIs at once', webClient, alice, both, 'failed API AADSTS28000: one token is for one API'],
    ['by two APIs at once, for itself', daemon, '', both, 'AADSTS28000: one token is for one API'],
    [
      'by somebody whom nobody knows',
      webClient,
      'nobody',
      accessAsUser,
      'AADSTS50034: the directory has no user nobody',
    ],
    ['by a stranger to the tenant', elsewhere, alice, 'User.Read', 'AADSTS50020: Alice Adams is no member'],
    ['by scopes that it cannot ask for itself', daemon, '', 'User.Read', 'An application asks for itself by'],
    [
      'by a consent that is missing',
      webClient,
      bob,
      `api://${todoApi}/Tasks.ReadWrite`,
      'AADSTS65001: nobody has consented to Tasks.ReadWrite of To Do API',
    ],
  ])('%s', async (_, client, user, scope, said) => {
    expect(await preview(client, user, scope)).toContain(said)
  })

  it('by what is disabled: the application, the user', async () => {
    emulator.directory.setEnabled(emulator.directory.findUser(alice)!, false)
    expect(await preview(webClient, alice, accessAsUser)).toContain('AADSTS50057: Alice Adams is disabled')
    const data = emulator.directory.toData()
    emulator.directory.replace({
      ...data,
      applications: data.applications.map((it) => (it.id === webClient ? { ...it, enabled: false } : it)),
    })
    expect(await preview(webClient, bob, accessAsUser)).toContain(
      'AADSTS7000112: the application is disabled',
    )
  })

  it('by nothing when only the user is asked for: the token is for Microsoft Graph', async () => {
    const consent = { tenantId: contoso, clientId: webClient, resourceId: graph, scopes: ['User.Read'] }
    await emulator.directory.consents.grant(consent)
    expect(await preview(webClient, alice, 'openid profile')).toContain(
      '"aud": "https://graph.microsoft.com"',
    )
  })
})
