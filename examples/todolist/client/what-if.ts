// Demo only: the page's switches. What the emulator takes from this machine but from no page, this server passes on for its own page.
import express, { Router, type Request, type RequestHandler } from 'express'
import { clientIds, policyIds, tenants } from '../registrations.ts'
import { Problem } from '../web-server/problem.ts'

/** What the page may ask for. */
type Wish =
  | { readonly what: 'mfa' | 'block'; readonly on: boolean }
  | { readonly what: 'take-back-consent'; readonly tenantId: string }
  | { readonly what: 'revoke-sessions'; readonly username: string }

const patienceMs = 5_000

/** `POST /what-if` with one wish. There is nothing like it for the real Entra ID, where an administrator's portal has these switches. */
export function whatIf(emulatorUrl: string): Router {
  const router = Router()
  router.post('/what-if', fromOwnPage, express.json({ limit: '1kb' }), async (request, response) => {
    await pass(emulatorUrl, parseWish(request.body))
    response.status(204).end()
  })
  return router
}

/** Stops a page of another origin, and one that has rebound its name to this machine: this server listens on the loopback address alone. */
const fromOwnPage: RequestHandler = (request, _response, next) => {
  const isOurs = isLoopback(request) && request.get('origin') === `http://${request.get('host') ?? ''}`
  next(
    isOurs ? undefined : new Problem(403, 'Not from here', 'The switches are for the page of this server.'),
  )
}

function isLoopback(request: Request): boolean {
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.get('host') ?? '')
}

function parseWish(body: unknown): Wish {
  const { what, on, tenantId, username } = (typeof body === 'object' ? (body ?? {}) : {}) as Readonly<
    Record<string, unknown>
  >
  if ((what === 'mfa' || what === 'block') && typeof on === 'boolean') return { what, on }
  if (what === 'take-back-consent' && isTenant(tenantId)) return { what, tenantId }
  if (what === 'revoke-sessions' && typeof username === 'string') return { what, username }
  throw new Problem(400, 'Unknown wish', 'There is no such switch.')
}

function isTenant(id: unknown): id is string {
  return Object.values<unknown>(tenants).includes(id)
}

async function pass(emulatorUrl: string, wish: Wish): Promise<void> {
  const { method, path, body } = toControlRequest(wish)
  const response = await fetch(`${emulatorUrl}/_emulator/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(patienceMs),
  })
  if (!response.ok) throw new Problem(502, 'The emulator refused', `It answered ${response.status}.`)
}

interface ControlRequest {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

function toControlRequest(wish: Wish): ControlRequest {
  switch (wish.what) {
    case 'mfa':
    case 'block':
      return { method: 'PATCH', path: `policies/${policyIds[wish.what]}`, body: { enabled: wish.on } }
    case 'take-back-consent': {
      const consent = {
        tenantId: wish.tenantId,
        clientId: clientIds.middleTier,
        resourceId: clientIds.todoApi,
      }
      return { method: 'DELETE', path: `consents?${new URLSearchParams(consent).toString()}` }
    }
    case 'revoke-sessions':
      return { method: 'POST', path: `users/${encodeURIComponent(wish.username)}/revoke-sessions`, body: {} }
  }
}
