// Routes that are for everybody, also where a hook of the whole application protects: hooks of an application are those of its plugins too.
import type { FastifyRequest } from 'fastify'
import { resourceMetadataPath } from '../../bearer/resource-metadata.ts'

const publicMark: unique symbol = Symbol.for('midtier.public')

/** The `config` of such a route. */
export const publicConfig: object = { [publicMark]: true }

/** Whether the route of a request is one of them. The path is looked at first: Fastify makes `routeOptions` anew whenever they are asked for. */
export function isPublic(request: FastifyRequest): boolean {
  if (!request.originalUrl.startsWith(resourceMetadataPath)) return false
  const { config } = request.routeOptions as { readonly config?: object } // a request without a route has none
  return config !== undefined && publicMark in config
}
