import { describe, expect, it } from 'vitest'
import {
  createEmulator,
  defaultDirectory,
  EmulatorOptionsError,
  PortInUseError,
  type DirectoryData,
  type EmulatorOptions,
} from '../../src/index.ts'
import { aadsts } from '../../src/kernel/aadsts.ts'
import { alice, claimsOf, contoso, daemon, graph, middleTier, todoApi, webClient } from '../scenario.ts'

const withUser = (changes: Record<string, unknown>): DirectoryData => ({
  ...defaultDirectory,
  users: [{ ...defaultDirectory.users[0]!, ...changes }],
})

const nobody = 'a0000000-0000-4000-8000-00000000ffff'
const consent = { tenantId: contoso, clientId: daemon, resourceId: todoApi, scopes: ['x'] }
const withMore = (list: keyof DirectoryData, item: object) => ({
  directory: { ...defaultDirectory, [list]: [...(defaultDirectory[list] ?? []), item] },
})

const lifetime = (minimumSeconds: number, maximumSeconds: number) => ({
  accessTokenLifetimeSeconds: { minimumSeconds, maximumSeconds },
})

describe('a wrong option is named', () => {
  it.each<[string, unknown, string]>([
    ['a misspelt one', { prot: 1 }, 'prot: there is no such option'],
    ['a port', { port: 70_000 }, 'port: must be an integer between 0 and 65535'],
    ['an origin with a path', { publicOrigin: 'https://x.example/y' }, 'publicOrigin: must be an origin'],
    ['a lifetime', { accessTokenLifetimeSeconds: 0 }, 'accessTokenLifetimeSeconds: must be whole seconds'],
    ['bounds of a lifetime, the lower one last', lifetime(601, 600), 'accessTokenLifetimeSeconds: must be'],
    ['half a second', lifetime(0.5, 600), 'accessTokenLifetimeSeconds: must be'],
    ['no upper bound', lifetime(600, Infinity), 'accessTokenLifetimeSeconds: must be'],
    ['half a port', { port: 0.5 }, 'port: must be an integer between 0 and 65535'],
    ['a port below zero', { port: -1 }, 'port: must be an integer between 0 and 65535'],
    ['an https port', { httpsPort: 65_536 }, 'httpsPort: must be an integer between 0 and 65535'],
    ['an origin of another scheme', { publicOrigin: 'ftp://x.example' }, 'publicOrigin: must be an origin'],
    ['an origin that is none', { publicOrigin: 'x.example' }, 'publicOrigin: must be an origin'],
    [
      'resource indicators',
      { resourceIndicators: 'on' },
      "resourceIndicators: must be 'checked', 'ignored' or 'refused'",
    ],
    ['a user id', { directory: withUser({ id: 'alice' }) }, 'directory.users.0.id: must be a GUID'],
    ['an unknown member', { directory: withUser({ nickname: 'Al' }) }, 'directory.users.0.nickname'],
    ['an unknown tenant', { directory: withUser({ tenantId: todoApi }) }, 'directory.users.0.tenantId'],
    [
      'a tenant that is there twice',
      {
        directory: {
          ...defaultDirectory,
          tenants: [...defaultDirectory.tenants, ...defaultDirectory.tenants],
        },
      },
      `directory.tenants.2.id: ${contoso} is there twice`,
    ],
    [
      'an application that is there twice',
      withMore('applications', { id: daemon, displayName: 'Twice' }),
      `directory.applications.9.id: ${daemon} is there twice`,
    ],
    [
      'an application of an unknown tenant',
      withMore('applications', { id: nobody, displayName: 'X', tenantId: nobody }),
      'directory.applications.9.tenantId',
    ],
    [
      'a consent in an unknown tenant',
      withMore('consents', { ...consent, tenantId: nobody }),
      'directory.consents.8.tenantId',
    ],
    [
      'a consent for an unknown client',
      withMore('consents', { ...consent, clientId: nobody }),
      'directory.consents.8.clientId',
    ],
    [
      'a consent to an unknown API',
      withMore('consents', { ...consent, resourceId: nobody }),
      'directory.consents.8.resourceId',
    ],
    [
      'a role of an unknown API',
      withMore('appRoleAssignments', {
        tenantId: contoso,
        principalId: daemon,
        resourceId: nobody,
        role: 'x',
      }),
      `directory.appRoleAssignments.3.resourceId: ${nobody} is not in the directory`,
    ],
    [
      'a user that is there twice',
      { directory: { ...defaultDirectory, users: [...defaultDirectory.users, ...defaultDirectory.users] } },
      'directory.users.4.id',
    ],
    [
      'a domain of two tenants',
      withMore('tenants', { id: nobody, displayName: 'Other', domains: ['other.example', 'CONTOSO.com'] }),
      'directory.tenants.2.domains: CONTOSO.com is there twice',
    ],
    [
      'a user name of two users',
      withMore('users', {
        ...{ id: nobody, tenantId: contoso, displayName: 'Alice', password: 'x' },
        username: 'Alice@contoso.onmicrosoft.com',
      }),
      'directory.users.4.username: Alice@contoso.onmicrosoft.com is there twice',
    ],
    [
      'a group that is there twice',
      {
        directory: {
          ...defaultDirectory,
          groups: [1, 2].map((n) => ({ id: nobody, displayName: `G${String(n)}` })),
        },
      },
      `directory.groups.1.id: ${nobody} is there twice`,
    ],
  ])('%s', async (_, options, message) => {
    await expect(createEmulator(options as EmulatorOptions)).rejects.toThrow(message)
  })
})

