// What an administrator is asked for: delegated scopes, and of the client that asks its application roles, too.
import { expect, it } from 'vitest'
import { administratorPermissions } from '../../src/directory/permissions.ts'
import type { Application } from '../../src/directory/model.ts'
import { createEmulator, defaultDirectory } from '../../src/index.ts'
import { contoso, todoApi } from '../scenario.ts'

const read = { resourceId: todoApi, scopes: ['Tasks.ReadWrite'], roles: ['Tasks.Read.All'] }
const api: Application = {
  id: 'a0000000-0000-4000-8000-0000000000f1',
  displayName: 'Reports API',
  tenantId: contoso,
  identifierUris: ['api://reports'],
  scopes: [{ value: 'Reports.Read' }],
  knownClientApplications: ['a0000000-0000-4000-8000-0000000000f2'],
  requiredResourceAccess: [read],
}
const client: Application = {
  id: 'a0000000-0000-4000-8000-0000000000f2',
  displayName: 'Reports',
  tenantId: contoso,
  requiredResourceAccess: [{ resourceId: api.id, scopes: ['Reports.Read'] }, read],
}

it('names roles of the client alone, not of an API that it is known to, and none unless all is asked for', async () => {
  const applications = [...defaultDirectory.applications, api, client]
  const emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
  const { directory } = emulator
  const [found, reports] = [directory.findApplication(client.id)!, directory.findApplication(api.id)!]
  const scopes = { resource: reports, identifier: 'api://reports', prefix: 'api://reports/' }
  const ask = (
    names: readonly string[],
    isDefault: boolean,
    openid: readonly string[] = [],
  ): readonly unknown[] => {
    const requested = { openid: new Set(openid), resources: [{ ...scopes, names, isDefault }] }
    return administratorPermissions(directory, found, requested).map((permission) => [
      permission.client.displayName,
      permission.resource.displayName,
      permission.scopes,
      permission.roles,
    ])
  }
  const all = [
    ['Reports', 'Reports API', ['Reports.Read'], undefined],
    ['Reports', 'To Do API', ['Tasks.ReadWrite'], ['Tasks.Read.All']],
    ['Reports API', 'To Do API', ['Tasks.ReadWrite'], undefined],
  ]
  const named = ['Reports', 'Reports API', ['Reports.Read'], undefined]
  expect(ask([], true)).toEqual(all)
  expect(ask(['Reports.Read'], false)).toEqual([named])
  // What OpenID Connect names is of Microsoft Graph.
  for (const openid of [['openid'], ['openid', 'profile']]) {
    const basics = ['Reports', 'Microsoft Graph', openid, undefined]
    expect(ask([], true, openid)).toEqual([basics, ...all])
    expect(ask(['Reports.Read'], false, openid)).toEqual([basics, named])
  }
  await emulator.stop()
})
