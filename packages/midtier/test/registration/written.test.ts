// Everything that is made of a file of registrations, written down: the script, the template, the emulator's directory and the options.
import { it } from 'vitest'
import { defineRegistrations, emulatorDirectory, webApiOptions } from '../../src/registration/registration.ts'
import { buildScript } from '../../src/registration/write/azure-cli.ts'
import { buildBicep } from '../../src/registration/write/bicep.ts'
import type { Registrations } from '../../src/registration/definition.ts'
import { ids } from '../behaviour/scenario.ts'
import { expectWritten, membersOf } from '../written.ts'
import { solution } from './solution.ts'

/** What the solution has not: ids that are known, names that languages have for themselves, agents, and applications that know each other. */
const intricate = defineRegistrations({
  name: 'intricate',
  tenantId: ids.contoso,
  applications: {
    param: {
      displayName: "It's \\ ${HOME} `id` \u{1F511}",
      clientId: ids.todoApi.toUpperCase(),
      scopes: { 'Read.It': { description: "What's\nit", adminOnly: true } },
      knownClients: ['Output'],
      preAuthorizedClients: { Output: ['Read.It'], blueprint: [] },
      downstream: { param: ['Read.It'], Output: { scopes: ['own'], roles: ['All'] } },
    },
    Output: {
      displayName: 'Output',
      identifierUris: [],
      scopes: { own: 'Own' },
      appRoles: { All: { description: 'All', id: 'B0000000-0000-4000-8000-000000000001' } },
      downstream: { param: { scopes: ['Read.It'] }, [ids.middleTier]: { roles: ["O'Neill"] }, graph: [] },
      knownClients: ['param'],
    },
    empty: { displayName: 'Empty', signInAudience: 'AzureADMyOrg', tokenVersion: 2, groupClaims: 'All' },
    blueprint: {
      displayName: 'Blueprint',
      redirectUris: { web: ['https://agents.contoso.com/consented'] },
      downstream: { param: ['Read.It'], graph: { roles: ['User.Read.All'] } },
      agents: {
        one: { displayName: "O'Neill's «agent»" },
        two: { displayName: 'Two', clientId: ids.middleTier.toUpperCase() },
      },
    },
    none: { displayName: 'Blueprint without agents', clientId: ids.webClient, agents: {} },
  },
})

const files: Readonly<Record<'solution' | 'intricate', Registrations>> = { solution, intricate }
const written = (name: string): URL => new URL(`written/${name}`, import.meta.url)

it.each(['solution', 'intricate'] as const)('the script of %s is as it is written', async (name) => {
  await expectWritten([buildScript(files[name]).trimEnd()], written(`${name}.sh`))
})

it.each(['solution', 'intricate'] as const)('the template of %s is as it is written', async (name) => {
  await expectWritten([buildBicep(files[name]).trimEnd()], written(`${name}.bicep`))
})

it.each(['solution', 'intricate'] as const)(
  'what %s gives the emulator is as it is written',
  async (name) => {
    const base = {
      applications: [{ id: ids.todoApi, displayName: 'Gives way' }, { id: ids.daemon }],
      agentIdentities: [{ id: ids.middleTier }],
    }
    const secrets = { api: 'for-local-use', param: 'another', empty: undefined }
    const directory = emulatorDirectory(files[name], { base, secrets })
    await expectWritten(membersOf(directory), written(`${name}-directory.txt`))
  },
)

it.each(['solution', 'intricate'] as const)(
  'the options that %s decides are as they are written',
  async (name) => {
    const lines = Object.entries(files[name].applications).flatMap(([application, { downstream = {} }]) => {
      const baseUrls = Object.fromEntries(
        Object.keys(downstream).map((api) => [api, `https://${api}.example/`]),
      )
      const options = webApiOptions(files[name], application, baseUrls)
      return [application, ...membersOf(options).map((line) => `  ${line}`), '']
    })
    await expectWritten(lines, written(`${name}-options.txt`))
  },
)
