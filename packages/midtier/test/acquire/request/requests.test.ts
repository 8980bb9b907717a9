import { describe, expect, it } from 'vitest'
import { AcquisitionError } from '../../../src/kernel/errors/errors.ts'
import { parseScopes } from '../../../src/acquire/request/scopes.ts'
import { createAuthority, createOpenIdAuthority } from '../../../src/authority/authority.ts'
import { createTokenRequests } from '../../../src/acquire/request/requests.ts'
import { tokenExchangeProfiles } from '../../../src/grants/token-exchange-profiles.ts'
import { createCaller, createScenario, HandClock, tenantId } from '../scenario.ts'

const { requests, context } = createScenario()
const caller = createCaller(new HandClock())

function reasonOf(build: () => unknown): string | undefined {
  try {
    build()
    return undefined
  } catch (error) {
    if (error instanceof AcquisitionError) return error.reason
    throw error
  }
}

describe('a request that cannot succeed is refused before anything is sent', () => {
  it.each([
    ['no scopes', [], 'scopes_empty'],
    ['nothing but OpenID Connect scopes', ['openid', 'profile', 'offline_access'], 'scopes_empty'],
    ['scopes of two APIs', ['api://a/x', 'api://b/y'], 'several_resources'],
    ['scopes of Graph and of an API', ['User.Read', 'api://b/y'], 'several_resources'],
    ['.default beside a named scope', ['api://a/.default', 'api://a/x'], 'default_scope_mixed'],
    ['a quotation mark', ['api://a/"x"'], 'scopes_malformed'],
    ['a line break inside', ['api://a/x\u0000'], 'scopes_malformed'],
  ])('%s', (_name, scopes, reason) => {
    expect(reasonOf(() => requests.onBehalfOf(caller, { scopes }, context))).toBe(reason)
  })

  it('an application is not acted on behalf of', () => {
    const daemon = createCaller(new HandClock(), 'daemon', '1', {
      kind: 'app',
      scopes: [],
      roles: ['Tasks.Run'],
    })
    const build = () => requests.onBehalfOf(daemon, { scopes: ['api://a/x'] }, context)
    expect(reasonOf(build)).toBe('app_only_caller')
    expect(build).toThrow(/acquireTokenForClient/)
  })

  it.each(['api://a/x', 'User.Read'])('an app-only token for the named scope %s', (scope) => {
    expect(reasonOf(() => requests.forClient({ scopes: [scope] }, context))).toBe('app_scope_not_default')
  })

  it.each(['common', 'organizations', 'Consumers'])('an app-only token in %s', (tenantId) => {
    const build = () => requests.forClient({ scopes: ['api://a/.default'], tenantId }, context)
    expect(reasonOf(build)).toBe('tenant_not_concrete')
    expect(build).toThrow(`An application acts in one tenant: name it instead of "${tenantId.toLowerCase()}"`)
  })

  it('an audience, where the scopes name the API', () => {
    const build = () => requests.onBehalfOf(caller, { scopes: ['api://a/x'], audience: 'b' }, context)
    expect(reasonOf(build)).toBe('audience_not_supported')
  })

  it.each(['not claims', '[]', 'e30x%'])('the claims %j', (claims) => {
    expect(reasonOf(() => requests.onBehalfOf(caller, { scopes: ['api://a/x'], claims }, context))).toBe(
      'claims_malformed',
    )
  })
})

describe('an argument that is of another kind than its type says', () => {
  const scopes = ['api://a/.default']
  const wrong: Readonly<Record<string, readonly [unknown, string]>> = {
    scopes: ['api://a/.default', 'scopes must be a list: write [scope]'],
    audience: [7, 'audience must be a text'],
    claims: [{}, 'claims must be a text'],
    signal: ['aborted', 'signal must be an AbortSignal'],
    timeoutMs: [-1, 'timeoutMs must be a number, 0 or more'],
    correlationId: [7, 'correlationId must be a text'],
  }
  const ways = {
    'on behalf of': (options: never) => requests.onBehalfOf(caller, options, context),
    'as the application': (options: never) => requests.forClient(options, context),
    'of an agent': (options: never) => requests.forAgent({ id: 'a', user: undefined }, options, context),
  }
  it.each(Object.entries(ways))('is named, %s', (_way, build) => {
    for (const [name, [value, message]] of Object.entries(wrong))
      expect(() => build({ scopes, [name]: value } as never)).toThrow(
        expect.objectContaining({ reason: 'argument_invalid', message }) as Error,
      )
    expect(() => build({ scopes, correlationId: 'seven' } as never)).toThrow('correlationId must be a GUID')
    const correlationId = '5A2F6D7E-90C1-4C38-8D4B-3F1B2A5E9000'
    expect(build({ scopes, correlationId } as never)).toMatchObject({ correlationId })
  })

  it.each(['as the application', 'of an agent'] as const)('is named, %s, if it is the tenant', (way) => {
    expect(() => ways[way]({ scopes, tenantId: 7 } as never)).toThrow('tenantId must be a text')
  })
})

