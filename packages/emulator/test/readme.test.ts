import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { defaultDirectory, graphId } from '../src/directory/default-directory.ts'
import { createEmulator, type DirectoryData } from '../src/index.ts'

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

it('the page of the emulator shows a directory that one starts from, and which of its secrets is good', async () => {
  const page = await readFile(new URL('../../../docs/emulator.md', import.meta.url), 'utf8')
  const section = page.slice(page.indexOf('## A directory of your own'))
  const [, json = ''] = /^```json\n([\s\S]*?)^```$/m.exec(section) ?? []
  const directory = JSON.parse(json) as DirectoryData
  const [orders, stock] = directory.applications
  const emulator = await createEmulator({ directory })
  try {
    const assertion = await emulator.mint({
      ...{ user: 'dora@contoso.example', client: orders!.id, audience: orders!.id },
      scopes: ['Orders.Read'],
    })
    const exchange = async (secret: string): Promise<unknown> => {
      const body = new URLSearchParams({
        ...{ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', requested_token_use: 'on_behalf_of' },
        ...{
          client_id: orders!.id,
          client_secret: secret,
          assertion,
          scope: `${stock!.identifierUris![0]}/Stock.Read`,
        },
      })
      const address = `${emulator.origin}/contoso.example/oauth2/v2.0/token`
      const answer = (await (await fetch(address, { method: 'POST', body })).json()) as Record<
        string,
        unknown
      >
      return answer['scope'] ?? answer['error_codes']
    }
    expect(await exchange("this year's")).toBe('api://stock/Stock.Read')
    expect(await exchange("last year's")).toEqual([7_000_222])
  } finally {
    await emulator.stop()
  }
})
