// What Fastify knows a plugin by, and how it hears that one cannot start.
import type { FastifyPluginCallback } from 'fastify'

/** A plugin that fails: Fastify hears of it by a promise alone, and what were thrown would end the process without its start being told. */
export function refused(error: Error): FastifyPluginCallback {
  return Promise.reject(error) as never
}

/** What Fastify hands to a plugin, and so to a maker of one that was not called. */
export function isInstance(api: object): boolean {
  return 'register' in api
}

/** What `fastify-plugin` does: the plugin works where it is registered, and not in a context of its own. */
export function forParent(name: string, plugin: FastifyPluginCallback): FastifyPluginCallback {
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: name,
    [Symbol.for('plugin-meta')]: { name, fastify: '5.x' },
  })
}
