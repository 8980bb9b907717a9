// Pages: which origins may call, what their preflights are answered, and that DNS rebinding gets no further than a 403.
import { describe, expect, it } from 'vitest'
import { protectMcp } from '../../../src/adapters/mcp.ts'
import { ConfigurationError } from '../../../src/index.ts'
import { faces } from './faces.ts'
import { call, challenge, closeAll, listTools, post } from './servers.ts'
import { createApi, createMcp } from './world.ts'

closeAll()

const inspector = 'https://inspector.example:6274'
const allowedOrigins = [inspector, 'vscode-webview://one']

describe.each(faces)('$name', (face) => {
  it.each(['https://evil.example', 'null', 'https://inspector.example', `${inspector}.evil.example`])(
    'refuses a page of %s, whatever token it has',
    async (origin) => {
      const api = createApi()
      const { url } = await face.start(createMcp(api, { allowedOrigins }), { tools: {} })
      const token = api.token({ scopes: ['Mcp.Use'] })
      const answer = await post(url, listTools, { token, headers: { origin } })
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null])
      expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', id: null })
      const preflight = await fetch(`${url}/mcp`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([403, null])
    },
  )

  it('lets the allowed ones call, and read challenges', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api, { allowedOrigins }), { tools: { hi: () => 'hi' } })
    for (const origin of [...allowedOrigins, 'https://mcp.contoso.com']) {
      const refused = await post(url, listTools, { headers: { origin } })
      const served = await post(url, call('hi'), {
        headers: { origin },
        token: api.token({ scopes: ['Mcp.Use'] }),
      })
      expect([refused.status, served.status]).toEqual([401, 200])
      expect(challenge(refused, 'scope')).toBeDefined()
      for (const { headers } of [refused, served]) {
        expect(headers.get('access-control-allow-origin')).toBe(origin)
        expect(headers.get('access-control-expose-headers')).toContain('www-authenticate')
        expect(headers.get('vary')).toContain('Origin')
      }
    }
  })

  it('answers their preflights, which bring no token', async () => {
    const { url } = await face.start(createMcp(createApi(), { allowedOrigins }), { tools: {} })
    const preflight = await fetch(`${url}/mcp`, {
      method: 'OPTIONS',
      headers: {
        origin: inspector,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, mcp-method',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization, mcp-method')
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE')
  })
})

describe('the option allowedOrigins', () => {
  it.each(['https://app.contoso.com/', 'app.contoso.com', '*', 'https://app.contoso.com/mcp', ''])(
    'is refused when it holds %j, which no browser sends',
    (origin) => {
      expect(() => protectMcp(createApi(), { allowedOrigins: [origin] })).toThrow(ConfigurationError)
    },
  )
})
