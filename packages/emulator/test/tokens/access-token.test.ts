// The claims of access tokens of both versions: everything that every token has, and nothing that only some have.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator, type MintRequest } from '../../src/index.ts'
import {
  alice,
  carol,
  claimsOf,
  contoso,
  daemon,
  fabrikam,
  headerOf,
  legacyApi,
  middleTier,
  onBehalfOf,
  postToken,
  todoApi,
  webClient,
  type Json,
} from '../scenario.ts'

const dora = 'dora@contoso.onmicrosoft.com'
const plain = 'a0000000-0000-4000-8000-0000000000f2'

let emulator: Emulator
beforeAll(async () => {
  const nameless = {
    id: 'c0000000-0000-4000-8000-0000000000d1',
    tenantId: contoso,
    username: dora,
    password: 'Passw0rd!',
    displayName: 'Dora',
  }
  const api = {
    id: plain,
    displayName: 'Plain API',
    tenantId: contoso,
    accessTokenAcceptedVersion: 2 as const,
    scopes: [{ value: 'x' }],
  }
  emulator = await createEmulator({
    directory: {
      ...defaultDirectory,
      users: [...defaultDirectory.users, nameless],
      applications: [...defaultDirectory.applications, api],
    },
  })
})
afterAll(() => emulator.stop())

const mint = (request: Partial<MintRequest>): Promise<string> =>
  emulator.mint({ client: webClient, audience: plain, tenant: contoso, ...request })

const always = ['aio', 'aud', 'exp', 'iat', 'iss', 'nbf', 'oid', 'rh', 'sub', 'tid', 'uti', 'ver']
const namesOf = (claims: Json): readonly string[] => Object.keys(claims).sort()
const all = (...more: readonly string[]): readonly string[] => [...always, ...more].sort()

describe('a v2 token', () => {
  const ofUser = ['azp', 'azpacr', 'name', 'preferred_username', 'scp', 'xms_ftd']

  it('of a user', async () => {
    const token = await mint({ user: alice, scopes: ['x', 'y'] })
    const claims = claimsOf(token)
    expect(namesOf(claims)).toEqual(all(...ofUser))
    expect(claims).toMatchObject({
      aud: plain,
      iss: `${emulator.origin}/${contoso}/v2.0`,
      azp: webClient,
      azpacr: '0',
      name: 'Alice Adams',
      preferred_username: alice,
      scp: 'x y',
      tid: contoso,
      ver: '2.0',
    })
    expect(Object.keys(headerOf(token)).sort()).toEqual(['alg', 'kid', 'typ'])
  })

  it('of a guest says where they come from', async () => {
    const claims = claimsOf(await mint({ user: carol }))
    expect(namesOf(claims)).toEqual(all(...ofUser, 'idp'))
    expect(claims['idp']).toBe(`${emulator.origin}/${fabrikam}/`)
  })

  it('of an application is about its service principal', async () => {
    const claims = claimsOf(await mint({ client: daemon, roles: ['r'] }))
    expect(namesOf(claims)).toEqual(all('azp', 'azpacr', 'roles', 'xms_ftd'))
    expect(claims['sub']).toBe(claims['oid'])
    expect(claims['roles']).toEqual(['r'])
    expect(claims['azpacr']).toBe('1')
    expect(claimsOf(await mint({ client: daemon }))).not.toHaveProperty('roles')
    const elsewhere = claimsOf(await mint({ client: middleTier, tenant: fabrikam }))
    expect(elsewhere['oid']).not.toBe(claimsOf(await mint({ client: middleTier }))['oid'])
  })
})