describe('scopes of one API, however they are written', () => {
  it.each([
    [
      'bare and full names of Graph',
      [
        'User.Read',
        'https://graph.microsoft.com/Mail.Read',
        '00000003-0000-0000-c000-000000000000/Files.Read',
      ],
    ],
    [
      'an application id with and without scheme',
      ['api://5a2f6d7e-90c1-4c38-8d4b-3f1b2a5e9000/x', '5A2F6D7E-90C1-4C38-8D4B-3F1B2A5E9000/y'],
    ],
    [
      'the double slash of a resource that ends with one',
      ['https://vault.azure.net//user_impersonation', 'https://vault.azure.net/x'],
    ],
    ['e-mail beside Graph', ['email', 'User.Read']],
  ])('%s pass', (_name, scopes) => {
    expect(parseScopes(scopes.join(' ')).scopes).toHaveLength(scopes.length)
  })

  it('the same list has the same key in any order', () => {
    expect(parseScopes('api://a/y api://a/x openid').encoded).toBe(
      parseScopes('api://a/x  api://a/y api://a/x').encoded,
    )
  })
})

describe('a bare scope', () => {
  const inCloud = (host: string): ((scopes: readonly string[]) => string | undefined) => {
    const authority = createAuthority({ instance: `https://${host}`, tenantId })
    const cloud = createTokenRequests({ clientId: 'x', authority, tenantId })
    return (scopes) => reasonOf(() => cloud.onBehalfOf(caller, { scopes }, context))
  }

  it.each([
    ['login.microsoftonline.com', 'graph.microsoft.com'],
    ['login.microsoftonline.us', 'graph.microsoft.us'],
    ['login.microsoftonline.us', 'dod-graph.microsoft.us'],
    ['login.partner.microsoftonline.cn', 'microsoftgraph.chinacloudapi.cn'],
    ['login.emulator.example', 'graph.microsoft.com'],
  ])('is at %s that of Microsoft Graph at %s, and of nothing else', (host, graph) => {
    const reason = inCloud(host)
    expect(reason(['User.Read', `https://${graph}/Mail.Read`])).toBeUndefined()
    expect(reason(['User.Read', 'api://b/y'])).toBe('several_resources')
    expect(reason(['User.Read', `https://${graph}/Mail.Read`, 'api://b/y'])).toBe('several_resources')
    expect(reason(['User.Read', 'https://graph.example/Mail.Read'])).toBe('several_resources')
  })

  it('does not make one API of two hosts of Microsoft Graph', () => {
    const scopes = ['https://graph.microsoft.us/User.Read', 'https://dod-graph.microsoft.us/Mail.Read']
    expect(inCloud('login.microsoftonline.us')(scopes)).toBe('several_resources')
    expect(inCloud('login.microsoftonline.us')(['User.Read', 'https://graph.microsoft.com/Mail.Read'])).toBe(
      'several_resources',
    )
  })
})

