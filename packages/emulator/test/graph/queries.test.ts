// $filter, $select and $top of collections, and the links to the next page.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import { alice, bob, type Json } from '../scenario.ts'
import { ask, dora, startGraph, tokenFor, tokenOfApplication } from './graph-world.ts'

let emulator: Emulator
let basic: string
let full: string
beforeAll(async () => {
  emulator = await startGraph()
  basic = await tokenFor(emulator, 'User.ReadBasic.All')
  full = await tokenOfApplication(emulator, 'User.Read.All')
})
afterAll(() => emulator.stop())

const query = (text: string): string => `/users?${text.replaceAll(/[ ']/g, encodeURIComponent)}`
const namesOf = ({ body }: { body: Json }): string[] =>
  (body['value'] as Json[]).map((it) => it['userPrincipalName'] as string)

describe('$filter', () => {
  it.each([
    [`userPrincipalName eq '${bob}'`, [bob]],
    [`displayName eq 'ALICE adams'`, [alice]],
    [`displayName eq 'Dora O''Neill'`, [dora]],
    [`jobTitle eq 'Engineer' and displayName eq 'Bob Brown'`, [bob]],
    [`jobTitle eq 'Engineer'`, [bob, dora]],
    [`id eq c0000000-0000-4000-8000-0000000000b1`, [bob]],
    [`accountEnabled eq false`, []],
    [`officeLocation eq null and jobTitle eq 'Engineer'`, [dora]],
    [`officeLocation eq NULL and accountEnabled eq True and jobTitle eq 'Engineer'`, [dora]],
    [`accountEnabled eq FALSE`, []],
    [`displayName eq ''`, []],
  ])('finds by %s', async (filter, found) => {
    expect(namesOf(await ask(emulator, query(`$filter=${filter}`), full))).toEqual(found)
  })

  it('knows who was disabled since', async () => {
    const user = emulator.directory.findUser(bob)!
    emulator.directory.setEnabled(user, false)
    const found = namesOf(await ask(emulator, query('$filter=accountEnabled eq false'), full))
    emulator.directory.setEnabled(user, true)
    expect(found).toEqual([bob])
  })

  it.each([
    [`startswith(displayName,'A')`],
    [`displayName ne 'x'`],
    [`displayName eq 'x' or displayName eq 'y'`],
    [`displayName eq`],
    [`displayName eq 'x' and `],
    [`shoeSize eq 'x'`],
    [``],
  ])('is refused when it says %s', async (filter) => {
    const { status, body } = await ask(emulator, query(`$filter=${filter}`), full)
    expect(status).toBe(400)
    expect(body['error']).toMatchObject({ code: 'Request_UnsupportedQuery' })
  })

  it('tells nobody by the way what is not shown', async () => {
    const { status } = await ask(emulator, query(`$filter=jobTitle eq 'Engineer'`), basic)
    expect(status).toBe(400)
  })
})

describe('$select', () => {
  it('leaves what was named, in a list and of one', async () => {
    const { body } = await ask(emulator, query('$select=displayName, accountEnabled&$top=1'), full)
    expect(body['value']).toEqual([{ displayName: 'Alice Adams', accountEnabled: true }])
    expect(body['@odata.context']).toBe(`${emulator.origin}/v1.0/$metadata#users(displayName,accountEnabled)`)
    const one = await ask(emulator, `/users/${bob}?$select=id,userType`, full)
    expect(one.body).toEqual({
      '@odata.context': `${emulator.origin}/v1.0/$metadata#users(id,userType)/$entity`,
      id: 'c0000000-0000-4000-8000-0000000000b1',
      userType: 'Member',
    })
  })

  it.each(['shoeSize', 'displayName,shoeSize', ''])('is refused when it names %j', async (names) => {
    const { status, body } = await ask(emulator, query(`$select=${names}`), full)
    expect([status, body['error'].code]).toEqual([400, 'BadRequest'])
  })

  it('gives no more than the caller may read', async () => {
    expect((await ask(emulator, query('$select=jobTitle'), basic)).status).toBe(400)
    const { body } = await ask(emulator, query('$top=1'), full)
    expect(body['value'][0]).not.toHaveProperty('userType')
  })
})

it('a link to the next page keeps what was asked for', async () => {
  const first = await ask(
    emulator,
    query(`$filter=jobTitle eq 'Engineer'&$select=userPrincipalName&$top=1`),
    full,
  )
  expect(first.body['value']).toEqual([{ userPrincipalName: bob }])
  const second = await ask(emulator, first.body['@odata.nextLink'] as string, full)
  expect(second.body['value']).toEqual([{ userPrincipalName: dora }])
  expect(second.body).not.toHaveProperty('@odata.nextLink')
})

it.each(['User.Read.All', 'Directory.Read.All'])(
  'whoever has %s for a user sees everything of everyone',
  async (scope) => {
    const { body } = await ask(emulator, `/users/${bob}`, await tokenFor(emulator, scope))
    expect(body).toMatchObject({ jobTitle: 'Engineer' })
  },
)

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/queries.txt')
})
