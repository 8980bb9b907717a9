// Bicep compiles no circle of references (BCP080), and no resource that refers to itself (BCP079).
import { expect, it } from 'vitest'
import { buildBicep } from '../../src/registration/write/bicep.ts'
import type { ApplicationDefinition } from '../../src/registration/definition.ts'
import { defineRegistrations } from '../../src/registration/registration.ts'
import { ids } from '../behaviour/scenario.ts'
import { solution } from './solution.ts'

/** Which resources each resource refers to. */
function referencesOf(template: string): ReadonlyMap<string, ReadonlySet<string>> {
  const blocks = [...template.matchAll(/^resource (\w+) [^]*?\n\}$/gm)]
  const names = blocks.map(([, name = '']) => name)
  return new Map(
    blocks.map(([text, name = '']) => [
      name,
      new Set(
        names.filter((each) =>
          new RegExp(`\\b${each}\\.`).test(text.replaceAll(/'(?:[^'\\$]|\\.|\$(?!\{))*'/g, "''")),
        ),
      ),
    ]),
  )
}

function circleIn(references: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(references.get(from) ?? [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    )
  return [...references.keys()].find((name) => reaches(name, name))
}

function define(applications: Readonly<Record<string, Partial<ApplicationDefinition>>>): string {
  const named = Object.entries(applications).map(([name, one]) => [name, { displayName: name, ...one }])
  return buildBicep(
    defineRegistrations({
      name: 'todo',
      tenantId: ids.contoso,
      applications: Object.fromEntries(named) as Record<string, ApplicationDefinition>,
    }),
  )
}
const scopes = { read: 'Read' }

it.each([
  [
    'a client that its API knows',
    'api, for a resource cannot come back to itself: identifierUris, knownClients.page',
    { page: { downstream: { api: ['read'] } }, api: { scopes, knownClients: ['page'] } },
  ],
  [
    'a client that needs no consent',
    'api, for a resource cannot come back to itself: identifierUris, preAuthorizedClients.page',
    { page: { downstream: { api: ['read'] } }, api: { scopes, preAuthorizedClients: { page: ['read'] } } },
  ],
  [
    'an API that calls itself',
    'api, for a resource cannot come back to itself: identifierUris, downstream.api',
    { api: { scopes, downstream: { api: ['read'] } } },
  ],
  [
    'APIs that call each other, by way of a third',
    'mail, for a resource cannot come back to itself: identifierUris, downstream.api',
    {
      api: { scopes, downstream: { tasks: ['read'] } },
      tasks: { scopes, downstream: { mail: ['read'] } },
      mail: { scopes, downstream: { api: ['read'] } },
    },
  ],
])('leaves out what would close one, and says so: %s', (_, leftOut, applications) => {
  const template = define(applications)
  expect(circleIn(referencesOf(template)), template).toBeUndefined()
  expect(template).toContain(`// Left out of ${leftOut}. Once it is deployed: add the clientId`)
})

it('asks for permissions first: what is left out is what an API knows of its clients', () => {
  const template = define({
    api: { scopes, knownClients: ['page'] },
    page: { downstream: { api: ['read'] } },
  })
  expect(template).toContain('resourceAppId: api.appId')
  expect(template).not.toContain('page.appId\n    ]')
  expect(template).toContain('knownClients.page')
})

it('takes a blueprint, which is there already, for no part of one', () => {
  const blueprint = { scopes, downstream: { api: ['read'] }, agents: { one: { displayName: 'One' } } }
  const template = define({ blueprint, api: { scopes, knownClients: ['blueprint'] } })
  expect(template).toContain('knownClientApplications: [\n      blueprint.appId')
})

it('leaves nothing out where the file has the client id', () => {
  const template = define({
    page: { downstream: { api: ['read'] }, clientId: ids.webClient },
    api: { scopes, knownClients: ['page'], clientId: ids.middleTier },
  })
  expect(template).not.toContain('Left out')
  expect(template).toContain(`knownClientApplications: [\n      '${ids.webClient}'`)
})

it('has none in a solution of every kind', () => {
  const references = referencesOf(buildBicep(solution))
  expect(references.get('page')).toContain('api')
  expect(circleIn(references)).toBeUndefined()
})
