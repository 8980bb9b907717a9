// Lets faults act on requests: before the handler (delay, drop, hang, an answer of their own) or on its answer.
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { MiddlewareHandler } from 'hono'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { EmulatorContext, EmulatorEnv } from '../http/exchange.ts'
import type { Endpoint } from '../kernel/request-log.ts'
import { graphRefusal } from './graph-refusal.ts'
import type { FaultEffect } from './fault.ts'
import type { Faults } from './faults.ts'

/** Strikes requests with the faults that match them. */
export function applyFaults(faults: Faults, endpoint: Endpoint): MiddlewareHandler<EmulatorEnv> {
  return async (c, next) => {
    const { facts, resourceNames, look } = c.get('exchange')
    const { grantType, clientId, user } = facts
    const effect = faults.strike({ endpoint, grantType, clientId, user, resourceNames })
    if (effect === undefined) return next()
    look('fault', { expected: 'no fault', actual: JSON.stringify(effect) })
    if (effect.delayMs !== undefined) await delay(effect.delayMs, undefined, { ref: false })
    if (effect.drop === true) return cut(c)
    if (effect.hang === true) return hang(c)
    const answer = await answerOf(c, endpoint, effect, next)
    return effect.truncate === true ? truncate(c, answer) : undefined
  }
}

async function answerOf(
  c: EmulatorContext,
  endpoint: Endpoint,
  effect: FaultEffect,
  next: () => Promise<void>,
): Promise<Response> {
  if (effect.aadsts !== undefined) throw new AadstsError(effect.aadsts, {}, { headers: effect.headers ?? {} })
  const isGraphs = endpoint === 'graph' && effect.body === undefined && (effect.status ?? 0) >= 400
  const answer = isGraphs ? graphRefusal(effect.status ?? 500, c.get('exchange')) : ownAnswer(effect)
  if (answer === undefined) await next()
  else c.res = answer
  for (const [name, value] of Object.entries(effect.headers ?? {})) c.header(name, value)
  return c.res
}

function ownAnswer({ status, body }: FaultEffect): Response | undefined {
  if (status === undefined && body === undefined) return undefined
  if (body === undefined) return new Response(undefined, { status: status ?? 500 })
  const isText = typeof body === 'string'
  return new Response(isText ? body : JSON.stringify(body), {
    status: status ?? 200,
    headers: { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8' },
  })
}

function cut(c: EmulatorContext): Response {
  c.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

// Ends with the connection: the client gives up, or the emulator stops and closes it.
async function hang(c: EmulatorContext): Promise<Response> {
  const { socket } = c.env.incoming
  if (!socket.destroyed) await once(socket, 'close')
  return RESPONSE_ALREADY_SENT
}

async function truncate(c: EmulatorContext, answer: Response): Promise<Response> {
  const { outgoing } = c.env
  const body = Buffer.from(await answer.clone().arrayBuffer())
  const headers = { ...Object.fromEntries(answer.headers), 'content-length': String(body.length) }
  outgoing.writeHead(answer.status, headers)
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => c.env.incoming.socket.destroy())
  c.res = RESPONSE_ALREADY_SENT
  return RESPONSE_ALREADY_SENT
}