describe('a v1 token', () => {
  const ofUser = ['acr', 'amr', 'appid', 'appidacr', 'ipaddr', 'name', 'scp', 'sid', 'unique_name']
  const v1 = { audience: 'api://legacy.contoso.com' }

  it('of a user', async () => {
    const token = await mint({ ...v1, user: alice, scopes: ['x'] })
    const claims = claimsOf(token)
    expect(namesOf(claims)).toEqual(all(...ofUser, 'family_name', 'given_name', 'upn'))
    expect(claims).toMatchObject({
      aud: 'api://legacy.contoso.com',
      iss: `${emulator.origin}/${contoso}/`,
      acr: '1',
      amr: ['pwd'],
      appid: webClient,
      appidacr: '0',
      family_name: 'Adams',
      given_name: 'Alice',
      ipaddr: '127.0.0.1',
      unique_name: alice,
      upn: alice,
      ver: '1.0',
    })
    expect(headerOf(token)['x5t']).toBe(headerOf(token)['kid'])
    expect(claimsOf(await mint({ audience: legacyApi, user: alice }))['aud']).toBe(legacyApi)
  })

  it('of a user without names has none', async () => {
    expect(namesOf(claimsOf(await mint({ ...v1, user: dora })))).toEqual(all(...ofUser, 'upn'))
  })

  it('of a guest has no user principal name', async () => {
    const claims = claimsOf(await mint({ ...v1, user: carol }))
    expect(namesOf(claims)).toEqual(all(...ofUser, 'family_name', 'given_name', 'idp'))
    expect(claims).toMatchObject({ idp: `${emulator.origin}/${fabrikam}/`, unique_name: carol })
  })

  it('of an application is of its own tenant', async () => {
    const claims = claimsOf(await mint({ ...v1, client: daemon }))
    expect(namesOf(claims)).toEqual(all('appid', 'appidacr', 'idp'))
    expect(claims['idp']).toBe(claims['iss'])
    expect(claims['sub']).toBe(claims['oid'])
  })
})

describe('the session of a token', () => {
  const exchange = async (claims: Record<string, unknown>): Promise<Json> => {
    const assertion = await emulator.mint({
      user: alice,
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
      amr: ['pwd', 'mfa'],
      claims,
    })
    const { body } = await postToken(emulator, onBehalfOf(assertion, { scope: `${todoApi}/.default` }))
    return claimsOf(body['access_token'] as string)
  }

  it('is the one sealed into it, whatever else it says', async () => {
    expect((await exchange({ sid: 'another' }))['sid']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is the one that a token made elsewhere tells, or a new one', async () => {
    expect((await exchange({ aio: 'elsewhere', sid: 'its-own' }))['sid']).toBe('its-own')
    const unnamed = await exchange({ aio: undefined, sid: undefined })
    expect(unnamed['sid']).toMatch(/^[A-Za-z0-9+/]{48}$/)
  })
})

describe('how long a token lives', () => {
  it('is drawn between the bounds, the same each time for the same request, another for another', async () => {
    const lifetimeSeconds = { minimumSeconds: 600, maximumSeconds: 604 }
    const drawn = await createEmulator({ accessTokenLifetimeSeconds: lifetimeSeconds })
    const lifetimes = await Promise.all(
      defaultDirectory.applications.flatMap(({ id: client }) =>
        [todoApi, legacyApi, middleTier].map(async (audience) => {
          const of = async (): Promise<number> => {
            const { iat, exp } = claimsOf(await drawn.mint({ client, audience, tenant: contoso }))
            return (exp as number) - (iat as number)
          }
          const [once, again] = [await of(), await of()]
          expect(again).toBe(once)
          return once
        }),
      ),
    )
    await drawn.stop()
    expect([...new Set(lifetimes)].sort()).toEqual([600, 601, 602, 603, 604])
  })
})

describe('what only Entra reads', () => {
  it('is fresh in each token, except what stands for tenant and client', async () => {
    const [one, other] = [claimsOf(await mint({ user: alice })), claimsOf(await mint({ user: alice }))]
    expect(one['rh']).toMatch(/^1\.[\w-]{32}\.$/)
    expect(other['rh']).toBe(one['rh'])
    for (const name of ['aio', 'uti', 'xms_ftd']) expect(other[name]).not.toBe(one[name])
    expect(one['uti']).toMatch(/^[\w-]{22}$/)
    for (const another of [{ client: daemon }, { tenant: fabrikam, client: middleTier }])
      expect(claimsOf(await mint(another))['rh']).not.toBe(one['rh'])
  })

  it('is one subject for a user at an API, and another at the next, in the next tenant and of the next user', async () => {
    const subject = async (request: Partial<MintRequest>): Promise<unknown> =>
      claimsOf(await mint(request))['sub']
    const one = await subject({ user: alice })
    expect(one).toMatch(/^[\w-]{43}$/)
    expect(await subject({ user: alice, client: daemon })).toBe(one)
    const others = [{ user: alice, audience: todoApi }, { user: dora }, { user: carol }]
    const subjects = await Promise.all([...others, { user: carol, tenant: fabrikam }].map(subject))
    expect(new Set([one, ...subjects]).size).toBe(5)
  })
})
