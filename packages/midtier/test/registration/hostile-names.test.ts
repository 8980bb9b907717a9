// Whatever a file of registrations says stays text in what is written from it: no command, no variable, no expression.
import { expect, it } from 'vitest'
import { buildScript } from '../../src/registration/write/azure-cli.ts'
import { buildBicep } from '../../src/registration/write/bicep.ts'
import { compareRegistrations } from '../../src/registration/compare-registrations.ts'
import { defineRegistrations } from '../../src/registration/registration.ts'
import type { ApplicationDefinition, Registrations } from '../../src/registration/definition.ts'
import { ids } from '../behaviour/scenario.ts'
import { startStandInTenant } from './stand-in-tenant.ts'

const define = (api: Partial<ApplicationDefinition<'api'>>): Registrations =>
  defineRegistrations({
    name: 'solution',
    tenantId: ids.contoso,
    applications: { api: { displayName: 'API', ...api } },
  })

const hostile = 'x «PATH» midtier0<0> midtier1<0> $(id) `id` ${PATH} \' " \\ \n EOF\nEOF\n)'
const solution = define({
  displayName: hostile,
  scopes: { read: hostile },
  downstream: { graph: ['User.Read'] },
})

it('is text in the script', async () => {
  const tenant = await startStandInTenant(ids.contoso)
  await tenant.run(buildScript(solution))
  expect(tenant.applications.get('solution-api')).toMatchObject({
    displayName: hostile,
    api: { oauth2PermissionScopes: [{ adminConsentDescription: hostile }] },
  })
  await tenant.stop()
})

/** Every kind of text that a file has, each as hostile as its kind can be. */
const everywhere = defineRegistrations({
  name: 'solution',
  tenantId: ids.contoso,
  applications: {
    api: {
      displayName: hostile,
      identifierUris: ["api://a'b/$(id)/`id`/${PATH}/\\"],
      scopes: { "a'$(id)`id`${PATH}": hostile, b: { description: hostile, adminOnly: true } },
      appRoles: { "r'$(id)`id`${PATH}": hostile },
      optionalClaims: { accessToken: ["c'$(id)`id`${PATH}\\"], idToken: ['"$(id)"'] },
      redirectUris: {
        spa: ["https://a.example/'$(id)"],
        web: ['https://a.example/`id`?a="b"'],
        publicClient: ['app://${PATH}/\\'],
      },
      preAuthorizedClients: { client: ["a'$(id)`id`${PATH}"] },
    },
    client: {
      displayName: `EOF\n${hostile}`,
      downstream: { api: { scopes: ["a'$(id)`id`${PATH}"], roles: ["r'$(id)`id`${PATH}"] } },
    },
    blueprint: { displayName: hostile, agents: { agent: { displayName: hostile } } },
  },
})

it('is text wherever it stands in the script: what the tenant has then is no different from the file', async () => {
  const tenant = await startStandInTenant(ids.contoso)
  await tenant.run(buildScript(everywhere))
  await tenant.run(buildScript(everywhere))
  const graph = { url: 'https://graph.microsoft.com/v1.0/', token: 'opaque', fetch: tenant.fetch }
  expect(await compareRegistrations(everywhere, graph)).toEqual([])
  expect(tenant.agents.size).toBe(1)
  await tenant.stop()
})

it('is text wherever it stands in Bicep', () => {
  for (const line of buildBicep(everywhere).split('\n')) {
    // What is left without strings, in which a quotation mark and an expression are escaped, are the words of the template.
    const words = line.replaceAll(/'(?:[^'\\$]|\\.|\$(?!\{))*'/g, "''")
    expect(words, line).toMatch(
      /^ *(\/\/ .*|[\w ]*[:=]? ?(?:string = )?(?:''|[\w.]+)?(?: existing)?(?: = )?[{}[\]]*|\w+ \w+ '' (?:existing )?= \{)$/,
    )
    expect(words.replace(/^ *\/\/.*/, ''), line).not.toMatch(/[$`"\\]/)
  }
})

it.each([
  [
    ['api', 'apiPrincipal', 'api1', 'api1_2'],
    ['api', 'apiPrincipal', 'api1', 'api1_2'],
  ],
  [['true', 'filter', 'param', 'microsoftGraphV1'], []],
])('has no two names in Bicep that are one: %j', (names, kept) => {
  const applications = Object.fromEntries(
    names.map((name) => [
      name,
      { displayName: name, downstream: { graph: ['User.Read'], [ids.todoApi]: ['a'] } },
    ]),
  )
  const template = buildBicep({ name: 'solution', tenantId: ids.contoso, applications })
  const symbols = [...template.matchAll(/^resource (\w+)/gm)].map(([, name = '']) => name)
  expect(symbols).toHaveLength(names.length * 2 + 2)
  expect(new Set(symbols.map((name) => name.toLowerCase())).size).toBe(symbols.length)
  expect(symbols).toEqual(expect.arrayContaining(kept))
  for (const word of ['true', 'filter', 'param', 'microsoftGraphV1']) expect(symbols).not.toContain(word)
  const outputs = [...template.matchAll(/^output (\w+) string = (\w+)\.appId$/gm)]
  expect(outputs.map(([, , symbol]) => symbol)).toHaveLength(names.length)
  for (const [, , symbol] of outputs) expect(symbols).toContain(symbol)
  for (const [, symbol] of template.matchAll(/filter\((\w+)\./g)) expect(symbols).toContain(symbol)
})

it('is a string of one line in Bicep', () => {
  const lines = buildBicep(solution).split('\n')
  const escaped =
    'x «PATH» midtier0<0> midtier1<0> $(id) `id` \\${PATH} \\\' " \\\\ \\u{a} EOF\\u{a}EOF\\u{a})'
  expect(lines.filter((line) => line.includes('«PATH»'))).not.toEqual([])
  for (const line of lines.filter((each) => each.includes('PATH') || each.includes('EOF')))
    expect(line.trim()).toMatch(/^\w+: /)
  expect(lines).toContain(`  displayName: '${escaped}'`)
})

it('is a string in a filter of Bicep and of Azure CLI', () => {
  const quoted = define({ downstream: { graph: ["x')[0].id"] } })
  expect(buildBicep(quoted)).toContain(String.raw`each.value == 'x\')[0].id')[0].id`)
  const other = define({ downstream: { graph: ["x'||value=='Directory.ReadWrite.All"] } })
  expect(buildScript(other)).toContain(String.raw`'x\'\''||value==\'\''Directory.ReadWrite.All'`)
})

it.each(['', '.read', 'a b', 'a"b', 'a\\b', 'a\n}', 'a\u001b[31m', 'é', 'x'.repeat(121)])(
  'is refused as the name of a scope or a role: %j',
  (name) => {
    const refused = 'holds a name that Entra does not take'
    expect(() => define({ scopes: { [name]: 'Read' } })).toThrow(`applications.api.scopes: ${refused}`)
    expect(() => define({ appRoles: { [name]: 'Read' } })).toThrow(`applications.api.appRoles: ${refused}`)
    for (const other of ['graph', ids.todoApi] as const) {
      expect(() => define({ downstream: { [other]: [name] } })).toThrow(refused)
      expect(() => define({ downstream: { [other]: { roles: [name] } } })).toThrow(refused)
    }
  },
)
