// What a sentence names in place of ids: the API, agents, and of many people the first five.
import { beforeAll, expect, it } from 'vitest'
import { defaultDirectory } from '../../src/index.ts'
import { Consents } from '../../src/directory/consents.ts'
import { Directory } from '../../src/directory/directory.ts'
import { createMemoryState } from '../../src/kernel/state.ts'
import { listPolicy } from '../../src/portal/bad-days/list-policy.ts'
import { agent, todoApi } from '../scenario.ts'

const people = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `user${String(index)}@contoso.onmicrosoft.com`)

let directory: Directory
beforeAll(async () => {
  directory = new Directory(defaultDirectory, await Consents.load(createMemoryState(), []))
})

const policy = { id: '1', name: 'MFA', resource: 'all', enabled: true, kind: 'require_mfa' } as const

it.each([
  [1, people(1)],
  [5, people(5)],
  [6, [...people(5), '1 more']],
  [9, [...people(5), '4 more']],
])('of %i people are named', (count, named) => {
  expect(listPolicy({ ...policy, users: people(count) }, directory).users).toEqual(named)
})

it('names nobody where everybody is meant, and the API or all of them', () => {
  const everybody = listPolicy(policy, directory)
  expect([everybody.users, everybody.agents, everybody.resourceName]).toEqual([
    ...[undefined, undefined, 'all APIs'],
  ])
  expect(listPolicy({ ...policy, resource: todoApi }, directory).resourceName).toBe('To Do API')
})

it('names agents, those by their ids that are not there, and all of them', () => {
  expect(listPolicy({ ...policy, agents: [agent, 'gone'] }, directory).agents).toEqual([
    ...['Contoso Assistant', 'gone'],
  ])
  expect(listPolicy({ ...policy, agents: 'all' }, directory).agents).toBe('all')
})
