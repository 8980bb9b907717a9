// What is written when the owner asks for more than failures: refused callers by level and at a bounded rate, and a record of every token.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answer,
  clientSecret,
  ConfigurationError,
  createWebApi,
  type Caller,
  type Logger,
  type Requirements,
  type WebApi,
  type WebApiOptions,
} from '../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  serveEntra,
  type FakeAuthority,
  type MovableClock,
} from './authority/fake-authority.ts'
import { clientId, createSigner, nowSeconds, signToken, tenantId, userClaims } from './jwt/token-builder.ts'

const signer = createSigner('entra-key')
const stranger = createSigner('entra-key')
const traceId = 'a'.repeat(32)
const agentId = 'a9e00000-0000-4000-8000-000000000001'

interface Line {
  readonly level: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

let clock: MovableClock
let authority: FakeAuthority
let lines: Line[]
let audited: Line[]
let tokenEndpoint: () => Response

const into =
  (of: () => Line[], level: string): Logger['error'] =>
  (fields, message) =>
    void of().push({ level, fields, message })

const logger: Required<Logger> = {
  error: into(() => lines, 'error'),
  warn: into(() => lines, 'warn'),
  info: into(() => lines, 'info'),
}
const auditLogger = { info: into(() => audited, 'info') }

beforeEach(() => {
  clock = createClock()
  authority = createFakeAuthority()
  serveEntra(authority, [signer])
  ;[lines, audited] = [[], []]
  tokenEndpoint = () =>
    Response.json({ token_type: 'Bearer', access_token: 'downstream-token', expires_in: 3600 })
})

function createApi(options: Partial<WebApiOptions> = {}): WebApi {
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret('s3cret-of-the-api'),
    downstreamApis: { todo: { baseUrl: 'https://todo.example/api/', scopes: ['api://todo/.default'] } },
    resilience: { maxRetries: 0 },
    fetch: async (input, init) => {
      const url = String(input)
      if (url.endsWith('/token')) return tokenEndpoint()
      return url.startsWith('https://todo.example/') ? Response.json({}) : authority.fetch(input, init)
    },
    clock,
    logger,
    ...options,
  })
}

function send(
  api: WebApi,
  bearer: string | undefined,
  more: object = {},
  requirements: Requirements = { scopes: ['access_as_user'] },
): Promise<Caller> {
  const headers: Readonly<Record<string, string | undefined>> = {
    authorization: bearer === undefined ? undefined : `Bearer ${bearer}`,
    traceparent: `00-${traceId}-${'b'.repeat(16)}-01`,
    ...more,
  }
  return api.authenticate({ header: (name) => headers[name], method: 'GET', url: '/' }, requirements)
}

const token = (claims: object = {}, by = signer): string =>
  signToken({ claims: userClaims({ ...claims }), signer: by })

const refused = (api: WebApi, bearer: string | undefined): Promise<unknown> =>
  send(api, bearer).then(
    () => undefined,
    (error: unknown) => answer(error),
  )

describe('refused callers', () => {
  it('are in no log unless that was asked for', async () => {
    const api = createApi()
    await send(api, token()) // before any is accepted, the owner may be at fault
    await refused(api, token({ aud: 'api://other' }))
    expect(lines).toEqual([])
  })

  it.each([
    ['no token', undefined, { level: 'info', status: 401, reason: 'token_missing' }],
    ['a token that is over', { exp: nowSeconds - 4000 }, { level: 'info', status: 401, reason: 'expired' }],
    ['a token for another API', { aud: 'api://other' }, { level: 'warn', status: 401, reason: 'audience' }],
    ['a scope that is missing', { scp: 'other' }, { level: 'warn', status: 403, reason: 'scopes' }],
  ])('are a line each: %s', async (_name, claims, { level, status, reason }) => {
    const api = createApi({ logRefusals: true })
    await send(api, token())
    await refused(api, claims && token(claims))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      level,
      fields: { status, code: 'bearer_refused', reason, traceId },
      message: `${status} bearer_refused: ${reason}`,
    })
    expect(lines[0]?.fields['callerClientId']).toBe(status === 403 ? userClaims()['azp'] : undefined)
    expect(Object.values(lines[0]?.fields ?? {})).not.toContain(undefined)
  })

  it.each<[string, Requirements]>([
    ['a role', { roles: ['Admin'] }],
    ['a group', { groups: ['c0000000-0000-4000-8000-00000000dead'] }],
    ['a step-up', { authenticationContext: 'c1' }],
    ['a check of its own', { check: () => false }],
  ])('name the client that lacks something: %s', async (_name, requirements) => {
    const api = createApi({ logRefusals: true })
    await send(api, token(), {}, requirements).catch((error: unknown) => answer(error))
    expect(lines).toMatchObject([{ fields: { status: 403, callerClientId: userClaims()['azp'] } }])
  })

  it('of one client crowd out none of another', async () => {
    const api = createApi({ logRefusals: true })
    const others = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
    for (const azp of others)
      for (let index = 0; index < 12; index += 1) await refused(api, token({ scp: 'other', azp }))
    const named = lines.map(({ fields }) => fields['callerClientId'])
    expect(named).toEqual(others.flatMap((azp) => Array.from({ length: 10 }, () => azp)))
  })

  it('are warnings where the signature is nobody’s', async () => {
    await refused(createApi({ logRefusals: true }), token({}, stranger))
    expect(lines).toMatchObject([{ level: 'warn', fields: { reason: 'signature', error: 'invalid_token' } }])
  })

  it('are those too who have to sign in once more, when that is answered, once', async () => {
    tokenEndpoint = () =>
      Response.json(
        { error: 'interaction_required', error_codes: [50076], error_description: 'AADSTS50076: MFA' },
        { status: 400 },
      )
    const caller = await send(createApi({ logRefusals: true }), token())
    const error: unknown = await caller
      .downstream('todo')
      .get('todos')
      .catch((thrown: unknown) => thrown)
    expect(lines).toEqual([])
    expect(answer(error)?.status).toBe(401)
    answer(error)
    expect(lines).toMatchObject([
      {
        level: 'info',
        fields: { status: 401, code: 'interaction_required', errorNumbers: [50076], api: 'todo', traceId },
      },
    ])
  })

  it('flood no log: ten lines a minute of a kind, and then how many were left out', async () => {
    const api = createApi({ logRefusals: true })
    await send(api, token())
    for (let index = 0; index < 25; index += 1) await refused(api, token({ aud: 'api://other' }))
    await refused(api, undefined)
    expect(lines.map(({ fields }) => fields['reason'])).toEqual([
      ...Array.from({ length: 10 }, () => 'audience'),
      'token_missing',
    ])
    clock.advanceSeconds(61)
    await refused(api, token({ aud: 'api://other' }))
    expect(lines.at(-1)?.fields).toMatchObject({ reason: 'audience', leftOut: 15 })
  })

  it('do not crowd out failures', async () => {
    const api = createApi({ logRefusals: true })
    for (let index = 0; index < 15; index += 1) await refused(api, undefined)
    tokenEndpoint = () => Response.json({ error: 'invalid_client', error_codes: [7000215] }, { status: 401 })
    const caller = await send(api, token())
    answer(await caller.acquireToken({ scopes: ['User.Read'] }).catch((thrown: unknown) => thrown))
    expect(lines.at(-1)).toMatchObject({ level: 'error', fields: { code: 'token_request_refused' } })
  })

  it('go to the console as other lines do', async () => {
    const info = vi.spyOn(console, 'info').mockReturnValue()
    await refused(createApi({ logRefusals: true, logger: undefined }), undefined)
    expect(info.mock.calls.flat().join()).toMatch(/^midtier: 401 bearer_refused: token_missing \{/)
    info.mockRestore()
  })

  it.each([
    ['a logger that is switched off', { logger: false }, /^logRefusals: has nowhere to write to/],
    [
      'a logger without info',
      { logger: { error: () => undefined, warn: () => undefined } },
      /^logRefusals: needs a logger that has info/,
    ],
    ['what is no flag', { logRefusals: 'yes' }, /^logRefusals/],
  ])('cannot be asked for with %s', (_name, options, says) => {
    const make = (): unknown => createApi({ logRefusals: true, ...(options as object) })
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(says)
  })
})

