// What a file of registrations cannot mean is refused where it is written, naming the member.
import { expect, it } from 'vitest'
import { defineRegistrations, webApiOptions } from '../../src/registration/registration.ts'
import type { ApplicationDefinition, Registrations } from '../../src/registration/definition.ts'
import { deriveGuid } from '../../src/registration/derive-guid.ts'
import { ids } from '../behaviour/scenario.ts'
import { solution } from './solution.ts'

const define = (applications: Readonly<Record<string, ApplicationDefinition>>): Registrations =>
  defineRegistrations({ tenantId: ids.contoso, applications })
const api = { displayName: 'API', scopes: { read: 'Read' } }

it.each([
  [
    'a tenant that is no GUID',
    () => defineRegistrations({ tenantId: 'contoso.com', applications: {} }),
    'tenantId: is not a GUID',
  ],
  ['a name that is none', () => define({ 'to-do': api }), 'applications.to-do: is no name'],
  [
    'a misspelt member',
    () => define({ api: { ...api, scope: {} } as ApplicationDefinition }),
    "applications.api.scope: unknown option; did you mean 'scopes'?",
  ],
  [
    'no display name',
    () => define({ api: {} as ApplicationDefinition }),
    'applications.api.displayName: is missing',
  ],
  [
    'a client id that is no GUID',
    () => define({ api: { ...api, clientId: 'api' } }),
    'applications.api.clientId: is not a GUID',
  ],
  [
    'a client id that stands twice',
    () => define({ a: { ...api, clientId: ids.todoApi }, b: { ...api, clientId: ids.todoApi } }),
    'applications.b.clientId: is that of a too',
  ],
  [
    'an application that is not there',
    () => define({ api: { ...api, knownClients: ['page'] } }),
    "applications.api.knownClients: there is no application 'page'; there are api",
  ],
  [
    'a scope that nobody exposes',
    () => define({ api, page: { displayName: 'Page', downstream: { api: ['write'] } } }),
    "applications.page.downstream.api: 'write' is not exposed; there is read",
  ],
  [
    'a role that nobody exposes',
    () => define({ api, job: { displayName: 'Job', downstream: { api: { roles: ['all'] } } } }),
    "applications.job.downstream.api: 'all' is not exposed; there is nothing",
  ],
  [
    'a client pre-authorized for nothing',
    () => define({ api: { ...api, preAuthorizedClients: { api: ['write'] } } }),
    "applications.api.preAuthorizedClients.api: 'write' is not exposed",
  ],
])('refuses %s', (_, work, message) => {
  expect(work).toThrow(message)
})

it('takes the names of the file alone, in its types too', () => {
  expect(() =>
    defineRegistrations({
      tenantId: ids.contoso,
      // @ts-expect-error -- there is no application of this name
      applications: { api: { displayName: 'API', knownClients: ['paeg'] }, page: { displayName: 'Page' } },
    }),
  ).toThrow("there is no application 'paeg'")
})

it('gives the options of an API that is called as the application, and refuses one that the registration does not list', () => {
  const { downstreamApis } = webApiOptions(solution, 'nightly', {
    graph: 'https://graph.microsoft.com/v1.0/',
  })
  expect(downstreamApis.graph).toEqual({
    baseUrl: 'https://graph.microsoft.com/v1.0/',
    scopes: ['https://graph.microsoft.com/.default'],
    token: 'app',
  })
  expect(() => webApiOptions(solution, 'page', { tasks: 'https://tasks.contoso.com/' })).toThrow(
    "applications.page.downstream: lists no permission of 'tasks'",
  )
  expect(() => webApiOptions<string>(solution, 'none')).toThrow(
    'applications.none: there is no such application',
  )
  const known = define({ api: { ...api, downstream: { [ids.todoApi]: ['Tasks.Read'] } } })
  const url = 'https://tasks.contoso.com/'
  expect(webApiOptions(known, 'api', { [ids.todoApi.toUpperCase()]: url }).downstreamApis).toEqual({
    [ids.todoApi.toUpperCase()]: { baseUrl: url, scopes: [`${ids.todoApi}/Tasks.Read`] },
  })
  expect(webApiOptions(solution, 'tasks').audience).toEqual(['api://tasks.contoso.com'])
})

it('derives ids that are GUIDs, the same each time, and no two alike', () => {
  const all = Array.from({ length: 5_000 }, (_, index) => deriveGuid('scope', String(index)))
  expect(new Set(all).size).toBe(all.length)
  for (const id of all) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(deriveGuid('scope', '7')).toBe(all[7])
})
