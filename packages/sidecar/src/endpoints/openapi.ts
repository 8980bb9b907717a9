// GET /openapi/v1.json: the routes and their parameters as an OpenAPI document, made of the tables that they are served by.
import { agentParameters, overrideParameters, type Parameter } from '../calls/parameters.ts'
import { json } from '../http/answer.ts'
import type { Endpoint } from '../http/exchange.ts'

/** What the document says of a route. */
export interface DocumentedRoute {
  /** `/DownstreamApi/{apiName}`. */
  readonly path: string
  readonly methods: readonly string[]
  readonly summary: string
  readonly authenticated: boolean
  /** Whether it takes the parameters of the acquiring endpoints. */
  readonly acquires: boolean
  /** Whether it answers as the downstream API did, whatever that was. */
  readonly relays?: true
  /** What else it is answered with beside 200. */
  readonly statuses: readonly Status[]
}

/** What a refusal means: a test holds this list against what each route answers. */
const meanings = {
  400: 'The request cannot be meant, or its Host is no name of this host.',
  401: 'The token is refused, or the person has to act: the challenge says how.',
  403: 'The caller lacks a permission or a consent, or is not on this host.',
  404: 'It is switched off.',
  413: 'The body is too long.',
  500: 'The registration is at fault: the log says how.',
  502: 'The downstream API does not answer, or the authority answers what nobody knows.',
  503: 'The authority is down, the sidecar is busy, or it is not ready: ask again later.',
} as const

/** A status that is documented. */
export type Status = keyof typeof meanings

/** Answers with the document of these routes. */
export function openapi(routes: readonly DocumentedRoute[]): Endpoint {
  const document = describe(routes)
  return () => Promise.resolve(json(200, document))
}

function describe(routes: readonly DocumentedRoute[]): unknown {
  return {
    openapi: '3.1.0',
    info: { title: 'midtier sidecar', version: '1.0.0' },
    paths: Object.fromEntries(routes.map((route) => [templateOf(route), describePath(route)])),
    components: {
      securitySchemes: { Bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas,
    },
  }
}

/** OpenAPI has no name for several segments. */
function templateOf({ path }: DocumentedRoute): string {
  return path.replace('{*', '{')
}

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

function describePath(route: DocumentedRoute): unknown {
  return Object.fromEntries(
    route.methods.map((method) => [method.toLowerCase(), describeOperation(route, method)]),
  )
}

function describeOperation(
  { path, summary, authenticated, acquires, relays, statuses }: DocumentedRoute,
  method: string,
): unknown {
  const answers = relays
    ? { default: { description: 'What the downstream API answered, as it is.' } }
    : { '200': { description: 'OK' } }
  const names = [...path.matchAll(/\{\*?(\w+)\}/g)].map(([, name]) => name)
  return {
    summary,
    operationId: `${method.toLowerCase()}${path.replaceAll(/\W+/g, '_')}`,
    ...(authenticated ? { security: [{ Bearer: [] }] } : {}),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...(acquires ? [...agentParameters, ...overrideParameters].map(describeParameter) : []),
    ],
    ...(withBody.has(method)
      ? { requestBody: { description: 'Goes on to the downstream API.', content: { '*/*': {} } } }
      : {}),
    responses: {
      ...answers,
      ...Object.fromEntries(statuses.map((status) => [status, asProblem(meanings[status])])),
    },
  }
}

function asProblem(description: string): unknown {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
  }
}

function describeParameter({ name, kind, description }: Parameter): unknown {
  return {
    name: kind === 'names' ? `${name}<name>` : name,
    in: 'query',
    description,
    schema: schemaOf(kind),
  }
}

function schemaOf(kind: Parameter['kind']): unknown {
  if (kind === 'flag') return { type: 'boolean' }
  if (kind === 'texts') return { type: 'array', items: { type: 'string' } }
  return kind === 'guid' ? { type: 'string', format: 'uuid' } : { type: 'string' }
}

const schemas = {
  ProblemDetails: {
    type: 'object',
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
    },
  },
}