describe('a directory', () => {
  it('gets Microsoft Graph when it has none', async () => {
    const applications = defaultDirectory.applications.filter(({ id }) => id !== graph)
    const consents = defaultDirectory.consents!.filter(({ resourceId }) => resourceId !== graph)
    const emulator = await createEmulator({ directory: { ...defaultDirectory, applications, consents } })
    await emulator.stop()
    expect(emulator.directory.findApplication(graph)?.displayName).toBe('Microsoft Graph')
  })
})

describe('mint', () => {
  it('changes and removes claims and header members', async () => {
    const emulator = await createEmulator({ accessTokenLifetimeSeconds: 600 })
    const token = await emulator.mint({
      client: daemon,
      audience: todoApi,
      claims: { tid: undefined, extra: 1 },
    })
    await emulator.stop()
    const claims = claimsOf(token)
    expect(claims).toMatchObject({ extra: 1, azp: daemon })
    expect(claims).not.toHaveProperty('tid')
    expect(claims['exp'] - claims['iat']).toBe(600)
  })

  it('is over since when it is said, and was issued as long before as it would have lived', async () => {
    const clock = { now: () => 1_800_000_000_000 }
    const emulator = await createEmulator({ accessTokenLifetimeSeconds: 600, clock })
    const timesOf = async (lifetimeSeconds: number): Promise<unknown[]> => {
      const claims = claimsOf(await emulator.mint({ client: daemon, audience: todoApi, lifetimeSeconds }))
      return ['iat', 'nbf', 'exp'].map((name) => Number(claims[name]) - 1_800_000_000)
    }
    expect(await timesOf(-3600)).toEqual([-4200, -4200, -3600])
    expect(await timesOf(0)).toEqual([-600, -600, 0])
    expect(await timesOf(7200)).toEqual([0, 0, 7200])
    await emulator.stop()
  })

  it('is of a session of its own for each token, or of the one that is named', async () => {
    const emulator = await createEmulator()
    const sidOf = async (session?: string): Promise<unknown> => {
      const user = { user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] }
      return claimsOf(await emulator.mint(session === undefined ? user : { ...user, session }))['sid']
    }
    expect(await sidOf('one')).toBe('one')
    const own = [await sidOf(), await sidOf()]
    expect(own[0]).toMatch(/^[\da-f-]{36}$/)
    expect(own[0]).not.toBe(own[1])
    await emulator.stop()
  })

  it.each<[string, object, string]>([
    ['a session that is no text', { session: 1 }, 'mint.session: '],
    ['a misspelt member', { scope: ['x'] }, 'mint.scope: '],
    ['a text for a list', { scopes: 'x' }, 'mint.scopes: '],
    ['no client', { client: undefined }, 'mint.client: '],
    ['a version that is none', { version: 3 }, 'mint.version: '],
    ['a life without end', { lifetimeSeconds: Infinity }, 'mint.lifetimeSeconds: '],
    ['a sign-in that never was', { authTime: -Infinity }, 'mint.authTime: '],
  ])('refuses %s', async (_, changes, said) => {
    const emulator = await createEmulator()
    const minting = emulator.mint({ client: daemon, audience: todoApi, ...changes })
    await expect(minting).rejects.toThrow(EmulatorOptionsError)
    await expect(minting).rejects.toThrow(said)
    await emulator.stop()
  })

  it('says what the directory does not have', async () => {
    const emulator = await createEmulator()
    const missing = emulator.mint({ client: daemon, user: 'nobody', audience: todoApi })
    await expect(missing).rejects.toThrow('mint.user: nobody is not in the directory')
    const stranger = emulator.mint({
      client: daemon,
      user: 'alice@contoso.com',
      tenant: 'fabrikam.onmicrosoft.com',
      audience: todoApi,
    })
    await expect(stranger).rejects.toThrow('mint.user')
    await emulator.stop()
  })

  it('leaves groups out of a token with more than 200 of them, and says where they are', async () => {
    const groups = Array.from({ length: 201 }, (_, index) => `group-${String(index)}`)
    const applications = defaultDirectory.applications.map((it) =>
      it.id === todoApi ? { ...it, optionalClaims: { accessToken: ['groups', 'acct'] } } : it,
    )
    const emulator = await createEmulator({ directory: { ...withUser({ groups }), applications } })
    const claims = claimsOf(
      await emulator.mint({ client: daemon, user: 'alice@contoso.com', audience: todoApi }),
    )
    await emulator.stop()
    expect(claims).not.toHaveProperty('groups')
    expect(claims).toMatchObject({ acct: 0, _claim_names: { groups: 'src1' } })
    expect(JSON.stringify(claims['_claim_sources'])).toContain(contoso)
  })
})

describe('an error of the set-up', () => {
  it('is known by its name, its code and its option', () => {
    const wrong = new EmulatorOptionsError('port', 'must be free')
    expect(String(wrong)).toBe('EmulatorOptionsError: port: must be free')
    expect(wrong).toMatchObject({ code: 'invalid_option', option: 'port' })
    const taken = new PortInUseError('httpsPort', 8443)
    expect(String(taken)).toMatch(/^PortInUseError: httpsPort: port 8443 of 127\.0\.0\.1 is in use/)
    expect(taken).toMatchObject({ code: 'port_in_use', option: 'httpsPort' })
  })
})

describe('the table of AADSTS codes', () => {
  it('has each code once, with a message and a status of an error', () => {
    expect(aadsts.size).toBeGreaterThan(80)
    for (const row of aadsts.values()) {
      expect(row.message.length).toBeGreaterThan(10)
      expect(row.status).toBeGreaterThanOrEqual(400)
    }
  })
})
