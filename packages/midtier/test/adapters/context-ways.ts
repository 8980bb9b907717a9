// Two hundred users of one API, and the ways in which the code of a request may go on.
import { AsyncResource } from 'node:async_hooks'
import { EventEmitter, on } from 'node:events'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { currentCaller } from '../../src/adapters/context.ts'
import { createWebApi, type RunWithCaller, type WebApi } from '../../src/index.ts'
import { clientId, createSigner, nowSeconds, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'
import { deferred } from './express-server.ts'

const signer = createSigner('context', { algorithm: 'ES256' })
export const users: readonly string[] = Array.from(
  { length: 200 },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
)
const tokenOf = (oid: string): string => signToken({ claims: userClaims({ oid }), signer })
export const authorization = (oid: string): { authorization: string } => ({
  authorization: `Bearer ${tokenOf(oid)}`,
})

export function createApi(run?: RunWithCaller): WebApi {
  return createWebApi({
    tenantId,
    clientId,
    algorithms: ['ES256'],
    clock: { nowMs: () => nowSeconds * 1000 },
    logger: false,
    ...(run === undefined ? {} : { runWithCaller: run }),
    fetch: (input) =>
      Promise.resolve(
        Response.json(
          String(input).includes('/keys')
            ? { keys: [signer.jwk()] }
            : {
                issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
                jwks_uri: `https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`,
              },
        ),
      ),
  })
}

const seen = (): string => currentCaller().principal.objectId ?? 'nobody'

/** Whom the code of one request sees, on each of the ways in which it may go on. */
async function everyWay(wait: () => Promise<void>, bus: EventEmitter): Promise<Record<string, string>> {
  const found: Record<string, string> = { handler: seen() }
  const shared = deferred<string>()
  bus.once(
    'all are here',
    AsyncResource.bind(() => shared.resolve(seen())),
  )
  await wait()
  found['await'] = seen()
  found['bound listener of a shared emitter'] = await shared.promise
  found['timer'] = await new Promise((resolve) => setTimeout(() => resolve(seen()), 0))
  found['immediate'] = await new Promise((resolve) => setImmediate(() => resolve(seen())))
  found['next tick'] = await new Promise((resolve) => process.nextTick(() => resolve(seen())))
  found['microtask'] = await new Promise((resolve) => queueMicrotask(() => resolve(seen())))
  found['then'] = await Promise.resolve()
    .then(() => Promise.resolve())
    .then(seen)
  const own = new EventEmitter()
  const heard = on(own, 'each')
  own.on('once', () => (found['own emitter'] = seen()))
  setImmediate(() => own.emit('once') && own.emit('each'))
  await heard.next()
  found['event iterator'] = seen()
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      found['transform'] = seen()
      setImmediate(done, null, chunk)
    },
  })
  await pipeline(
    Readable.from(['a', 'b']),
    transform,
    async function* (chunks) {
      for await (const chunk of chunks) {
        found['generator'] = seen()
        yield chunk as Buffer
      }
    },
    async (chunks) => {
      for await (const chunk of chunks) found['end of a pipeline'] = `${seen()}${String(chunk).slice(1)}`
    },
  )
  return found
}

/** The ways of so many requests, each of which waits on its way until all are there: so all of them are under way at once. */
export function createWays(expected: number): () => Promise<Record<string, string>> {
  const bus = new EventEmitter().setMaxListeners(expected)
  const open = deferred<undefined>()
  let come = 0
  return () =>
    everyWay(() => {
      come += 1
      if (come === expected) {
        bus.emit('all are here') // by the last request, whose caller nobody else may see
        open.resolve(undefined)
      }
      return open.promise
    }, bus)
}

/** How many places {@link createWays} looks at. */
export const places = 13
