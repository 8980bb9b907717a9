// What an application is, in a word: by what it has, and not by lists that are there and empty, as a file of registrations writes them.
import { expect, it } from 'vitest'
import type { Application } from '../../src/directory/model.ts'
import { kindOf } from '../../src/portal/applications/application-kind.ts'

const none: Partial<Application> = {
  redirectUris: { spa: [], web: [], publicClient: [] },
  scopes: [],
  secrets: [],
}
const kinds: readonly [string, Partial<Application>][] = [
  ['spa', { redirectUris: { spa: ['http://localhost:3000'] } }],
  ['api', { scopes: [{ value: 'Tasks.Read' }] }],
  ['web', { redirectUris: { web: ['http://localhost:3000'] } }],
  ['daemon', { secrets: [{ value: 'a-secret-for-nobody' }] }],
  ['app', {}],
]

it.each(kinds)('is %s', (kind, own) => {
  const application = { id: 'a0000000-0000-4000-8000-0000000000f9', displayName: 'One' }
  expect(kindOf({ ...application, ...own })).toBe(kind)
  expect(kindOf({ ...application, ...none, ...own })).toBe(kind)
})
