// Policies as data: what is filled in, what is refused, and how they are switched.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, EmulatorOptionsError, type Emulator } from '../../src/index.ts'
import { alice, contoso, todoApi } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.policies.clear())

const complaintOf = (work: () => unknown): EmulatorOptionsError => {
  try {
    work()
  } catch (error) {
    if (error instanceof EmulatorOptionsError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a policy', () => {
  it('gets an id, a name, an API and a state when it says none', () => {
    const { id } = emulator.policies.add({ kind: 'require_mfa' })
    expect(emulator.policies.list()).toEqual([
      { id, kind: 'require_mfa', name: 'Require MFA for all APIs', resource: 'all', enabled: true },
    ])
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('has the same id on every start', async () => {
    const { id } = emulator.policies.add({ kind: 'block', name: 'Nobody' })
    const other = await createEmulator({ policies: [{ kind: 'block', name: 'Nobody' }] })
    expect(other.policies.find('nobody')?.id).toBe(id)
    await other.stop()
  })

  it.each(['To Do API', 'to do api', `api://${todoApi}`, `api://${todoApi}/`, todoApi.toUpperCase()])(
    'finds its API by %s',
    (resource) => {
      const { id } = emulator.policies.add({ kind: 'require_mfa', resource })
      expect(emulator.policies.find(id)).toMatchObject({
        resource: todoApi,
        name: 'Require MFA for To Do API',
      })
    },
  )

  it('knows its users by name or object id, and its tenant by domain', () => {
    const users = [alice.toUpperCase(), 'c0000000-0000-4000-8000-0000000000c9']
    const { id } = emulator.policies.add({ kind: 'block', users, tenant: 'contoso.com' })
    expect(emulator.policies.find(id)).toMatchObject({
      users: [alice, 'carol@fabrikam.onmicrosoft.com'],
      tenant: contoso,
    })
  })

  it.each<[string, unknown, string]>([
    ['no kind', {}, 'policy.kind'],
    ['an unknown kind', { kind: 'require_luck' }, 'policy.kind'],
    ['an unknown member', { kind: 'block', until: 'noon' }, 'policy.until'],
    ['a member of another kind', { kind: 'block', maxAgeSeconds: 60 }, 'policy.maxAgeSeconds'],
    ['an API that is not there', { kind: 'block', resource: 'Nothing' }, 'policy.resource'],
    ['a user who is not there', { kind: 'block', users: [alice, 'nobody'] }, 'policy.users.1'],
    ['no users at all', { kind: 'block', users: [] }, 'policy.users'],
    ['a tenant that is not there', { kind: 'block', tenant: 'nowhere.example' }, 'policy.tenant'],
    ['no age', { kind: 'sign_in_frequency' }, 'policy.maxAgeSeconds'],
    ['an age of nothing', { kind: 'sign_in_frequency', maxAgeSeconds: 0 }, 'policy.maxAgeSeconds'],
    ['no context', { kind: 'require_auth_context' }, 'policy.authContext'],
    [
      'a context that does not exist',
      { kind: 'require_auth_context', authContext: 'c100' },
      'policy.authContext',
    ],
    ['an id that is none', { kind: 'block', id: 'one' }, 'policy.id'],
    ['nothing', undefined, 'policy'],
  ])('with %s is refused by the name of the member', (_, definition, option) => {
    expect(complaintOf(() => emulator.policies.add(definition as never)).option).toBe(option)
    expect(emulator.policies.list()).toEqual([])
  })
})

describe('the policies of an emulator', () => {
  it('come from the directory and from the options, which win by id', async () => {
    const id = 'b0000000-0000-4000-8000-0000000000aa'
    const directory = { ...defaultDirectory, policies: [{ id, kind: 'block' as const, enabled: false }] }
    const policies = [
      { id, kind: 'require_mfa' as const },
      { kind: 'block' as const, resource: 'To Do API' },
    ]
    const other = await createEmulator({ directory, policies })
    expect(other.policies.list().map(({ kind, enabled }) => [kind, enabled])).toEqual([
      ['require_mfa', true],
      ['block', true],
    ])
    await other.stop()
  })

  it('are refused by their path at the start', async () => {
    const wrong = [{ kind: 'block' }, { kind: 'sign_in_frequency' }] as never
    const directory = { ...defaultDirectory, policies: wrong }
    await expect(createEmulator({ policies: wrong })).rejects.toThrow(/^policies\.1\.maxAgeSeconds: /)
    await expect(createEmulator({ directory })).rejects.toThrow(/^directory\.policies\.1\.maxAgeSeconds: /)
    const twice = [{ kind: 'block' }, { kind: 'block' }] as never
    await expect(createEmulator({ policies: twice })).rejects.toThrow(/^policies\.1\.id: /)
  })

  it('of the default directory are all switched off', async () => {
    const other = await createEmulator()
    expect(other.policies.list().length).toBeGreaterThan(4)
    expect(other.policies.list().filter(({ enabled }) => enabled)).toEqual([])
    await other.stop()
  })

  it('are switched by id or by name, and stay in the list', () => {
    const added = emulator.policies.add({ kind: 'block', name: 'Nobody' })
    expect(emulator.policies.disable('NOBODY').enabled).toBe(false)
    expect(emulator.policies.enable(added.id).enabled).toBe(true)
    added.disable()
    expect(emulator.policies.list().map(({ enabled }) => enabled)).toEqual([false])
    added.enable()
    added.remove()
    expect(emulator.policies.list()).toEqual([])
    expect(emulator.policies.remove('Nobody')).toBe(false)
  })

  it('say which ones there are when an unknown one is switched', () => {
    emulator.policies.add({ kind: 'block', name: 'Nobody' })
    expect(complaintOf(() => emulator.policies.enable('Nobdy')).message).toBe(
      'policies: "Nobdy" is not a policy; there are "Nobody"',
    )
    expect(complaintOf(() => emulator.policies.disable('Nobdy')).option).toBe('policies')
  })

  it('are replaced one by one with the same id, and all at once or not at all', () => {
    emulator.policies.add({ kind: 'block', name: 'One' })
    emulator.policies.add({ kind: 'require_mfa', name: 'One' })
    expect(emulator.policies.list().map(({ kind }) => kind)).toEqual(['require_mfa'])
    const saved = emulator.policies.list()
    complaintOf(() => emulator.policies.set([{ kind: 'block' }, { kind: 'sign_in_frequency' }]))
    expect(emulator.policies.list()).toEqual(saved)
    emulator.policies.set([{ kind: 'block' }])
    expect(emulator.policies.set(saved)).toEqual(saved)
  })

  it('are bounded in number', () => {
    const many = Array.from({ length: 201 }, (_, index) => ({
      kind: 'block' as const,
      name: `Block ${String(index)}`,
    }))
    expect(complaintOf(() => emulator.policies.set(many)).message).toContain('at most 200')
    emulator.policies.set(many.slice(1))
    expect(complaintOf(() => emulator.policies.add({ kind: 'block' })).message).toContain('at most 200')
  })
})
