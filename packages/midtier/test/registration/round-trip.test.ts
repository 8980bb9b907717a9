// File → emulator → diff: nothing.
import { createEmulator, defaultDirectory } from '@midtier/emulator'
import { describe, expect, it } from 'vitest'
import { clientSecret, createWebApi } from '../../src/index.ts'
import { compareRegistrations } from '../../src/registration/compare-registrations.ts'
import { emulatorDirectory, webApiOptions } from '../../src/registration/registration.ts'
import { clientIdOf } from '../../src/registration/resolve-applications.ts'
import { alice, ids } from '../behaviour/scenario.ts'
import { graphToken } from '../doctor/sound-set-up.ts'
import { secrets, startMadeOfFile } from './made-of-file.ts'
import { solution } from './solution.ts'

const apiId = clientIdOf(solution, 'api')
const pageId = clientIdOf(solution, 'page')
const made = startMadeOfFile()

describe('the emulator that was made of the file', () => {
  it('has no difference', async () => {
    expect(await made.diff()).toEqual([])
  })

  it('gives tokens as the file says, to the options that the file gives', async () => {
    const baseUrls = { graph: `${made.emulator.origin}/v1.0/`, tasks: 'https://tasks.contoso.com/' }
    const options = webApiOptions(solution, 'api', baseUrls)
    expect(options).toMatchObject({
      tenantId: ids.contoso,
      clientId: apiId,
      downstreamApis: {
        graph: { scopes: ['User.Read', 'Mail.Read'] },
        tasks: { scopes: ['api://tasks.contoso.com/Tasks.ReadWrite'] },
      },
    })
    const api = createWebApi({
      ...options,
      instance: made.emulator.origin,
      clientCredential: clientSecret(secrets.api),
      logger: false,
    })
    const token = await made.emulator.mint({
      user: alice,
      client: pageId,
      audience: apiId,
      scopes: ['access_as_user'],
    })
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    const caller = await api.authenticate({ method: 'GET', url: '/', header }, { scopes: ['access_as_user'] })
    expect(caller.principal.claims).toMatchObject({ ver: '2.0', aud: apiId })
    const tasksScopes = options.downstreamApis.tasks.scopes
    await expect(caller.acquireTokenOnBehalfOf({ scopes: tasksScopes })).rejects.toMatchObject({
      reason: 'consent_required',
    })
    await made.emulator.directory.consents.grant({
      tenantId: ids.contoso,
      clientId: apiId,
      resourceId: 'a0000000-0000-4000-8000-0000000000e1',
      scopes: ['Tasks.ReadWrite'],
    })
    expect((await caller.acquireTokenOnBehalfOf({ scopes: tasksScopes })).scopes).toContain(
      'api://tasks.contoso.com/Tasks.ReadWrite',
    )
  })

  it('cannot be made of registrations alone, and that is said', () => {
    expect(() => emulatorDirectory(solution, {} as { base: typeof defaultDirectory })).toThrow(
      /^base: is missing.*defaultDirectory/,
    )
  })

  it.each<[unknown, string]>([
    [null, 'base'],
    ['directory', 'base'],
    [[], 'base'],
    [{}, 'base.applications'],
    [{ applications: {} }, 'base.applications'],
    [{ applications: [null] }, 'base.applications'],
    [{ applications: [{ displayName: 'no id' }] }, 'base.applications'],
    [{ applications: [], agentIdentities: 'none' }, 'base.agentIdentities'],
    [{ applications: [], agentIdentities: [{}] }, 'base.agentIdentities'],
  ])('cannot be made of what is no directory: %j names %s', (base, option) => {
    const make = (): unknown => emulatorDirectory(solution, { base: base as typeof defaultDirectory })
    expect(make).toThrow(expect.objectContaining({ code: 'configuration_invalid', option }))
    expect(make).toThrow(/import { defaultDirectory }/)
  })

  it('keeps of the base what the file cannot say, and nothing that the file says otherwise', () => {
    const base = {
      ...defaultDirectory,
      applications: [
        ...defaultDirectory.applications,
        {
          ...{ id: pageId, displayName: 'Old', tenantId: ids.contoso, publisher: 'Contoso' },
          groupMembershipClaims: 'All' as const,
        },
        { id: apiId, displayName: 'Old', groupMembershipClaims: 'All' as const, enableIdTokenIssuance: true },
      ],
    }
    const { applications } = emulatorDirectory(solution, { base })
    expect(applications.find(({ id }) => id === pageId)).toMatchObject({
      ...{ displayName: 'Page', publisher: 'Contoso', groupMembershipClaims: 'SecurityGroup' },
    })
    const api = applications.find(({ id }) => id === apiId)
    expect(api).toMatchObject({ enableIdTokenIssuance: false })
    expect(api).not.toHaveProperty('groupMembershipClaims')
  })

  it('has the agents of a blueprint', () => {
    const [agent] = made.emulator.directory.agentIdentities.filter(
      ({ displayName }) => displayName === 'Booking agent',
    )
    expect(agent).toMatchObject({ blueprintId: clientIdOf(solution, 'assistant'), tenantId: ids.contoso })
  })
})

it('names an application that the tenant does not have', async () => {
  const other = await createEmulator()
  const graph = { url: `${other.origin}/v1.0/`, token: await graphToken(other), fetch }
  const missing = (await compareRegistrations(solution, graph)).map(
    ({ application, what }) => `${application} ${what}`,
  )
  expect(missing).toEqual(Object.keys(solution.applications).map((name) => `${name} clientId`))
  await other.stop()
})
