// Whether requests can be served at this moment: what is missing is fetched behind the back of whoever asks.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { isPromise } from '../../kernel/errors/other-realms.ts'
import { keepAlive, type Host } from '../../kernel/wait-until.ts'
import type { WebApi } from '../../web-api/web-api.ts'
import { printFailure } from './print-failure.ts'

/** What the application says of itself. @throws ConfigurationError for what is no function. */
export function resolveIsReady(isReady: unknown): () => boolean {
  if (isReady === undefined) return () => true
  if (typeof isReady !== 'function')
    throw new ConfigurationError(
      'serveHealth.isReady',
      'has to be a function: write isReady: () => !stopping',
    )
  const tell = tellOnce()
  return () => {
    try {
      return atOnce((isReady as () => unknown)())
    } catch (error) {
      tell(error)
      return false
    }
  }
}

/** @throws ConfigurationError for a promise, which would never be ready. */
function atOnce(isReady: unknown): boolean {
  if (!isPromise(isReady)) return isReady === true
  Promise.resolve(isReady).catch(() => undefined) // nobody else waits for it
  throw new ConfigurationError(
    'serveHealth.isReady',
    'gave a promise: keep what you know, and answer at once',
  )
}

/** Why requests cannot be served. */
type Reason = 'configuration' | 'signing_keys' | 'application'

/** With reasons, not ready. */
export interface Readiness {
  readonly reasons: readonly Reason[]
  /** Until it is worth while to ask again. */
  readonly retryAfterMs: number
}

/** For all that nobody has said a time of. */
const usualRetryMs = 5_000

/**
 * Looks whether requests can be served. What is missing is fetched behind the back of the probe, once per cool-down of its authority, so
 * that a process becomes ready without a request.
 */
export function createLook(api: WebApi, isReady: () => boolean): (host?: Host) => Readiness {
  const warmUp = createWarmUp(api)
  const tell = tellOnce()
  return (host) => {
    const others: readonly Reason[] = isReady() ? [] : ['application']
    try {
      const health = api.health()
      if (health.ready) return { reasons: others, retryAfterMs: usualRetryMs }
      const waits = health.issuers.filter(({ ready }) => !ready).map((issuer) => issuer.retryAfterMs)
      const retryAfterMs = Math.min(...waits)
      if (!(retryAfterMs > 0)) warmUp(host)
      return {
        reasons: ['signing_keys', ...others],
        retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : 0,
      }
    } catch (error) {
      tell(error)
      return { reasons: ['configuration', ...others], retryAfterMs: usualRetryMs }
    }
  }
}

/** One at a time; a failure is told to the log and the observer of the API. */
function createWarmUp(api: WebApi): (host: Host | undefined) => void {
  let isUnderWay = false
  const run = async (): Promise<void> => {
    try {
      await api.warmUp()
    } catch {
      // See above.
    } finally {
      isUnderWay = false
    }
  }
  return (host) => {
    if (isUnderWay) return
    isUnderWay = true
    keepAlive(run(), host)
  }
}

/** An API that reads its options later has no log before they can be read. The same failure at every probe would fill the console. */
function tellOnce(): (error: unknown) => void {
  let told: string | undefined
  return (error) => {
    const text = String(error)
    if (text === told) return
    told = text
    printFailure('the probe of readiness', error)
  }
}
