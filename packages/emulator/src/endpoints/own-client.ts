// Who may change the emulator through its own endpoints: programs, and the emulator's own pages.
import { isObject } from '../base64url.ts'
import type { Origins } from '../emulation.ts'
import type { EmulatorContext } from '../exchange.ts'

const bodyless: ReadonlySet<string> = new Set(['GET', 'DELETE'])

/**
 * Whether a request comes from a program or from a page of the emulator itself.
 * Stops a page of another origin, and one that rebinds its name to this machine, from breaking the emulator for its user.
 */
export function isOwnClient(c: EmulatorContext, origins: Origins): boolean {
  const isJson =
    bodyless.has(c.req.method) || c.req.header('content-type')?.startsWith('application/json') === true
  const origin = c.req.header('origin')
  const own = [new URL(c.req.url).origin, origins.issuer]
  return isOwnHost(c, origins) && isJson && (origin === undefined || own.includes(origin))
}

/** Whether the Host header names this machine, or the public origin when there is one. */
export function isOwnHost(c: EmulatorContext, { issuer, isFixed }: Origins): boolean {
  const host = c.req.header('host') ?? ''
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) || (isFixed && host === new URL(issuer).host)
}

/** The answer to anyone else. */
export function refuseForeignClient(c: EmulatorContext): Response {
  return c.json(
    { error: 'send application/json, from this machine and not from a page of another origin' },
    403,
  )
}

/** The JSON body; `undefined` when it is none. */
export async function readJson(c: EmulatorContext): Promise<unknown> {
  try {
    return await c.req.json()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The JSON body when it is an object; an empty one when it is anything else. */
export async function readJsonObject(c: EmulatorContext): Promise<Readonly<Record<string, unknown>>> {
  const body = await readJson(c)
  return isObject(body) ? body : {}
}
