// The ways from here to an authority by Node's own http client: directly, or through a proxy that the owner named.
import http, { type Agent, type RequestOptions } from 'node:http'
import https from 'node:https'
import { urlToHttpOptions } from 'node:url'
import type { Route, Way } from './exchange.node.ts'
import type { ProxyAddress } from './http.ts'
import { proxyHeaders, TunnelAgent } from './tunnel.node.ts'

/** Connections are kept for the next request; the most that are open to one host, and that wait for work. */
const limits = { keepAlive: true, maxSockets: 256, maxFreeSockets: 16, scheduling: 'lifo' } as const

const ownAgents = { 'http:': new http.Agent(limits), 'https:': new https.Agent(limits) }

/** Straight to the authority, as Node's own http client goes in this process. */
export const directRoute: Route = {
  wayOf: ({ url }) => {
    const place = placeOf(url)
    return wayTo(place, agentFor(place.protocol))
  },
  via: undefined,
}

/** Straight there, whatever the process does otherwise. */
export const bareRoute: Route = {
  wayOf: ({ url }) => {
    const place = placeOf(url)
    return wayTo(place, ownAgents[place.protocol])
  },
  via: undefined,
}

/** Through a proxy: a tunnel to an https address (RFC 9110 §9.3.6), the whole address in the request line for http (RFC 9112 §3.2.2). */
export function createProxyRoute(proxy: ProxyAddress): Route {
  const tunnels = new TunnelAgent(proxy, limits)
  const protocol = proxy.isSecure ? 'https:' : 'http:'
  const { hostname, port } = proxy
  return {
    wayOf: ({ url }) => {
      const place = placeOf(url)
      if (place.protocol === 'https:') return wayTo(place, tunnels)
      const asked = { protocol, options: { protocol, hostname, port, path: url } } as const
      const headers = { host: place.host, ...proxyHeaders(proxy) }
      return { ...wayTo(asked, ownAgents[protocol]), headers }
    },
    via: `the proxy ${proxy.host}`,
  }
}

function wayTo({ protocol, options }: Pick<Place, 'protocol' | 'options'>, agent: Agent): Way {
  const told = protocol === 'http:' || agent === https.globalAgent ? {} : toldToNode()
  return { protocol, options: { ...told, ...options, agent } }
}

/** Our own agent, which is bounded, unless the owner put another one in the place of Node's. */
function agentFor(protocol: Protocol): Agent {
  const { globalAgent } = protocol === 'https:' ? https : http
  return isNodes(globalAgent) ? ownAgents[protocol] : globalAgent
}

function isNodes({ constructor }: Agent): boolean {
  return Object.is(constructor, http.Agent) || Object.is(constructor, https.Agent)
}

/** What Node itself sets on its global agents, and what is not about whom to trust. */
const ordinaryOptions: ReadonlySet<string> = new Set([
  ...Object.keys(limits),
  'timeout',
  'proxyEnv',
  'defaultPort',
  'protocol',
  'noDelay',
  'path',
  'agentKeepAliveTimeoutBuffer',
])

/** What the owner told Node's global agent beyond that, such as a certificate authority: `https.globalAgent.options.ca = …`. */
function toldToNode(): RequestOptions {
  const { globalAgent } = https
  if (!isNodes(globalAgent)) return {}
  return Object.fromEntries(
    Object.entries(globalAgent.options).filter(([name]) => !ordinaryOptions.has(name)),
  )
}

type Protocol = Way['protocol']

/** Where an address leads. */
interface Place {
  readonly protocol: Protocol
  readonly host: string
  readonly options: RequestOptions
}

/** Authorities are few: addresses asked lately are taken apart once. Bounded, and emptied when it is full. */
const places = new Map<string, Place>()
const maxPlaces = 64

function placeOf(address: string): Place {
  return places.get(address) ?? notePlace(address)
}

function notePlace(address: string): Place {
  const url = new URL(address)
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:'
  const { hostname, port, path } = urlToHttpOptions(url)
  const place = { protocol, host: url.host, options: { protocol, hostname, port, path } } as const
  if (places.size >= maxPlaces) places.clear()
  places.set(address, place)
  return place
}
