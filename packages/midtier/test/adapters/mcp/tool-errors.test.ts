// What a tool's failure becomes: an answer by HTTP while there is one to give, and otherwise words that say what to do.
import { describe, expect, it, vi } from 'vitest'
import { callerOf, renderErrors, type Elicitor } from '../../../src/adapters/mcp.ts'
import { ConfigurationError, DownstreamError } from '../../../src/index.ts'
import type { FakeRefusal } from '../../../src/testing/fake-web-api.ts'
import { faces, type ToolContext } from './faces.ts'
import { call, challenge, closeAll, post } from './servers.ts'
import { createApi, createMcp, scopes, type Api } from './world.ts'

closeAll()

interface Problem {
  readonly status: number
  readonly detail: string
  readonly reason?: string
  readonly consentUrl?: string
  readonly retryAfterSeconds?: number
}

interface ToolError {
  readonly isError?: boolean
  readonly content: readonly { readonly text: string }[]
  readonly _meta: { readonly 'midtier/problem': Problem }
}

const me = renderErrors(async (extra: ToolContext) => callerOf(extra).downstream('graph').getJson('me'))

/** What the tool gives when it is called beside the gate: where the transport has begun its answer. */
async function failAs(
  refusal: FakeRefusal,
  more: { incapable?: boolean; extra?: object } = {},
): Promise<ToolError> {
  const api = createApi()
  const extra = await extraOf(api, more.incapable === true ? { xms_cc: undefined } : {})
  api.downstream('graph').refuse(refusal)
  return (await me({ ...extra, ...more.extra })) as ToolError
}

/** What a tool is handed of a request, whose transport has begun its answer. */
async function extraOf(
  api: Api,
  claims: Record<string, unknown> = {},
  type = 'text/event-stream',
): Promise<ToolContext> {
  let found: ToolContext = {}
  const enter = createMcp(api).fetch((_request, { authInfo }) => {
    found = { authInfo }
    return new Response('', { headers: { 'content-type': type } })
  })
  const headers = { authorization: `Bearer ${api.token({ scopes: ['Mcp.Use'], claims })}` }
  const init = { method: 'POST', headers, body: JSON.stringify(call('me')) }
  await enter(new Request('https://mcp.contoso.com/mcp', init))
  return found
}

it('leaves a stream to its words, though the tool had failed before it began', async () => {
  const api = createApi()
  api.downstream('graph').refuse('sign_in')
  const streaming = createMcp(api).fetch(async (_request, { authInfo }) => {
    const result = JSON.stringify(await me({ authInfo }))
    return new Response(`data: ${result}\n\n`, { headers: { 'content-type': 'text/event-stream' } })
  })
  const headers = { authorization: `Bearer ${api.token({ scopes: ['Mcp.Use'] })}` }
  const init = { method: 'POST', headers, body: JSON.stringify(call('me')) }
  const answer = await streaming(new Request('https://mcp.contoso.com/mcp', init))
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('"isError":true')
})

it('answers what a web-standard handler throws, and lets through what is not of this library', async () => {
  const api = createApi()
  api.downstream('graph').refuse('sign_in')
  const errors: unknown[] = [undefined, new TypeError('a mistake of the handler')]
  const guarded = createMcp(api).fetch(async (_request, { authInfo }) => {
    const error = errors.shift()
    if (error !== undefined) throw error as Error
    return Response.json(await callerOf({ authInfo }).downstream('graph').getJson('me'))
  })
  const headers = { authorization: `Bearer ${api.token({ scopes: ['Mcp.Use'] })}` }
  const send = (): Promise<Response> =>
    guarded(new Request('https://mcp.contoso.com/mcp', { method: 'POST', headers, body: '{}' }))
  const answer = await send()
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toContain('resource_metadata=')
  await expect(send()).rejects.toThrow('a mistake of the handler')
})

const problemOf = (error: ToolError): Problem => error._meta['midtier/problem']
const textOf = (error: ToolError): string => error.content.map(({ text }) => text).join('\n')

