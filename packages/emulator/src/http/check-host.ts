// Answers only under the names of this machine: a page whose name was rebound to 127.0.0.1 is of another origin's choosing.
import type { MiddlewareHandler } from 'hono'
import type { Origins } from '../kernel/origins.ts'
import type { EmulatorEnv } from './exchange.ts'

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/**
 * Refuses (403) every request whose Host names neither this machine nor the public origin, before anything else looks at it.
 * Stops DNS rebinding: to the browser such a page is of the emulator's origin, and could read accounts and passwords.
 */
export function checkHost({ issuer, isFixed }: Origins): MiddlewareHandler<EmulatorEnv> {
  const publicHost = isFixed ? new URL(issuer).host : undefined
  return (c, next) => {
    const host = c.req.header('host') ?? ''
    if (loopback.test(host) || host.toLowerCase() === publicHost) return next()
    const names = ['localhost', '127.0.0.1', '[::1]', ...(publicHost === undefined ? [] : [publicHost])]
    return Promise.resolve(
      c.json({ error: `this host is not the emulator's: use ${names.join(', ')}, or set publicOrigin` }, 403),
    )
  }
}
