// Routes that are for everybody, also where a hook of the whole application protects: hooks of an application are those of its plugins too.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { resourceMetadataPath } from '../../bearer/resource-metadata.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'
import { send } from './answer.ts'

const publicMark: unique symbol = Symbol.for('midtier.public')

/** The `config` of such a route. */
const publicConfig: object = { [publicMark]: true }

/** The URLs of those that are not below the path of metadata, of all applications. */
const publicUrls = new Set<string>()

/** Adds a route that is answered to anybody, whatever the method; `undefined` is nothing that is found there. */
export function addPublicRoute(
  instance: FastifyInstance,
  path: string,
  find: (request: FastifyRequest) => PlainAnswer | undefined,
): void {
  if (!path.startsWith(resourceMetadataPath)) publicUrls.add(instance.prefix + path)
  instance.route({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: path,
    config: publicConfig,
    onRequest: async (request, reply) => {
      const found = find(request)
      if (found === undefined) reply.callNotFound()
      else await send(reply, found)
    },
    handler: () => undefined,
  })
}

/** Whether the route of a request is one of them. The path is looked at first: Fastify makes `routeOptions` anew whenever they are asked for. */
export function isPublic(request: FastifyRequest): boolean {
  const { originalUrl } = request
  if (!originalUrl.startsWith(resourceMetadataPath) && !mayBePublic(originalUrl)) return false
  const { config } = request.routeOptions as { readonly config?: object } // a request without a route has none
  return config !== undefined && publicMark in config
}

function mayBePublic(url: string): boolean {
  if (publicUrls.size === 0) return false
  const query = url.indexOf('?')
  return publicUrls.has(query < 0 ? url : url.slice(0, query))
}
