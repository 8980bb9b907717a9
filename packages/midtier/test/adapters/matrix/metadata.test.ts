// Protected-resource metadata (RFC 9728): for everybody, browsers included, on every adapter, and in nobody's way.
import { describe, expect, it } from 'vitest'
import { serveResourceMetadata } from '../../../src/adapters/fetch.ts'
import { serveResourceMetadata as serveByNode } from '../../../src/adapters/node-http.ts'
import { ConfigurationError, createWebApi } from '../../../src/index.ts'
import { clientId, tenantId } from '../../jwt/token-builder.ts'
import { sendRaw } from '../../hostile-tokens/raw-request.ts'
import { endNoProcess } from '../express-server.ts'
import { adapters } from './adapters.ts'
import { closeAll, start } from './listening.ts'

endNoProcess()
closeAll()

const identifier = 'https://api.contoso.com/mcp'
const known = '/.well-known/oauth-protected-resource'
const api = createWebApi({ tenantId, clientId, resource: { identifier } })

describe.each(adapters)('$name', (adapter) => {
  const serve = async (metadataOf = api): Promise<string> => {
    const { url } = await start(adapter, {
      metadataOf,
      routes: [{ path: '/mcp', protect: [metadataOf], handle: ({ answerJson }) => answerJson(1) }],
    })
    return url
  }

  it.each([known, `${known}/mcp`, `${known}/mcp?x=1`])('is found at %s', async (path) => {
    const answer = await fetch((await serve()) + path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600')
    expect(await answer.json()).toMatchObject({ resource: identifier })
  })

  it('is where a refusal says that it is', async () => {
    const refused = await fetch(`${await serve()}/mcp`)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain(
      `resource_metadata="https://api.contoso.com${known}/mcp"`,
    )
  })

  it('answers HEAD, and the preflight of a browser', async () => {
    const url = await serve()
    const head = await sendRaw(Number(new URL(url).port), { start: `HEAD ${known}`, lines: [], body: '' })
    expect([head.status, head.body]).toEqual([200, ''])
    const preflight = await fetch(`${url}${known}/mcp`, { method: 'OPTIONS' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD')
  })

  it('cannot be written, and stands in nobody’s way', async () => {
    const url = await serve()
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const refused = await fetch(url + known, { method })
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    }
    const posted = await fetch(url + known, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'text/json' },
    })
    expect(posted.status).toBe(405)
    expect((await fetch(`${url}${known}/other`)).status).toBe(404)
  })

  it('is a mistake found at start-up when there is nothing to serve', async () => {
    const nothing = createWebApi({ tenantId, clientId })
    await expect(serve(nothing)).rejects.toThrow(ConfigurationError)
  })

  it('is read with the first request of an API that reads its options later', async () => {
    let reads = 0
    const later = createWebApi(() => {
      reads += 1
      return { tenantId, clientId, resource: { identifier } }
    })
    const url = await serve(later)
    expect(reads).toBe(0)
    expect(await (await fetch(url + known)).json()).toMatchObject({ resource: identifier })
  })
})

describe('a fetch handler of the metadata alone', () => {
  it('serves them, and finds nothing else', async () => {
    const handle = serveResourceMetadata(api)
    expect((await handle(new Request(identifier.replace('/mcp', known)))).status).toBe(200)
    const other = await handle(new Request(identifier))
    expect([other.status, await other.text()]).toEqual([404, ''])
  })
})

describe('a listener of the metadata alone', () => {
  it('finds nothing for a request without a URL, as a test makes one', async () => {
    let statuses = ''
    const response = { writeHead: (status: number) => ({ end: () => (statuses += `${status}`) }) }
    await serveByNode(api)({ method: 'GET' } as never, response as never)
    expect(statuses).toBe('404')
  })
})
