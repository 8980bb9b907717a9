// Optional claims: each registration gets exactly the claims that it asks for, from the person, the session or the client.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createEmulator,
  defaultDirectory,
  type Application,
  type DirectoryData,
  type Emulator,
  type User,
} from '../../src/index.ts'
import { readLoginHint } from '../../src/tokens/optional-claims.ts'
import { alice, bob, carol, claimsOf, contoso, daemon, todoApi, webClient, type Json } from '../scenario.ts'

const ofTheUser = ['email', 'upn', 'given_name', 'family_name', 'preferred_username', 'groups', 'acct']
const ofTheSession = ['amr', 'sid', 'auth_time', 'login_hint']
const every = [...ofTheUser, ...ofTheSession, 'xms_cc', 'idtyp', 'tenant_region_scope', 'never_heard_of']
const nameless: User = {
  id: 'c0000000-0000-4000-8000-0000000000d1',
  tenantId: contoso,
  username: 'dora@contoso.onmicrosoft.com',
  password: 'Passw0rd!',
  displayName: 'Dora',
}

const groupsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `group-${String(index)}`)

function directory(application: string, optionalClaims: Application['optionalClaims']): DirectoryData {
  const groups = new Map([
    [alice, groupsOf(1)],
    [bob, groupsOf(200)],
  ])
  return {
    ...defaultDirectory,
    users: [...defaultDirectory.users, nameless].map((user) => {
      const of = groups.get(user.username)
      return of === undefined ? user : { ...user, groups: of }
    }),
    applications: defaultDirectory.applications.map((it) =>
      it.id === application && optionalClaims !== undefined ? { ...it, optionalClaims } : it,
    ),
  }
}

/** The claims of a token that are optional ones. */
const optional = (claims: Json): Json =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => every.includes(name)))

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ directory: directory(todoApi, { accessToken: every }) })
})
afterAll(() => emulator.stop())

async function mint(request: Partial<Parameters<Emulator['mint']>[0]>): Promise<Json> {
  return optional(claimsOf(await emulator.mint({ client: webClient, audience: todoApi, ...request })))
}

describe('an API that registered every optional claim', () => {
  it('learns who the user is, and how and when the session began', async () => {
    const authTime = Math.floor(emulator.clock.now() / 1000) - 60
    const { sid, login_hint: hint, ...claims } = await mint({ user: alice, amr: ['pwd', 'mfa'], authTime })
    expect(claims).toEqual({
      email: 'alice@contoso.com',
      upn: alice,
      given_name: 'Alice',
      family_name: 'Adams',
      preferred_username: alice,
      groups: ['group-0'],
      acct: 0,
      amr: ['pwd', 'mfa'],
      auth_time: authTime,
      tenant_region_scope: 'WW',
    })
    expect(sid).toMatch(/^[0-9a-f-]{36}$/)
    expect(readLoginHint(hint as string)).toBe(alice)
  })

  it('gets no claim that a person has nothing for', async () => {
    const claims = await mint({ user: nameless.username })
    expect(Object.keys(claims).sort()).toEqual(
      [...ofTheSession, 'acct', 'preferred_username', 'tenant_region_scope', 'upn'].sort(),
    )
  })

  it('sees a guest as one', async () => {
    expect((await mint({ user: carol, tenant: contoso }))['acct']).toBe(1)
  })

  it('gets up to 200 groups in the token', async () => {
    expect((await mint({ user: bob }))['groups']).toEqual(groupsOf(200))
  })

  it('learns of an application that it is one, and nothing about a user', async () => {
    expect(await mint({ client: daemon })).toEqual({ idtyp: 'app', tenant_region_scope: 'WW' })
  })

  it('learns which capabilities the client declared', async () => {
    expect((await mint({ client: daemon, capabilities: ['cp1'] }))['xms_cc']).toEqual(['cp1'])
    expect(await mint({ client: daemon, capabilities: [] })).not.toHaveProperty('xms_cc')
  })
})

describe('idtyp', () => {
  it('is in the token of a user only with the property include_user_token', async () => {
    const idtyp = { name: 'idtyp', additionalProperties: ['include_user_token'] }
    const other = await createEmulator({ directory: directory(todoApi, { accessToken: [idtyp] }) })
    const ofUser = await other.mint({ client: webClient, user: alice, audience: todoApi })
    const ofApplication = await other.mint({ client: daemon, audience: todoApi })
    await other.stop()
    expect(claimsOf(ofUser)['idtyp']).toBe('user')
    expect(claimsOf(ofApplication)['idtyp']).toBe('app')
  })
})

describe('an id_token', () => {
  it('has the claims of its client, in its own list and no other', async () => {
    const claims = { idToken: ['upn', 'acct', 'xms_cc'], accessToken: ['email', 'family_name'] }
    const other = await createEmulator({ directory: directory(webClient, claims) })
    const token = claimsOf(await other.mint({ type: 'id', client: webClient, user: alice }))
    await other.stop()
    expect(token).toMatchObject({ upn: alice, acct: 0 })
    expect(token).not.toHaveProperty('xms_cc')
    expect(token).not.toHaveProperty('family_name')
  })
})

describe('a login hint', () => {
  it('may be a user principal name, and what only looks like a claim is taken as it is', () => {
    const claim = `O.${Buffer.from(JSON.stringify([alice, 'the-session'])).toString('base64url')}`
    expect(readLoginHint(claim)).toBe(alice)
    for (const text of [
      alice,
      claim.slice(2),
      claim.replace('O.', 'P.'),
      'O.',
      'O.nonsense',
      `O.${Buffer.from('[]').toString('base64url')}`,
    ])
      expect(readLoginHint(text)).toBe(text)
  })
})

it('tells the groups of the user to a registration that asks for them by kind', async () => {
  const own = directory(todoApi, {})
  const applications = own.applications.map((each) =>
    [todoApi, webClient].includes(each.id)
      ? { ...each, groupMembershipClaims: 'SecurityGroup' as const }
      : each,
  )
  const other = await createEmulator({ directory: { ...own, applications } })
  const token = claimsOf(await other.mint({ user: alice, client: webClient, audience: todoApi }))
  await other.stop()
  expect(token['groups']).toEqual(groupsOf(1))
})
