// Routes that are for everybody, also where a hook of the whole application protects: hooks of an application are those of its plugins too.
import type { FastifyRequest } from 'fastify'

const publicMark: unique symbol = Symbol.for('midtier.public')

/** The `config` of such a route. */
export const publicConfig: object = { [publicMark]: true }

/** Whether the route of a request is one of them. */
export function isPublic({ routeOptions }: FastifyRequest): boolean {
  const { config } = routeOptions as { readonly config?: object } // a request without a route has none
  return config !== undefined && publicMark in config
}