describe('the slot of a request', () => {
  const scopes = ['api://a/x']

  it('differs by session, account and tenant', () => {
    const clock = new HandClock()
    const callers = [
      createCaller(clock, 'alice', '1'),
      createCaller(clock, 'alice', '2'),
      createCaller(clock, 'bob', '1'),
      createCaller(clock, 'alice', '1', { tenantId: '44444444-4444-4444-4444-444444444444' }),
    ]
    const keys = callers.map((each) => requests.onBehalfOf(each, { scopes }, context).slot.key)
    expect(new Set(keys).size).toBe(callers.length)
  })

  it('differs by the agent that acts, and from that of the application itself', () => {
    const [one, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
    const built = [undefined, one, other, one].map((agentId) =>
      requests.onBehalfOf(caller, { scopes }, context, agentId),
    )
    const keys = built.map(({ slot }) => slot.key)
    expect(new Set(keys).size).toBe(3)
    expect(keys[3]).toBe(keys[1])
    expect(built.map(({ agent }) => agent?.id)).toEqual([undefined, one, other, one])
    expect(new Set(built.map(({ slot }) => slot.partition)).size).toBe(1) // whoever forgets the user forgets all
  })

  it('of a long-running session is that of its agent, where it has one', () => {
    const facts = { digest: 'd', tenantId, accountId: 'a', partition: 'p', startedAtMs: 0, endsAtMs: 1 }
    const agents = [undefined, '11111111-1111-4111-8111-111111111111']
    const built = agents.map((agentId) => requests.forSession({ ...facts, agentId }, { scopes }, context))
    expect(built.map(({ agent }) => agent?.id)).toEqual(agents)
    expect(built.map(({ slot }) => slot.partition)).toEqual(['p', 'p'])
    expect(new Set(built.map(({ slot }) => slot.key)).size).toBe(2)
  })

  it('follows the session even where two share a principal', () => {
    const other = { ...createCaller(new HandClock(), 'alice', '2'), principal: caller.principal }
    const [first, second] = [caller, other].map(
      (each) => requests.onBehalfOf(each, { scopes }, context).slot.key,
    )
    expect(first).not.toBe(second)
    expect(requests.onBehalfOf(caller, { scopes }, context).slot.key).toBe(first)
  })

  it('stays the same however many lists of scopes were asked for in between', () => {
    const { slot } = requests.onBehalfOf(caller, { scopes }, context)
    for (let index = 0; index < 2000; index += 1)
      requests.onBehalfOf(caller, { scopes: [`api://a/s${index}`] }, context)
    expect(requests.onBehalfOf(caller, { scopes }, context).slot.key).toBe(slot.key)
  })

  it('is the same for equal requests', () => {
    const first = requests.onBehalfOf(caller, { scopes }, context)
    const second = requests.silent(caller, { scopes: [...scopes] }, context)
    expect(second.slot).toEqual(first.slot)
  })

  it("without an account is the session's own, never half of an account's", () => {
    const nameless = { ...createCaller(new HandClock(), 'nameless'), account: undefined }
    const { slot } = requests.onBehalfOf(nameless, { scopes }, context)
    expect(slot.partition).toContain(nameless.assertion.digest)
    expect(slot.partition).not.toBe(
      requests.forClient({ scopes: ['api://a/.default'] }, context).slot.partition,
    )
  })
})

describe('a request to an authority that exchanges tokens by RFC 8693', () => {
  const elsewhere = createTokenRequests({
    clientId: 'middle-tier',
    authority: createOpenIdAuthority({ issuer: 'https://id.example' }),
    tenantId,
    tokenExchange: tokenExchangeProfiles.rfc8693,
  })

  it('may ask for any scopes, or for none beside an audience', () => {
    const scopes = ['todos/read', 'mail/read', 'openid']
    const request = elsewhere.onBehalfOf(caller, { scopes }, context)
    expect([request.grant, request.scopes]).toEqual(['token_exchange', [...scopes].sort()])
    expect(elsewhere.onBehalfOf(caller, { scopes: [], audience: 'todos' }, context).audience).toBe('todos')
    expect(elsewhere.forClient({ scopes: ['read'], audience: 'todos' }, context).grant).toBe(
      'client_credentials',
    )
  })

  it('is refused when it names no API at all', () => {
    expect(reasonOf(() => elsewhere.onBehalfOf(caller, { scopes: [] }, context))).toBe('target_missing')
    expect(reasonOf(() => elsewhere.forClient({ scopes: [] }, context))).toBe('target_missing')
    expect(reasonOf(() => elsewhere.onBehalfOf(caller, { scopes: ['a"b'] }, context))).toBe(
      'scopes_malformed',
    )
  })

  it('has a slot of its own for each audience', () => {
    const audiences = [undefined, 'a', 'b', 'a'] as const
    const keys = audiences.map((audience) => {
      const options = { scopes: ['read'], ...(audience === undefined ? {} : { audience }) }
      return [elsewhere.onBehalfOf(caller, options, context), elsewhere.forClient(options, context)].map(
        ({ slot }) => slot.key,
      )
    })
    expect(new Set(keys.flat()).size).toBe(6)
    expect(keys[3]).toEqual(keys[1])
  })
})
