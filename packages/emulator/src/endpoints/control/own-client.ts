// Who may use the emulator's own endpoints: programs, its own pages, and to read also the pages of registered applications.
import type { MiddlewareHandler } from 'hono'
import { isObject } from '../../kernel/base64url.ts'
import { isSpaOrigin } from '../../directory/redirect-uris.ts'
import type { Emulation } from '../emulation.ts'
import type { Origins } from '../../kernel/origins.ts'
import type { EmulatorContext, EmulatorEnv } from '../../http/exchange.ts'

/**
 * Whether a request that changes something comes from a program or from a page of the emulator itself.
 * Stops a page of another origin from breaking the emulator for its user.
 */
export function isOwnClient(c: EmulatorContext, origins: Origins): boolean {
  // A page can send neither without asking before: DELETE, which has no body, or JSON.
  const isNoForm =
    c.req.method === 'DELETE' || c.req.header('content-type')?.startsWith('application/json') === true
  return isNoForm && isOwnPage(c, origins)
}

/**
 * Whether no page of another origin sent it. The forms of our own pages come without an origin, because these send no referrer: then the
 * browser says in another header whose they are.
 */
export function isOwnPage(c: EmulatorContext, origins: Origins): boolean {
  const origin = c.req.header('origin')
  if (origin === 'null') return c.req.header('sec-fetch-site') === 'same-origin'
  return origin === undefined || isOwnOrigin(c, origins, origin)
}

function isOwnOrigin(c: EmulatorContext, origins: Origins, origin: string): boolean {
  return [new URL(c.req.url).origin, origins.issuer].includes(origin)
}

/**
 * Lets programs, the emulator's own pages and the pages of registered single-page applications read what happened and who is in the
 * directory: it holds no secret, and it is nobody else's business.
 */
export function forReaders(
  emulation: Pick<Emulation, 'directory' | 'origins'>,
): MiddlewareHandler<EmulatorEnv> {
  return async (c, next) => {
    const origin = c.req.header('origin')
    if (origin !== undefined && !mayRead(c, emulation, origin)) return refuseForeignReader(c)
    await next()
    c.header('vary', 'Origin')
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    c.header('access-control-allow-origin', origin) // none where there is no origin
    return
  }
}

function mayRead(
  c: EmulatorContext,
  { directory, origins }: Pick<Emulation, 'directory' | 'origins'>,
  origin: string,
): boolean {
  return isOwnOrigin(c, origins, origin) || directory.applications.some((it) => isSpaOrigin(it, origin))
}

function refuseForeignReader(c: EmulatorContext): Response {
  c.header('vary', 'Origin')
  return c.json(
    { error: 'this origin is a redirect URI of no single-page application in the directory' },
    403,
  )
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
