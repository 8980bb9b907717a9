// Consents, seeded and given: what is granted, narrowed and taken back, and what a restart finds again.
import { describe, expect, it } from 'vitest'
import { Consents } from '../../src/directory/consents.ts'
import type { Consent } from '../../src/directory/model.ts'
import { createMemoryState } from '../../src/kernel/state.ts'

const tasks: Consent = { tenantId: 'contoso', clientId: 'web', resourceId: 'tasks', scopes: ['read'] }
const ofAlice: Consent = { ...tasks, userId: 'alice' }
const others: readonly Consent[] = [
  { ...tasks, tenantId: 'fabrikam' },
  { ...tasks, clientId: 'daemon' },
  { ...tasks, resourceId: 'mail' },
  ofAlice,
]

const load = (seeded: readonly Consent[] = [], state = createMemoryState()): Promise<Consents> =>
  Consents.load(state, seeded)

/** As a restart finds them: in another object, on the same state. */
async function afterRestart(
  seeded: readonly Consent[],
  act: (consents: Consents) => Promise<unknown>,
): Promise<readonly Consent[]> {
  const state = createMemoryState()
  const consents = await load(seeded, state)
  await act(consents)
  expect((await load(seeded, state)).list()).toEqual(consents.list())
  return consents.list()
}

describe('what is granted', () => {
  it('joins what the same client has of the same API for the same user, and nothing else', async () => {
    const given = await afterRestart([], async (consents) => {
      for (const other of others) await consents.grant(other)
      await consents.grant({ ...tasks, scopes: ['write'] })
      await consents.grant({ ...tasks, scopes: ['write', 'delete'] })
    })
    expect(given).toEqual([...others, { ...tasks, scopes: ['write', 'delete'] }])
  })

  it('adds to what the directory began with', async () => {
    const consents = await load([tasks])
    await consents.grant({ ...tasks, scopes: ['write'] })
    expect(consents.list()).toEqual([tasks, { ...tasks, scopes: ['write'] }])
  })

  it('counts for a user: their own and the one for everybody, of that client, API and tenant alone', async () => {
    const consents = await load([
      tasks,
      { ...ofAlice, scopes: ['write'] },
      { ...tasks, userId: 'bob', scopes: ['of bob'] },
      ...others.slice(0, 3).map((other) => ({ ...other, scopes: ['elsewhere'] })),
    ])
    const query = { tenantId: 'contoso', clientId: 'web', userId: 'alice' }
    expect([...consents.scopesFor(query, 'tasks')]).toEqual(['read', 'write'])
    expect([...consents.scopesFor(query, 'nothing')]).toEqual([])
    expect(consents.hasAny(query)).toBe(true)
    expect(consents.hasAny({ ...query, clientId: 'nobody' })).toBe(false)
    expect(consents.hasAny({ ...query, tenantId: 'nowhere' })).toBe(false)
  })

  it('makes the client present in that tenant, for one user or for everybody', async () => {
    const consents = await load([ofAlice])
    expect(consents.knows('contoso', 'web')).toBe(true)
    expect(consents.knows('fabrikam', 'web')).toBe(false)
    expect(consents.knows('contoso', 'daemon')).toBe(false)
  })

  it('is forgotten, the oldest first, when there are more than ten thousand', async () => {
    const given = Array.from({ length: 10_000 }, (_, index) => ({ ...tasks, clientId: String(index) }))
    const state = createMemoryState()
    await state.write('consents.json', JSON.stringify({ given, revoked: [] }))
    const consents = await load([], state)
    await consents.grant(tasks)
    expect(consents.list()).toHaveLength(10_000)
    expect(consents.knows('contoso', '0')).toBe(false)
    expect(consents.knows('contoso', '1')).toBe(true)
    expect(consents.knows('contoso', 'web')).toBe(true)
  })
})

describe('what is taken back', () => {
  const all = [tasks, ...others]

  it.each<[string, Parameters<Consents['revoke']>[0], readonly Consent[]]>([
    ['of a client in a tenant', { tenantId: 'contoso', clientId: 'web' }, [others[0]!, others[1]!]],
    [
      'of one API',
      { tenantId: 'contoso', clientId: 'web', resourceId: 'tasks' },
      [others[0]!, others[1]!, others[2]!],
    ],
    [
      'of one user, not the one for everybody',
      { tenantId: 'contoso', clientId: 'web', userId: 'alice' },
      [tasks, others[0]!, others[1]!, others[2]!],
    ],
    ['of nobody', { tenantId: 'nowhere', clientId: 'web' }, all],
    ['of a scope that nobody granted', { tenantId: 'contoso', clientId: 'web', scopes: ['none'] }, all],
  ])('%s is gone, seeded or given, and stays so', async (_, query, left) => {
    const gone = all.length - left.length
    const seeded = await afterRestart(all, async (consents) => {
      expect(await consents.revoke(query)).toBe(gone)
    })
    expect(seeded).toEqual(left)
    const given = await afterRestart([], async (consents) => {
      for (const consent of all) await consents.grant(consent)
      expect(await consents.revoke(query)).toBe(gone)
    })
    expect(given).toEqual(left)
  })

  it.each([
    ['seeded', [{ ...tasks, scopes: ['read', 'write'] }, ofAlice], []],
    ['given', [], [{ ...tasks, scopes: ['read', 'write'] }, ofAlice]],
  ])('are some scopes of what was %s, and the rest stays', async (_, seeded, granted) => {
    const left = await afterRestart(seeded, async (consents) => {
      for (const consent of granted) await consents.grant(consent)
      expect(await consents.revoke({ tenantId: 'contoso', clientId: 'web', scopes: ['read', 'other'] })).toBe(
        2,
      )
    })
    expect(left).toEqual([{ ...tasks, scopes: ['write'] }])
  })

  it('is written down once, however often it is taken back', async () => {
    const state = createMemoryState()
    const consents = await load(all, state)
    const query = { tenantId: 'contoso', clientId: 'web' }
    expect(await consents.revoke(query)).toBe(3)
    const written = await state.read('consents.json')
    expect(await consents.revoke(query)).toBe(0)
    expect(await state.read('consents.json')).toBe(written)
  })

  it('can be granted again', async () => {
    const again = await afterRestart([tasks], async (consents) => {
      await consents.revoke({ tenantId: 'contoso', clientId: 'web' })
      await consents.revoke({ tenantId: 'contoso', clientId: 'web' })
      await consents.grant({ ...tasks, scopes: ['write'] })
    })
    expect(again).toEqual([{ ...tasks, scopes: ['write'] }])
  })
})
