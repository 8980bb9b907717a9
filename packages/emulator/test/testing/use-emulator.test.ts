// The helper for test runners, in the one that runs this: as new after each test.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defaultDirectory } from '../../src/index.ts'
import { useEmulator } from '../../src/testing/testing.ts'
import { agent, alice, contoso, daemon, graph, middleTier, todoApi, webClient } from '../scenario.ts'

const early = catchError(() => useEmulator({ beforeAll: ignore, afterEach: ignore, afterAll: ignore })())
const emulator = useEmulator(
  { beforeAll, afterEach, afterAll },
  {
    directory: { ...defaultDirectory, policies: [{ kind: 'block', name: 'Own', enabled: false }] },
  },
)

function ignore(): void {
  // No hook runs.
}

function catchError(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

it('says so when it is asked before it has started', () => {
  expect(String(early)).toContain('the emulator has not started: ask for it inside a test or a hook')
})

describe('after each test everything is as it was', () => {
  let origin = ''
  let signing = ''

  it('changes whatever can be changed', async () => {
    const { directory, keys, policies, faults, clock, requests } = emulator()
    origin = emulator().origin
    const user = directory.findUser(alice)!
    directory.setEnabled(user, false)
    directory.revokeSessions(user, clock.now())
    directory.setAgentEnabled(agent, false)
    directory.assignRole({ tenantId: contoso, principalId: daemon, resourceId: graph, role: 'User.Read.All' })
    await directory.consents.grant({
      tenantId: contoso,
      clientId: webClient,
      resourceId: todoApi,
      scopes: ['Tasks.ReadWrite'],
    })
    await directory.consents.revoke({ tenantId: contoso, clientId: middleTier })
    policies.enable('Own')
    policies.add({ kind: 'require_mfa' })
    faults.add({ when: { endpoint: 'keys' }, then: { status: 503 } })
    clock.advance(3600)
    signing = keys.current.kid
    expect(await keys.rotate()).not.toBe(signing)
    await keys.retire(signing)
    expect((await fetch(`${origin}/${contoso}/discovery/v2.0/keys`)).status).toBe(503)
    expect(requests.list()).toHaveLength(1)
  })

  it('finds it as it was, on the same address', async () => {
    const { directory, keys, policies, faults, clock, requests } = emulator()
    const tenant = directory.findTenant(contoso)!
    expect(emulator().origin).toBe(origin)
    expect(directory.isEnabled(directory.findUser(alice)!)).toBe(true)
    expect(directory.tokensValidFrom(directory.findUser(alice)!)).toBe(0)
    expect(directory.findAgent(agent)?.enabled).toBeUndefined()
    expect(directory.rolesOf(daemon, tenant, directory.findApplication(graph)!)).toEqual([])
    expect(directory.consents.list()).toEqual(defaultDirectory.consents)
    expect(policies.list()).toMatchObject([{ name: 'Own', enabled: false }])
    expect(faults.list()).toEqual([])
    expect(clock.setting).toEqual({ offsetMs: 0 })
    expect(requests.list()).toEqual([])
    expect([keys.current.kid, keys.list()]).toMatchObject([signing, { length: 2 }])
    expect((await fetch(`${origin}/${contoso}/discovery/v2.0/keys`)).status).toBe(200)
  })
})
