// An MCP server on Express: an unknown client learns from the first 401 where the metadata is, and from that where to sign in.
import { createEmulator, type Emulator } from '@midtier/emulator'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protect, serveResourceMetadata } from '../../src/adapters/express.ts'
import { ConfigurationError, createWebApi } from '../../src/index.ts'
import { ids, listen, middleTierOptions } from './scenario.ts'

const scope = `api://${ids.middleTier}/access_as_user`

let emulator: Emulator
let url: string
let stop: () => Promise<void>

beforeAll(async () => {
  emulator = await createEmulator()
  const app = express()
  const listening = await listen(app)
  url = listening.url
  const api = createWebApi({
    ...middleTierOptions(emulator, 'http://127.0.0.1:9'),
    tenantId: ids.contoso,
    resource: { identifier: `${url}/mcp`, scopes: [scope], name: 'To Do' },
  })
  app.use(serveResourceMetadata(api))
  app.get(
    '/mcp',
    protect(api, { scopes: ['access_as_user'] }),
    (_request, response) => void response.sendStatus(204),
  )
  stop = async () => {
    listening.server.closeAllConnections()
    listening.server.close()
    await api.close()
    await emulator.stop()
  }
})
afterAll(() => stop())

describe('protected-resource metadata', () => {
  it('leads a client from its first 401 to a token that is accepted', async () => {
    const refused = await fetch(`${url}/mcp`)
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1]
    expect(metadataUrl).toBe(`${url}/.well-known/oauth-protected-resource/mcp`)
    const metadata = (await (await fetch(metadataUrl ?? '')).json()) as Record<string, string[]>
    expect(metadata).toEqual({
      resource: `${url}/mcp`,
      authorization_servers: [`${emulator.origin}/${ids.contoso}/v2.0`],
      scopes_supported: [scope],
      bearer_methods_supported: ['header'],
      resource_name: 'To Do',
    })
    const [server] = metadata['authorization_servers'] ?? []
    const discovered = await fetch(`${server}/.well-known/openid-configuration`)
    expect(await discovered.json()).toMatchObject({ issuer: server })
    const token = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: ids.webClient,
      audience: ids.middleTier,
      scopes: ['access_as_user'],
    })
    const accepted = await fetch(`${url}/mcp`, { headers: { authorization: `Bearer ${token}` } })
    expect(accepted.status).toBe(204)
  })

  it.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp?x=1'])(
    'is found by everybody, browsers included, at %s',
    async (path) => {
      const response = await fetch(url + path)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toContain('application/json')
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(response.headers.get('cache-control')).toBe('public, max-age=3600')
      expect(await response.json()).toMatchObject({ resource: `${url}/mcp` })
    },
  )

  it('passes the preflight of a browser whose client sends headers of its own', async () => {
    const response = await fetch(`${url}/.well-known/oauth-protected-resource/mcp`, { method: 'OPTIONS' })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toBe('*')
  })

  it('cannot be written, and stands in nobody’s way', async () => {
    const path = `${url}/.well-known/oauth-protected-resource`
    const refused = await fetch(path, { method: 'POST' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect((await fetch(`${path}/other`)).status).toBe(404)
  })

  it('is a mistake found at start-up when there is nothing to serve', () => {
    const api = createWebApi(middleTierOptions(emulator, 'http://127.0.0.1:9'))
    expect(() => serveResourceMetadata(api)).toThrow(ConfigurationError)
  })
})
