// The routes of the sidecar, in one table: what serves a request, who may ask, and what the OpenAPI document says.
import { authorizationHeader } from '../endpoints/authorization-header.ts'
import { downstreamApi } from '../endpoints/downstream-api.ts'
import { explain } from '../endpoints/explain.ts'
import { healthz, readyz } from '../endpoints/health.ts'
import { metrics } from '../endpoints/metrics.ts'
import { type DocumentedRoute, openapi } from '../endpoints/openapi.ts'
import { proxy } from '../endpoints/proxy.ts'
import { validate } from '../endpoints/validate.ts'
import type { Behaviour } from '../config/behaviour.ts'
import type { Endpoint } from '../http/exchange.ts'
import { Refusal } from '../kernel/refusals.ts'

/** A route. */
export interface Route extends DocumentedRoute {
  readonly endpoint: Endpoint
}

/** A route that was found. */
export interface Found {
  readonly route: Route
  readonly apiName: string
  readonly rest: string
}

const read = ['GET'] as const
const every = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const apiRoutes: readonly Route[] = [
  {
    path: '/Validate',
    methods: read,
    summary: 'Validates the token of the caller and gives its claims.',
    authenticated: true,
    acquires: false,
    statuses: [400, 401, 403, 503],
    endpoint: validate,
  },
  {
    path: '/AuthorizationHeader/{apiName}',
    methods: read,
    summary: 'A header for a downstream API, on behalf of the caller.',
    authenticated: true,
    acquires: true,
    statuses: [400, 401, 403, 500, 502, 503],
    endpoint: authorizationHeader({ authenticated: true, overrides: 'GetAuthorizationHeader' }),
  },
  {
    path: '/AuthorizationHeaderUnauthenticated/{apiName}',
    methods: read,
    summary: 'A header for a downstream API, as the application or an agent.',
    authenticated: false,
    acquires: true,
    statuses: [400, 403, 500, 502, 503],
    endpoint: authorizationHeader({
      authenticated: false,
      overrides: 'GetAuthorizationHeaderUnauthenticated',
    }),
  },
  {
    path: '/DownstreamApi/{apiName}',
    methods: every,
    summary: 'Calls a downstream API on behalf of the caller.',
    authenticated: true,
    acquires: true,
    statuses: [400, 401, 403, 413, 500, 502, 503],
    endpoint: downstreamApi({ authenticated: true, overrides: 'CallDownstreamApi' }),
  },
  {
    path: '/DownstreamApiUnauthenticated/{apiName}',
    methods: every,
    summary: 'Calls a downstream API as the application or an agent.',
    authenticated: false,
    acquires: true,
    statuses: [400, 403, 413, 500, 502, 503],
    endpoint: downstreamApi({ authenticated: false, overrides: 'CallDownstreamApiUnauthenticated' }),
  },
  {
    path: '/Proxy/{apiName}/{*path}',
    methods: [...every, 'HEAD'],
    summary: 'Calls a downstream API on behalf of the caller, streaming request and answer as they are.',
    authenticated: true,
    acquires: false,
    relays: true,
    statuses: [400, 401, 403, 500, 502, 503],
    endpoint: proxy,
  },
  {
    path: '/Explain',
    methods: read,
    summary: 'Explains check by check why a token is accepted or refused.',
    authenticated: true,
    acquires: false,
    statuses: [400, 403, 503],
    endpoint: explain,
  },
]

const probe = { methods: ['GET', 'HEAD'], authenticated: false, acquires: false } as const

const probes: readonly Route[] = [
  {
    ...probe,
    path: '/healthz',
    summary: 'Whether the sidecar is alive.',
    statuses: [400],
    endpoint: healthz,
  },
  {
    ...probe,
    path: '/healthz/ready',
    summary: 'Whether it can serve.',
    statuses: [400, 503],
    endpoint: readyz,
  },
  {
    ...probe,
    path: '/readyz',
    summary: 'Whether it can serve.',
    statuses: [400, 403, 503],
    endpoint: readyz,
  },
]

const counts: Route = {
  ...probe,
  path: '/metrics',
  summary: 'What the sidecar counts of itself, for Prometheus; where it is switched on.',
  statuses: [400, 403, 404, 503],
  endpoint: metrics,
}

const itself = {
  ...probe,
  path: '/openapi/v1.json',
  summary: 'This document.',
  statuses: [400, 403, 503],
} as const

const others = [...apiRoutes, ...probes, counts]

const routes: readonly Route[] = [...others, { ...itself, endpoint: openapi([...others, itself]) }]

/** By the path without its parameters, in lower case: routes are found without regard to case. */
const byName = new Map(routes.map((route) => [route.path.replace(/\/\{.*$/, '').toLowerCase(), route]))

/** For the probes of a cluster: answered however busy it is. */
export function isProbe(path: string): boolean {
  return path.length < 16 && /^\/healthz(?:\/ready)?\/?$/i.test(path)
}

/** Whether other hosts may ask, by any name. */
export function isOpen(path: string, { metrics: counting, allowRemoteMetrics }: Behaviour): boolean {
  return isProbe(path) || (counting && allowRemoteMetrics && /^\/metrics\/?$/i.test(path))
}

/** Those that were found lately: an API asks for a handful of paths, again and again. */
const found = new Map<string, Found>()
const mostFound = 128

/** @throws Refusal 404 where there is nothing, 405 for another method. */
export function findRoute(method: string, path: string, query: string): Found {
  const key = `${method} ${path}`
  const known = found.get(key)
  if (known !== undefined) return known
  const looked = lookUp(method, path, query)
  if (takesRest(looked.route) || path.length > 128) return looked // what stands behind the name is another each time
  if (found.size >= mostFound) found.clear()
  found.set(key, looked)
  return looked
}

function lookUp(method: string, path: string, query: string): Found {
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path
  const exact = byName.get(plain.toLowerCase())
  if (exact !== undefined && !exact.path.includes('{'))
    return checked(exact, method, { apiName: '', rest: '' })
  const [, name = '', apiName = '', rest = ''] = /^(\/[^/]+)\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
  const route = byName.get(name.toLowerCase())
  if (route?.path.includes('{') !== true || (rest !== '' && !takesRest(route)))
    throw new Refusal(404, 'There is nothing at this path.')
  return checked(route, method, {
    apiName: decode(apiName),
    rest: query === '' || !takesRest(route) ? rest : `${rest}?${query}`,
  })
}

function takesRest({ path }: Route): boolean {
  return path.endsWith('/{*path}')
}

function checked(route: Route, method: string, more: Pick<Found, 'apiName' | 'rest'>): Found {
  if (route.methods.includes(method)) return { route, ...more }
  throw new Refusal(405, `The method is not one of ${route.methods.join(', ')}.`, {
    allow: route.methods.join(', '),
  })
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refusal(400, 'The path is not well encoded.')
  }
}
