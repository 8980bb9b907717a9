// Which agent, protocol and path a request leaves by.
import http, { type Agent } from 'node:http'
import https from 'node:https'
import { afterEach, describe, expect, it } from 'vitest'
import type { Route, Way } from '../../../src/kernel/http/exchange.node.ts'
import { bareRoute, createProxyRoute, directRoute } from '../../../src/kernel/http/routes.node.ts'
import { TunnelAgent } from '../../../src/kernel/http/tunnel.node.ts'
import { Redacted } from '../../../src/kernel/redacted.ts'

const wayOf = (route: Route, url: string): Way =>
  route.wayOf({ method: 'GET', url, headers: {}, timeoutMs: 1000, maxResponseBytes: 1000 })

const agentOf = ({ options }: Way): Agent => options.agent as Agent

const proxyRoute = (isSecure: boolean): Route =>
  createProxyRoute({
    isSecure,
    hostname: 'proxy.example',
    port: 8080,
    host: 'proxy.example:8080',
    authorization: new Redacted('Basic x'),
  })

const asNodeMadeThem = { ...https.globalAgent.options }

afterEach(() => {
  https.globalAgent.options = { ...asNodeMadeThem }
})

describe('a route', () => {
  it.each([
    ['straight', directRoute],
    ['straight, whatever the process does', bareRoute],
  ])('%s has an agent of its own for each protocol', (_how, route) => {
    const plain = wayOf(route, 'http://a.example/x?y=1')
    const secure = wayOf(route, 'https://a.example:8443/x')
    expect(plain).toMatchObject({ protocol: 'http:', options: { hostname: 'a.example', path: '/x?y=1' } })
    expect(secure).toMatchObject({
      protocol: 'https:',
      options: { hostname: 'a.example', port: 8443, path: '/x' },
    })
    expect(agentOf(plain)).not.toBe(http.globalAgent)
    expect(agentOf(secure)).toBeInstanceOf(https.Agent)
    expect(agentOf(secure)).not.toBe(https.globalAgent)
    for (const { maxSockets, maxFreeSockets } of [agentOf(plain), agentOf(secure)])
      expect([maxSockets, maxFreeSockets]).toEqual([256, 16])
    expect(agentOf(wayOf(route, 'http://b.example/'))).toBe(agentOf(plain))
    expect([plain.headers, route.via]).toEqual([undefined, undefined])
  })

  it.each([
    [false, 'http:', http.globalAgent],
    [true, 'https:', https.globalAgent],
  ] as const)(
    'through a proxy asks it for the whole address, secure: %s',
    (isSecure, protocol, globalAgent) => {
      const route = proxyRoute(isSecure)
      const way = wayOf(route, 'http://a.example/x?y=1')
      expect(way).toMatchObject({
        protocol,
        options: { protocol, hostname: 'proxy.example', port: 8080, path: 'http://a.example/x?y=1' },
        headers: { host: 'a.example', 'proxy-authorization': 'Basic x' },
      })
      expect(agentOf(way).maxSockets).toBe(256)
      expect(agentOf(way)).not.toBe(globalAgent)
      expect(route.via).toBe('the proxy proxy.example:8080')
    },
  )

  it('through a proxy has a tunnel for a secure address, and tells the proxy’s password to nobody else', () => {
    const way = wayOf(proxyRoute(false), 'https://a.example/x')
    expect(agentOf(way)).toBeInstanceOf(TunnelAgent)
    expect(way).toMatchObject({ protocol: 'https:', options: { hostname: 'a.example', path: '/x' } })
    expect(way.headers).toBeUndefined()
  })

  it('trusts whom the owner told Node to trust, where that is asked', () => {
    https.globalAgent.options.ca = 'an authority of certificates'
    for (const route of [directRoute, bareRoute, proxyRoute(true)])
      expect(wayOf(route, 'https://a.example/x').options).toMatchObject({
        ca: 'an authority of certificates',
      })
    expect(wayOf(proxyRoute(true), 'http://a.example/x').options).toHaveProperty('ca')
    expect(wayOf(directRoute, 'http://a.example/x').options).not.toHaveProperty('ca')
  })

  it('takes nothing else from there: neither what any version of Node sets by itself, nor how its connections are kept', () => {
    const setByNode = ['timeout', 'proxyEnv', 'defaultPort', 'protocol', 'noDelay', 'path']
    const kept = ['keepAlive', 'maxSockets', 'maxFreeSockets', 'scheduling', 'agentKeepAliveTimeoutBuffer']
    for (const name of [...setByNode, ...kept])
      Reflect.set(https.globalAgent.options, name, 'of the global agent')
    https.globalAgent.options.ca = 'an authority of certificates'
    expect(wayOf(directRoute, 'https://a.example/x').options).toEqual({
      ca: 'an authority of certificates',
      protocol: 'https:',
      hostname: 'a.example',
      path: '/x',
      agent: expect.any(https.Agent) as unknown,
    })
  })
})
