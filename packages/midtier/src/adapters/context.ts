// The caller of the request that is being served, found without being handed on: for services deep below a handler. Off until asked for.
import { AsyncLocalStorage } from 'node:async_hooks'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { Caller } from '../web-api/caller.ts'
import type { RegisteredCaller } from '../web-api/register.ts'

/** What all copies of the package share: whoever entered by one is found by another. */
const storageKey: unique symbol = Symbol.for('midtier.current-caller')

type Context = AsyncLocalStorage<Caller | undefined>

const shared = globalThis as { [storageKey]?: Context }

/** Made by the first who enters: a process in which nobody does pays nothing for it. */
function enter<Result>(caller: Caller | undefined, work: () => Result): Result {
  const storage = shared[storageKey] ?? new AsyncLocalStorage<Caller | undefined>()
  shared[storageKey] = storage
  return storage.run(caller, work)
}

/**
 * Runs work, and whatever it begins, so that {@link currentCaller} finds this caller: timers, streams, promises and what follows them.
 *
 * Handed to `createWebApi`, it runs the rest of each request behind `protect`; by itself it does so for a part of a program, such as a
 * message of a queue.
 * @throws ConfigurationError when there is no caller.
 * @example
 * ```ts
 * const api = createWebApi({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: 'a0000000-0000-4000-8000-000000000002',
 *   runWithCaller, // from here on, a handler behind protect(api) and what it calls have a current caller
 * })
 * ```
 */
export function runWithCaller<Result>(caller: Caller, work: () => Result): Result {
  if (typeof caller !== 'object' || (caller as unknown) === null)
    throw new ConfigurationError('runWithCaller', 'was given no caller: pass what api.authenticate(…) gave')
  return enter(caller, work)
}

/**
 * Runs work that belongs to no caller, whoever's request it is begun in: a connection that all requests will share, a job that outlives
 * the request.
 * @example
 * ```ts
 * const timer = runWithoutCaller(() => setInterval(() => console.log(findCurrentCaller()), 1_000)) // undefined
 * ```
 */
export function runWithoutCaller<Result>(work: () => Result): Result {
  return shared[storageKey] === undefined ? work() : enter(undefined, work)
}

/**
 * The caller of the request that is being served.
 *
 * @throws ConfigurationError where there is none, saying what has to stand in front.
 * @example
 * ```ts
 * export async function openTodos() {
 *   return currentCaller().downstream('todolist').getJson('todos?open=true') // for whoever the handler serves
 * }
 * ```
 */
export function currentCaller(): RegisteredCaller {
  const caller = findCurrentCaller()
  if (caller !== undefined) return caller
  throw new ConfigurationError(
    'currentCaller',
    shared[storageKey] === undefined
      ? "has no caller to find, and no request has entered a context in this process yet: pass runWithCaller of 'midtier/context' to createWebApi, and put protect(api) in front of what calls this"
      : 'has no caller to find: put protect(api) in front of what calls this, of an API that was created with runWithCaller; a listener of what requests share needs AsyncResource.bind, and work of no request needs runWithCaller(caller, work)',
  )
}

/**
 * The caller of the request that is being served, or `undefined` where there is none: for what runs in and out of requests, such as a logger.
 * @example
 * ```ts
 * console.log(findCurrentCaller()?.principal.clientId ?? 'nobody')
 * ```
 */
export function findCurrentCaller(): RegisteredCaller | undefined {
  return shared[storageKey]?.getStore()
}
