// The gate in front of an MCP server, on every face: who is let in, what strangers learn, and what a tool demands besides.
import { describe, expect, it } from 'vitest'
import { callerOf } from '../../../src/adapters/mcp.ts'
import { faces, type ToolContext } from './faces.ts'
import { call, challenge, closeAll, listTools, post, postInPieces, postLength } from './servers.ts'
import { createApi, createMcp, identifier, metadataUrl, scopes } from './world.ts'

closeAll()

const me = async (extra: ToolContext): Promise<unknown> => callerOf(extra).downstream('graph').getJson('me')
const door = scopes[0] ?? ''

describe.each(faces)('$name', (face) => {
  it('serves the metadata at both places to anybody, pages of any origin included', async () => {
    const { url } = await face.start(createMcp(createApi()), { tools: {} })
    for (const path of ['', '/mcp']) {
      const answer = await fetch(`${url}/.well-known/oauth-protected-resource${path}`, {
        headers: { origin: 'https://elsewhere.example' },
      })
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
      expect(await answer.json()).toMatchObject({ resource: identifier, scopes_supported: scopes })
    }
  })

  it('says to a stranger where to sign in, and for which scope alone', async () => {
    const { url } = await face.start(createMcp(createApi()), { tools: {} })
    const answer = await post(url, listTools)
    expect(answer.status).toBe(401)
    expect(challenge(answer, 'resource_metadata')).toBe(metadataUrl)
    expect(challenge(answer, 'scope')).toBe(door)
    expect(challenge(answer, 'error')).toBeUndefined()
  })

  it('guards every path and method, and reads no body of a stranger', async () => {
    const { url } = await face.start(createMcp(createApi()), { tools: {} })
    for (const method of ['GET', 'DELETE', 'PUT', 'OPTIONS'])
      expect((await fetch(`${url}/elsewhere`, { method })).status, method).toBe(401)
    expect((await post(url, '{ no json', { headers: { 'content-type': 'text/plain' } })).status).toBe(401)
  })

  it('names the scope of the door when it is missing', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api), { tools: {} })
    const answer = await post(url, listTools, { token: api.token({ scopes: ['Mail.Search'] }) })
    expect(answer.status).toBe(403)
    expect(challenge(answer, 'error')).toBe('insufficient_scope')
    expect(challenge(answer, 'scope')).toBe(door)
  })

  it('gives a tool its caller, who is served downstream', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api), { tools: { me } })
    const answer = await post(url, call('me'), { token: api.token({ user: 'alice', scopes: ['Mcp.Use'] }) })
    expect(await answer.json()).toMatchObject({ id: 1, result: { displayName: 'alice' } })
  })

  it('steps up for one tool by HTTP, before the tool runs, naming the door’s scope too', async () => {
    const api = createApi()
    let ran = 0
    const mcp = createMcp(api, { tools: { send: { scopes: ['Mail.Send'] } } })
    const { url } = await face.start(mcp, { tools: { send: () => (ran += 1), me }, streams: true })
    const token = api.token({ scopes: ['Mcp.Use'] })
    const refused = await post(url, call('send'), { token })
    expect([refused.status, challenge(refused, 'error'), ran]).toEqual([403, 'insufficient_scope', 0])
    expect(challenge(refused, 'scope')?.split(' ')).toEqual([door, `${identifier}/Mail.Send`])
    expect((await post(url, call('me'), { token })).status).toBe(200)
    const stepped = await post(url, call('send'), { token: api.token({ scopes: ['Mcp.Use', 'Mail.Send'] }) })
    expect([stepped.status, ran]).toEqual([200, 1])
  })

  it('asks nothing of messages that call no tool, though tools demand something', async () => {
    const api = createApi()
    const mcp = createMcp(api, { tools: { send: { scopes: ['Mail.Send'] } } })
    const { url } = await face.start(mcp, { tools: {} })
    const answer = await post(url, listTools, { token: api.token({ scopes: ['Mcp.Use'] }) })
    expect([answer.status, await answer.json()]).toEqual([200, { jsonrpc: '2.0', id: 1, result: {} }])
  })

  it('finds the tool whatever the body calls itself, and in a batch', async () => {
    const api = createApi()
    let ran = 0
    const mcp = createMcp(api, { tools: { send: { scopes: ['Mail.Send'] } } })
    const { url } = await face.start(mcp, { tools: { send: () => (ran += 1), me } })
    const token = api.token({ scopes: ['Mcp.Use'] })
    for (const type of ['text/plain', 'application/json; charset=utf-8', 'application/vnd.api+json']) {
      const answer = await post(url, call('send'), { token, headers: { 'content-type': type } })
      expect(answer.status, type).toBe(403)
    }
    expect((await post(url, [call('me', 1), call('send', 2)], { token })).status).toBe(403)
    expect(ran).toBe(0)
  })

  it('refuses a missing role without a challenge, which no sign-in would meet', async () => {
    const api = createApi()
    const mcp = createMcp(api, { tools: { purge: { roles: ['Admin'] } } })
    const { url } = await face.start(mcp, { tools: { purge: () => 'purged' } })
    const refused = await post(url, call('purge'), { token: api.token({ scopes: ['Mcp.Use'] }) })
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([403, null])
    const token = api.token({ scopes: ['Mcp.Use'], roles: ['Admin'] })
    expect((await post(url, call('purge'), { token })).status).toBe(200)
  })

  it('acquires before the tool runs, so that a sign-in is asked for by HTTP', async () => {
    const api = createApi()
    let ran = 0
    const mcp = createMcp(api, { tools: { me: { acquire: { scopes: ['User.Read'] } } } })
    const { url } = await face.start(mcp, { tools: { me: () => (ran += 1) }, streams: true })
    const token = api.token({ scopes: ['Mcp.Use'] })
    api.downstream('graph').refuse('sign_in')
    const refused = await post(url, call('me'), { token })
    expect([refused.status, challenge(refused, 'error'), ran]).toEqual([401, 'invalid_token', 0])
    expect(challenge(refused, 'scope')).toBe(door)
    api.downstream('graph').refuse('mfa')
    const challenged = await post(url, call('me'), { token })
    expect([challenged.status, challenge(challenged, 'error')]).toEqual([401, 'insufficient_claims'])
    expect(ran).toBe(0)
  })

  it.each(['consent', 'blocked', 'authority_down'] as const)(
    'lets the tool say what no sign-in mends: %s',
    async (refusal) => {
      const api = createApi()
      const mcp = createMcp(api, { tools: { me: { acquire: { scopes: ['User.Read'] } } } })
      const { url } = await face.start(mcp, { tools: { me: () => 'said by the tool' } })
      api.downstream('graph').refuse(refusal)
      const answer = await post(url, call('me'), { token: api.token({ scopes: ['Mcp.Use'] }) })
      expect(await answer.json()).toMatchObject({ result: 'said by the tool' })
    },
  )

  it('answers a body that is no JSON, or too long, by itself', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api, { maxBodyBytes: 500 }), { tools: {} })
    const token = api.token({ scopes: ['Mcp.Use'] })
    const broken = await post(url, '{', { token, headers: { 'content-type': 'text/plain' } })
    expect(broken.status).toBe(400)
    const long = await post(url, `"${'a'.repeat(500)}"`, { token, headers: { 'content-type': 'text/plain' } })
    expect(long.status).toBe(413)
  })

  // A parser in front waits for what it will not read.
  if (!face.name.includes('express.json()'))
    it('answers a body that says it is too long before any of it has come', async () => {
      const api = createApi()
      const { url } = await face.start(createMcp(api, { maxBodyBytes: 500 }), { tools: {} })
      expect(await postLength(url, api.token({ scopes: ['Mcp.Use'] }), 1_000_000)).toBe(413)
    })

  it.each([2, 4, 100])(
    'answers a body that is too long and does not say so before: %i times',
    async (times) => {
      const api = createApi()
      const { url } = await face.start(createMcp(api, { maxBodyBytes: 100_000 }), {
        tools: { hi: () => 'hi' },
      })
      const token = api.token({ scopes: ['Mcp.Use'] })
      // A parser in front has a limit of its own, below which it is believed.
      const believed = face.name.includes('express.json') && times < 100
      expect(await postInPieces(url, token, times * 100_001)).toBe(believed ? 200 : 413)
      expect((await post(url, call('hi'), { token })).status).toBe(200)
    },
  )

  it('keeps the token from everybody behind it', async () => {
    const api = createApi()
    let seen: Record<string, unknown> = {}
    const { url } = await face.start(createMcp(api), {
      tools: { look: ({ authInfo }) => (seen = authInfo as Record<string, unknown>) },
    })
    const token = api.token({ user: 'alice', scopes: ['Mcp.Use'] })
    const answer = await post(url, call('look'), { token })
    expect(await answer.text()).not.toContain(token)
    expect(seen).toMatchObject({ scopes: ['Mcp.Use', door], expiresAt: expect.any(Number) as number })
    expect(String(seen['token'])).toMatch(/^withheld/)
    expect(
      Reflect.ownKeys(seen).filter((key) => Object.prototype.propertyIsEnumerable.call(seen, key)),
    ).toEqual(expect.not.arrayContaining([expect.any(Symbol)]))
  })
})
