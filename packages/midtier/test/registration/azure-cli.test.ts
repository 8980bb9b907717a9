// The script for the real tenant, run by bash: it registers what the file says, twice as well as once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildScript } from '../../src/registration/azure-cli.ts'
import { buildBicep } from '../../src/registration/bicep.ts'
import { compareRegistrations } from '../../src/registration/compare-registrations.ts'
import type { Registrations } from '../../src/registration/definition.ts'
import { defineRegistrations } from '../../src/registration/registration.ts'
import { ids } from '../behaviour/scenario.ts'
import { solution } from './solution.ts'
import { startStandInTenant, type StandInTenant } from './stand-in-tenant.ts'

let tenant: StandInTenant
beforeAll(async () => {
  tenant = await startStandInTenant(ids.contoso)
  // The one whose client id the file has is there already.
  tenant.applications.set('tasks', { appId: 'a0000000-0000-4000-8000-0000000000e1' })
})
afterAll(() => tenant.stop())

/** The file with the client ids that the tenant assigned, as its author adds them. */
function withIds(): Registrations {
  const applications = Object.entries((solution as Registrations).applications).map(([name, application]) => {
    const clientId = application.clientId ?? String(tenant.applications.get(`todo-${name}`)?.['appId'])
    return [name, { ...application, clientId }] as const
  })
  return defineRegistrations({ tenantId: solution.tenantId, applications: Object.fromEntries(applications) })
}

const compare = (): ReturnType<typeof compareRegistrations> =>
  compareRegistrations(withIds(), {
    url: 'https://graph.microsoft.com/v1.0/',
    token: 'opaque',
    fetch: tenant.fetch,
  })

describe('the script', () => {
  it('registers every application and its service principal, and says which client ids they got', async () => {
    const said = await tenant.run(buildScript(solution))
    const page = String(tenant.applications.get('todo-page')?.['appId'])
    expect(said).toContain(`  page: ${page}`)
    expect(tenant.principals.size).toBe(Object.keys(solution.applications).length)
    expect(tenant.applications.get('todo-api')?.['displayName']).toBe(solution.applications.api.displayName)
  })

  it('leaves the tenant as the file says', async () => {
    expect(await compare()).toEqual([])
  })

  it('can be run again, also with the client ids in the file', async () => {
    const before = [...tenant.applications].map(([name, { appId }]) => [name, appId])
    await tenant.run(buildScript(solution))
    await tenant.run(buildScript(withIds()))
    expect(await compare()).toEqual([])
    const after = [...tenant.applications.values()].map(({ appId }) => appId)
    expect(new Set(after)).toEqual(new Set(before.map(([, appId]) => appId)))
  })

  it('takes back what somebody added in the portal, lists that the file does not have included', async () => {
    const nightly = tenant.applications.get('todo-nightly') ?? {}
    const id = '00000000-0000-4000-8000-000000000001'
    Object.assign(nightly, {
      identifierUris: ['api://by-hand'],
      appRoles: [{ id, value: 'By.Hand' }],
      requiredResourceAccess: [{ resourceAppId: id, resourceAccess: [{ id, type: 'Scope' }] }],
      optionalClaims: { accessToken: [{ name: 'ipaddr' }], idToken: [{ name: 'email' }] },
      ...Object.fromEntries(
        ['spa', 'web', 'publicClient'].map((platform) => [platform, { redirectUris: ['https://by.hand/'] }]),
      ),
      api: {
        oauth2PermissionScopes: [{ id, value: 'By.Hand', type: 'User' }],
        knownClientApplications: [id],
        preAuthorizedApplications: [{ appId: id, delegatedPermissionIds: [id] }],
      },
    })
    expect((await compare()).length).toBeGreaterThanOrEqual(11)
    await tenant.run(buildScript(solution))
    expect(await compare()).toEqual([])
  })

  it('leaves the applications of another project in the tenant alone', async () => {
    const one = { tenantId: ids.contoso, applications: { api: { displayName: 'API' } } }
    const other = await startStandInTenant(ids.contoso)
    for (const name of ['one', 'two']) await other.run(buildScript({ ...one, name }))
    expect([...other.applications.keys()].filter((name) => name.includes('-api'))).toHaveLength(2)
    expect(() => buildScript(one)).toThrow(/^name: is missing/)
    expect(() => buildBicep(one)).toThrow(/^name: is missing/)
    await other.stop()
  })

  it('ends before it writes anything when somebody is signed in to another tenant', async () => {
    const other = await startStandInTenant(ids.fabrikam)
    await expect(other.run(buildScript(solution))).rejects.toThrow(/signed in to the tenant/)
    expect(other.applications.size).toBe(0)
    await other.stop()
  })

  it('ends when an API of somebody else has no such permission', async () => {
    const wrong = defineRegistrations({
      name: 'wrong',
      tenantId: ids.contoso,
      applications: { api: { displayName: 'API', downstream: { graph: ['User.Raed'] } } },
    })
    const other = await startStandInTenant(ids.contoso)
    await expect(other.run(buildScript(wrong))).rejects.toThrow(/not found: the scope User\.Raed/)
    expect(other.applications.size).toBe(0)
    await other.stop()
  })
})
