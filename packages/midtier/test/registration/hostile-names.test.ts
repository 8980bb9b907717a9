// Whatever a file of registrations says stays text in what is written from it: no command, no variable, no expression.
import { expect, it } from 'vitest'
import { buildScript } from '../../src/registration/azure-cli.ts'
import { buildBicep } from '../../src/registration/bicep.ts'
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
