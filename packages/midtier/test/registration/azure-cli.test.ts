// The script for the real tenant, run by bash: it registers what the file says, twice as well as once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildScript } from '../../src/registration/write/azure-cli.ts'
import { buildBicep } from '../../src/registration/write/bicep.ts'
import { compareRegistrations } from '../../src/registration/compare-registrations.ts'
import type { ApplicationDefinition, Registrations } from '../../src/registration/definition.ts'
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

  it('leaves no difference to a file without client ids, which are found by their unique names', async () => {
    const graph = { url: 'https://graph.microsoft.com/v1.0/', token: 'opaque', fetch: tenant.fetch }
    expect(await compareRegistrations(solution, graph)).toEqual([])
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

describe('agents, by the script', () => {
  const define = (agents: ApplicationDefinition['agents'], downstream: readonly string[]): Registrations =>
    defineRegistrations({
      name: 'travel',
      tenantId: ids.contoso,
      applications: {
        blueprint: {
          displayName: 'Travel agents',
          redirectUris: { web: ['https://travel.contoso.com/consented'] },
          downstream: Object.fromEntries(downstream.map((api) => [api, []])),
          agents,
        },
        trips: { displayName: 'Trips', scopes: { 'Trips.Read': 'Read trips' } },
      },
    })
  const differences = async (file: Registrations, on: StandInTenant): Promise<readonly string[]> =>
    (
      await compareRegistrations(file, {
        url: 'https://graph.microsoft.com/v1.0/',
        token: 'opaque',
        fetch: on.fetch,
      })
    ).map(({ application, what }) => `${application} ${what}`)

  it('are made below a blueprint that is none of the ordinary applications, once, and keep their ids', async () => {
    const other = await startStandInTenant(ids.contoso)
    const file = define({ booking: { displayName: "O'Neill's «agent»" } }, ['trips', 'graph'])
    const said = await other.run(buildScript(file))
    const [id = ''] = [...other.agents.keys()]
    expect(said).toContain(`  blueprint.agents.booking: ${id}\n`)
    expect(await differences(file, other)).toEqual([])
    await other.run(buildScript(file))
    expect([...other.agents.keys()]).toEqual([id])
    const renamed = define({ booking: { displayName: 'Booking', clientId: id } }, ['trips', 'graph'])
    expect(await differences(renamed, other)).toEqual(['blueprint agents.booking'])
    await other.run(buildScript(renamed))
    expect(await differences(renamed, other)).toEqual([])
    await other.stop()
  })

  it('inherit from the APIs of the file, and from no other', async () => {
    const other = await startStandInTenant(ids.contoso)
    await other.run(buildScript(define({}, ['trips', 'graph'])))
    const file = define({}, ['trips', ids.todoApi])
    expect(await differences(file, other)).toEqual([
      `blueprint inherited.${ids.todoApi}`,
      'blueprint inherited.00000003-0000-0000-c000-000000000000',
    ])
    await other.run(buildScript(file))
    expect(await differences(file, other)).toEqual([])
    await other.stop()
  })

  it('of nobody in the file stay, and are a difference; so is one that is disabled', async () => {
    const other = await startStandInTenant(ids.contoso)
    await other.run(buildScript(define({ one: { displayName: 'One' }, two: { displayName: 'Two' } }, [])))
    const two = [...other.agents.values()].find(({ displayName }) => displayName === 'Two')
    const file = define({ one: { displayName: 'One' } }, [])
    await other.run(buildScript(file))
    expect(await differences(file, other)).toEqual([`blueprint agents.${String(two?.['id'])}`])
    const one = [...other.agents.values()].find(({ displayName }) => displayName === 'One')
    Object.assign(one ?? {}, { accountEnabled: false })
    expect(await differences(file, other)).toContain('blueprint agents.one.disabled')
    await other.stop()
  })

  it('need no more than an ordinary script where there are none', () => {
    const applications = { api: { displayName: 'API', downstream: { graph: ['User.Read'] } } }
    const script = buildScript({ name: 'travel', tenantId: ids.contoso, applications })
    expect(script).not.toMatch(/sponsor|agent/i)
  })

  it('are what Bicep has no type for: the template refers to the blueprint, and says what makes it', () => {
    const template = buildBicep(define({ booking: { displayName: 'Booking' } }, ['graph']))
    expect(template).toContain('run the script of midtier registration script first')
    expect(template).toContain(
      "resource blueprint 'Microsoft.Graph/applications@v1.0' existing = {\n  uniqueName: 'travel-blueprint'\n}",
    )
    expect(template).not.toMatch(/blueprintPrincipal|Booking|resource api1/)
    const known = define({}, [])
    const blueprint = { ...known.applications['blueprint'], displayName: 'B', clientId: ids.todoApi }
    const second = buildBicep({ ...known, applications: { ...known.applications, blueprint } })
    expect(second).toContain(`output blueprintId string = '${ids.todoApi}'`)
    expect(second).not.toContain('resource blueprint')
  })
})