describe.each(faces)('$name', (face) => {
  const serve = async (refusal: FakeRefusal, streams: boolean): Promise<Response> => {
    const api = createApi()
    const { url } = await face.start(createMcp(api), { tools: { me }, streams })
    api.downstream('graph').refuse(refusal)
    return post(url, call('me'), { token: api.token({ scopes: ['Mcp.Use'] }) })
  }

  it('answers an ended session by HTTP, where the transport answers with JSON', async () => {
    const answer = await serve('sign_in', false)
    expect([answer.status, challenge(answer, 'error')]).toEqual([401, 'invalid_token'])
    expect(challenge(answer, 'scope')).toBe(scopes[0])
    expect(await answer.json()).toMatchObject({ status: 401, reason: 'sign_in_required' })
  })

  it('says it in words where a stream has begun', async () => {
    const answer = await serve('sign_in', true)
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(text).toContain('"isError":true')
    expect(text).toContain('Sign in to this server again')
  })

  it('says in words what no sign-in mends', async () => {
    const answer = await serve('blocked', false)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ result: { isError: true } })
  })

  it('answers each message of a batch for itself', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api), { tools: { me, hi: () => 'hi' } })
    api.downstream('graph').refuse('sign_in')
    const token = api.token({ scopes: ['Mcp.Use'] })
    const answer = await post(url, [call('me', 1), call('hi', 2)], { token })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject([
      { id: 1, result: { isError: true } },
      { id: 2, result: 'hi' },
    ])
  })
})

describe('a tool error', () => {
  it('leads a person to the consent page', async () => {
    const error = await failAs('consent')
    const { consentUrl = '', reason } = problemOf(error)
    expect(reason).toBe('consent_required')
    expect(new URL(consentUrl).searchParams.get('redirect_uri')).toBe('https://mcp.contoso.com/consented')
    expect(textOf(error)).toContain(consentUrl)
  })

  it('says when to call again in an outage', async () => {
    const error = await failAs('authority_down')
    expect(problemOf(error).retryAfterSeconds).toBeGreaterThan(0)
    expect(textOf(error)).toMatch(/again in \d+ seconds/)
  })

  it.each([false, true])(
    'says what cures a demand for a stronger sign-in, incapable: %s',
    async (incapable) => {
      const error = await failAs('mfa', { incapable })
      expect(textOf(error)).toContain('second factor')
      expect(textOf(error)).toContain('Ask the administrator to demand the same')
      expect(textOf(error)).toContain('sign in to it again')
      expect(`${textOf(error)} ${problemOf(error).detail}`).not.toContain('challenge')
    },
  )

  it('does not send anybody to sign in for nothing', async () => {
    const text = textOf(await failAs('blocked'))
    expect(text).not.toMatch(/Sign in/)
    expect(text).toMatch(/does not help/)
    expect(textOf(await failAs('api_down'))).not.toMatch(/Sign in/)
  })

  it('tells nothing of the authority’s words', async () => {
    for (const refusal of ['mfa', 'consent', 'sign_in', 'blocked'] as const)
      expect(JSON.stringify(await failAs(refusal)), refusal).not.toContain('AADSTS')
  })

  it('leaves errors of others as they are', async () => {
    const fault = new Error('of the application')
    const tool = renderErrors(() => {
      throw fault
    })
    await expect(tool()).rejects.toBe(fault)
  })

  it('passes on the status of a downstream API', async () => {
    const tool = renderErrors(() => {
      throw new DownstreamError('graph', 'not found', 404)
    })
    expect(await tool()).toMatchObject({
      isError: true,
      _meta: { 'midtier/problem': { status: 404, api: 'graph' } },
    })
  })
})

describe('a downstream API that failed', () => {
  const failBy = async (status: number | undefined, retryAfterSeconds?: number): Promise<ToolError> => {
    const tool = renderErrors(() => {
      throw new DownstreamError('graph', 'failed', status, '', { retryAfterSeconds })
    })
    return (await tool()) as unknown as ToolError
  }

  it.each([429, 503])('is called again when it says: %i', async (status) => {
    const error = await failBy(status, 6.2)
    expect(textOf(error)).toContain('Call this tool again in 7 seconds.')
    expect(problemOf(error)).toMatchObject({ retryAfterSeconds: 7 })
  })

  it.each([429, 502, 503, 504, undefined])(
    'may be called again later where it does not say: %s',
    async (status) => {
      const error = await failBy(status)
      expect(textOf(error)).toContain('may pass: call this tool again later')
      expect(problemOf(error)).not.toHaveProperty('retryAfterSeconds')
    },
  )

  it.each([200, 302, 400, 401, 403, 404, 500])('is not called again for nothing: %i', async (status) => {
    expect(textOf(await failBy(status))).toContain('does not help')
    expect(textOf(await failBy(500, 5))).toContain('does not help')
  })

  it.each([
    [429, false],
    [503, false],
    [502, true],
    [undefined, true],
  ])('may have done what was asked for all the same: %s %s', async (status, perhaps) => {
    expect(textOf(await failBy(status)).includes('unless what it does must not be done twice')).toBe(perhaps)
  })

  it('that does not answer may be called again', async () => {
    expect(textOf(await failAs('api_down'))).toContain('may pass')
  })
})

