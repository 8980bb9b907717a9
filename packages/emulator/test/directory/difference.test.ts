// The way back to an earlier moment of a directory: as small as what changed, and it leaves alone what others changed.
import { describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type User } from '../../src/index.ts'
import { differenceOf, withoutChange } from '../../src/directory/difference.ts'
import type { DirectoryState } from '../../src/directory/directory-state.ts'

const userOf = (name: string): User => ({
  id: `id-${name}`,
  tenantId: 'tenant',
  username: `${name}@contoso.com`,
  displayName: name,
})
const [ann, ben, cat, dan] = ['ann', 'ben', 'cat', 'dan'].map(userOf) as [User, User, User, User]
const empty: DirectoryState = {
  tenants: [],
  users: [ann, ben, cat],
  applications: [],
  groups: [],
  agentIdentities: [],
  appRoleAssignments: [],
  disabledUsers: new Set(),
  tokensValidFrom: new Map(),
}
const back = (before: DirectoryState, after: DirectoryState, now = after): DirectoryState =>
  withoutChange(now, differenceOf(before, after))

describe('the way back', () => {
  it('takes out what was added, changes back what was changed, and puts what was removed where it stood', () => {
    const benAgain = { ...ben, displayName: 'Benjamin' }
    expect(back(empty, { ...empty, users: [...empty.users, dan] })).toEqual(empty)
    expect(back(empty, { ...empty, users: [ann, benAgain, cat] })).toEqual(empty)
    expect(back(empty, { ...empty, users: [cat] })).toEqual(empty)
    expect(back(empty, { ...empty, users: [] })).toEqual(empty)
  })

  it('leaves what others have changed since', () => {
    const after = { ...empty, users: [ann, ben, cat, dan] }
    const benAgain = { ...ben, displayName: 'Benjamin' }
    expect(back(empty, after, { ...after, users: [ann, benAgain, dan] }).users).toEqual([ann, benAgain])
  })

  it('is the record as it was, where others have changed the same one', () => {
    const after = { ...empty, users: [ann, { ...ben, displayName: 'Benjamin' }, cat] }
    const now = { ...after, users: [ann, { ...ben, displayName: 'Benny' }, cat] }
    expect(back(empty, after, now).users).toEqual([ann, ben, cat])
  })

  it('goes for sessions that were revoked, and for users that were disabled', () => {
    const before = { ...empty, tokensValidFrom: new Map([['id-ann', 1]]), disabledUsers: new Set(['id-cat']) }
    const after = {
      ...before,
      tokensValidFrom: new Map([
        ['id-ann', 2],
        ['id-ben', 3],
      ]),
      disabledUsers: new Set(['id-ann']),
    }
    expect(back(before, after)).toEqual(before)
  })

  it('goes for assigned roles, which have no id', () => {
    const role = (name: string) => ({ tenantId: 't', principalId: 'p', resourceId: 'r', role: name })
    const before = { ...empty, appRoleAssignments: [role('one')] }
    const after = { ...empty, appRoleAssignments: [...before.appRoleAssignments, role('two')] }
    expect(back(before, after)).toEqual(before)
  })
})

describe('a directory that is replaced', () => {
  it('shares what did not change with what it was, so that a hundred ways back are small', async () => {
    const emulator = await createEmulator()
    const { directory } = emulator
    const before = directory.snapshot()
    const data = directory.toData()
    const [first, ...others] = data.users
    directory.replace({ ...data, users: [{ ...first!, displayName: 'Somebody else' }, ...others] })
    const after = directory.snapshot()
    expect(after.applications).toBe(before.applications)
    expect(after.users.slice(1).every((user, index) => user === before.users[index + 1])).toBe(true)
    const difference = differenceOf(before, after)
    expect(JSON.stringify(difference).length).toBeLessThan(2 * JSON.stringify(first).length + 1000)
    expect(withoutChange(after, difference)).toEqual(before)
    await emulator.stop()
  })

  it('is checked as before, whatever it shares', async () => {
    const emulator = await createEmulator({ directory: defaultDirectory })
    const { directory } = emulator
    const data = directory.toData()
    expect(() => directory.replace({ ...data, users: [...data.users, data.users[0]!] })).toThrow(
      'is there twice',
    )
    await emulator.stop()
  })
})
