// Accounts of a directory of many are counted out once, and again when somebody comes or goes.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator, type Tenant } from '../../src/index.ts'
import { contoso, fabrikam } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const tenantOf = (id: string): Tenant => emulator.directory.findTenant(id)!

it('lists members and guests of a tenant, the same list for as long as nothing changes', () => {
  const { directory } = emulator
  const listed = directory.accountsOf(tenantOf(contoso))
  expect(listed.map(({ user, isGuest }) => [user.displayName, isGuest])).toEqual([
    ['Alice Adams', false],
    ['Bob Brown', false],
    ['Carol Chen', true],
    ['Contoso Assistant', false],
  ])
  expect(directory.accountsOf(tenantOf(contoso))).toBe(listed)
  directory.setEnabled(listed[0]!.user, false)
  expect(directory.accountsOf(tenantOf(contoso))).toBe(listed)
  directory.setEnabled(listed[0]!.user, true)
})

it('finds an account by the object id that it has in that tenant, and in no other', () => {
  const { directory } = emulator
  const guest = 'c0000000-0000-4000-8000-0000000000c9'
  expect(directory.findAccountById(tenantOf(contoso), guest)).toMatchObject({ isGuest: true })
  expect(directory.findAccountById(tenantOf(fabrikam), guest)).toBeUndefined()
})

it('counts again when users are replaced', () => {
  const { directory } = emulator
  const before = directory.accountsOf(tenantOf(contoso))
  const [alice] = defaultDirectory.users
  directory.replace({ ...defaultDirectory, users: [alice!], agentIdentities: [] })
  expect(directory.accountsOf(tenantOf(contoso)).map(({ id }) => id)).toEqual([alice!.id])
  expect(directory.findAccountById(tenantOf(contoso), before[1]!.id)).toBeUndefined()
})