describe('URL elicitation', () => {
  const capabilities = { elicitation: { url: {} } }
  const mcpReq = { id: 7, envelope: { 'io.modelcontextprotocol/clientCapabilities': capabilities } }

  it('asks a client of 2026-07-28 that offers it, once', async () => {
    const asked = (await failAs('consent', { extra: { mcpReq } })) as unknown as Record<string, unknown>
    expect(asked).toMatchObject({
      resultType: 'input_required',
      inputRequests: { consent: { method: 'elicitation/create', params: { mode: 'url' } } },
    })
    const inputResponses = { consent: { action: 'accept' } }
    const still = await failAs('consent', { extra: { mcpReq: { ...mcpReq, inputResponses } } })
    expect(still.isError).toBe(true)
  })

  const elicitor = (action: () => Promise<{ action: string }>, known: object = capabilities) => {
    const elicitInput = vi.fn<Elicitor['elicitInput']>(action)
    return { getClientCapabilities: () => known, elicitInput }
  }
  const consent = async (server: Elicitor, type?: string): Promise<ToolError> => {
    const api = createApi()
    const extra = await extraOf(api, {}, type)
    api.downstream('graph').refuse('consent')
    const tool = renderErrors(
      async (given: ToolContext) => callerOf(given).downstream('graph').getJson('me'),
      {
        server: { server },
      },
    )
    return (await tool({ ...extra, requestId: 7 } as ToolContext)) as ToolError
  }

  it.each([
    ['accept', 'was opened'],
    ['decline', 'declined'],
    ['cancel', 'Open this page'],
  ])('asks an earlier one on the stream of its call: %s', async (action, says) => {
    const server = elicitor(() => Promise.resolve({ action }))
    expect(textOf(await consent(server))).toContain(says)
    expect(server.elicitInput.mock.calls[0]).toMatchObject([
      { mode: 'url', message: 'This tool needs your consent to act for you elsewhere: User.Read' },
      { relatedRequestId: 7 },
    ])
  })

  it('tells the address where the transport answers with JSON, which carries no question', async () => {
    const server = elicitor(() => new Promise(() => undefined))
    expect(textOf(await consent(server, 'application/json'))).toContain('Open this page')
    expect(server.elicitInput).not.toHaveBeenCalled()
  })

  it.each(faces)(
    'asks on a stream that begins after the tool has failed, and never for JSON: $name',
    async (face) => {
      for (const streams of [true, false]) {
        const api = createApi()
        api.downstream('graph').refuse('consent')
        const server = elicitor(() => Promise.resolve({ action: 'accept' }))
        const me = renderErrors(
          async (given: ToolContext) => callerOf(given).downstream('graph').getJson('me'),
          { server },
        )
        const { url } = await face.start(createMcp(api), { tools: { me }, streams })
        const answer = await post(url, call('me'), { token: api.token({ scopes: ['Mcp.Use'] }) })
        expect(await answer.text()).toContain(streams ? 'was opened' : 'Open this page')
        expect(server.elicitInput).toHaveBeenCalledTimes(streams ? 1 : 0)
      }
    },
  )

  it('tells the address where it is not offered, or fails', async () => {
    const silent = elicitor(() => Promise.resolve({ action: 'accept' }), { elicitation: { form: {} } })
    expect(textOf(await consent(silent))).toContain('Open this page')
    expect(silent.elicitInput).not.toHaveBeenCalled()
    const broken = elicitor(() => Promise.reject(new Error('closed')))
    expect(textOf(await consent(broken))).toContain('Open this page')
  })
})

describe('callerOf', () => {
  it.each([[{}], [{ authInfo: { token: 'of another gate' } }], [{ http: {} }], [undefined]])(
    'names what is missing: %j',
    (extra) => {
      expect(() => callerOf(extra as ToolContext)).toThrow(ConfigurationError)
      expect(() => callerOf(extra as ToolContext)).toThrow('protectMcp(api, …)')
    },
  )

  it('finds the caller where both generations of the SDK have it', async () => {
    const { authInfo } = await extraOf(createApi())
    expect(callerOf({ authInfo })).toBe(callerOf({ http: { authInfo } }))
  })
})
