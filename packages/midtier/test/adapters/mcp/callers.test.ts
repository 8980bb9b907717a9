// The caller of each request is whose token came with it: two people in one process, interleaved, and over one session id.
import { describe, expect, it } from 'vitest'
import { callerOf, renderErrors } from '../../../src/adapters/mcp.ts'
import { faces, type ToolContext } from './faces.ts'
import { call, closeAll, post } from './servers.ts'
import { createApi, createMcp } from './world.ts'

closeAll()

describe.each(faces)('$name', (face) => {
  it.each([true, false])('mixes nobody up in 100 calls of two people (streams: %s)', async (streams) => {
    const api = createApi()
    const me = renderErrors(async (extra: ToolContext) => {
      await new Promise((resolve) => setImmediate(resolve))
      return callerOf(extra).downstream('graph').getJson('me')
    })
    const { url } = await face.start(createMcp(api, { sharedSessions: true }), { tools: { me }, streams })
    const tokens = ['alice', 'bob'].map((user) => ({ user, token: api.token({ user, scopes: ['Mcp.Use'] }) }))
    const headers = { 'mcp-session-id': 'one-session-of-both' }
    const calls = Array.from({ length: 100 }, async (_, index) => {
      const { user, token } = tokens[index % 2] ?? { user: '', token: '' }
      const answer = await (await post(url, call('me', index), { token, headers })).text()
      return { user, answer, index }
    })
    for (const { user, answer, index } of await Promise.all(calls)) {
      expect(answer).toContain(`"displayName":"${user}"`)
      expect(answer).toContain(`"id":${index}`)
    }
  })

  it('answers whoever brings another’s session as one that is not there', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api), { tools: { hi: () => 'hi' } })
    const [alice, bob] = ['alice', 'bob'].map((user) => api.token({ user, scopes: ['Mcp.Use'] }))
    const inSession = async (token: string | undefined, id: string): Promise<number> =>
      (await post(url, call('hi'), { token, headers: { 'mcp-session-id': id } })).status
    expect(await inSession(alice, 'of-alice')).toBe(200)
    expect(await inSession(bob, 'of-alice')).toBe(404)
    expect(await inSession(bob, 'of-bob')).toBe(200)
    expect(await inSession(alice, 'of-alice')).toBe(200)
    expect(await inSession(alice, 'a'.repeat(513))).toBe(404)
    const stream = { headers: { authorization: `Bearer ${bob}`, 'mcp-session-id': 'of-alice' } }
    expect((await fetch(`${url}/mcp`, stream)).status).toBe(404)
  })
})