describe('the audit record', () => {
  const { oid, tid } = userClaims()

  it('has a line for every token that is given out, from wherever it comes', async () => {
    const api = createApi({ auditLogger })
    for (let time = 0; time < 2; time += 1)
      await (await send(api, token({ uti: 'one' }))).acquireToken({ scopes: ['User.Read'] })
    const given = {
      audit: 'token_given',
      atMs: nowSeconds * 1000,
      clientId,
      accountId: `${String(oid)}.${String(tid)}`,
      grant: 'on_behalf_of',
      scopes: ['User.Read'],
      expiresAtMs: (nowSeconds + 3600) * 1000,
      traceId,
    }
    expect(audited.map(({ fields }) => fields)).toMatchObject([
      { ...given, origin: 'authority', reason: 'not_cached' },
      { ...given, origin: 'l1' },
    ])
    expect(audited[0]?.fields['correlationId']).toBe(audited[1]?.fields['correlationId'])
    expect(audited[0]?.message).toBe(`a token for User.Read for ${given.accountId}, as the application`)
    expect(lines).toEqual([])
  })

  it('says as which agent, and for no user where there is none', async () => {
    const api = createApi({ auditLogger })
    await api.agent(agentId).acquireToken({ scopes: ['api://todo/.default'] })
    await api.acquireTokenForClient({ scopes: ['api://todo/.default'] })
    const messages = audited.map(({ message }) => message)
    expect(messages).toContain(`a token for api://todo/.default for no user, as agent ${agentId}`)
    expect(messages.at(-1)).toBe('a token for api://todo/.default for no user, as the application')
    expect(audited.at(-1)?.fields).not.toHaveProperty('accountId')
  })

  it('leaves nothing out', async () => {
    const caller = await send(createApi({ auditLogger }), token())
    for (let time = 0; time < 50; time += 1) await caller.acquireToken({ scopes: ['User.Read'] })
    expect(audited).toHaveLength(50)
  })

  it('has nothing of what failed, and stands in nobody’s way', async () => {
    const observed: string[] = []
    const api = createApi({
      auditLogger: {
        info: () => {
          throw new Error('disk full')
        },
      },
      observer: (event) => void observed.push(event.type),
    })
    const caller = await send(api, token())
    await expect(caller.acquireToken({ scopes: ['User.Read'] })).resolves.toBeDefined()
    expect(observed).toContain('token_acquired')
    tokenEndpoint = () => Response.json({ error: 'invalid_client' }, { status: 401 })
    const other = await send(createApi({ auditLogger }), token({ uti: 'two' }))
    await expect(other.acquireToken({ scopes: ['User.Read'] })).rejects.toThrow()
    expect(audited).toEqual([])
  })

  it('goes to what can write lines, and to nothing else', () => {
    for (const wrong of [null, true, {}, { info: 1 }, () => undefined])
      expect(() => createApi({ auditLogger: wrong as never })).toThrow(
        /^auditLogger: has to have the method info/,
      )
    const info = vi.spyOn(console, 'info').mockReturnValue()
    expect(() => createApi({ auditLogger: console })).not.toThrow()
    info.mockRestore()
  })
})
