import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { defaultDirectory, graphId } from '../src/directory/default-directory.ts'

it('the README names what the ready-made directory has', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const { agentIdentities = [], applications, tenants, users } = defaultDirectory
  const own = applications.filter(({ id }) => id !== graphId)
  const named = [
    ...tenants.map(({ id }) => id),
    ...agentIdentities.flatMap(({ id, displayName }) => [id, displayName]),
    ...users.flatMap(({ username, password }) => [username, password ?? username]),
    ...own.flatMap(({ id, displayName, secrets = [], identifierUris = [], scopes = [], appRoles = [] }) => [
      id,
      displayName,
      ...identifierUris,
      ...[...secrets, ...scopes, ...appRoles].map(({ value }) => value),
    ]),
  ]
  expect(named.filter((each) => !readme.includes(`\`${each}\``) && !readme.includes(`| ${each}`))).toEqual([])
})
