// Readiness and liveness of an API as answers to whoever probes it: a load balancer, Kubernetes, a person. Nothing secret is in them.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'
import type { Host } from '../../kernel/wait-until.ts'
import type { WebApi } from '../../web-api/web-api.ts'
import { checkApi } from './check-use.ts'
import type { PlainAnswer } from './plain-answer.ts'
import { createLook, type Readiness, resolveIsReady } from './readiness.ts'

/** Where probes ask, and what else has to be well. */
export interface ServeHealthOptions {
  /** Where readiness is asked for: 200 while requests can be served, else 503. Default `/readyz`. */
  readonly path?: string | undefined
  /** Where liveness is asked for: 200 whenever the process answers at all, for a restart mends no authority. Default `/livez`. */
  readonly livenessPath?: string | undefined
  /**
   * What else it takes to serve, such as a database, or that the process is not about to stop. Asked at every probe, and has to answer at
   * once; what it throws counts as `false` and is printed, once. Default: nothing.
   */
  readonly isReady?: (() => boolean) | undefined
}

/** The answers to probes. */
export interface HealthAnswers {
  /** Of readiness and of liveness. */
  readonly paths: readonly [readiness: string, liveness: string]
  /** The answer at a path; `undefined` at every other one. What is fetched behind its back is handed to the host. */
  readonly answer: (method: string, path: string, host?: Host) => PlainAnswer | undefined
}

const optionNames: readonly (keyof ServeHealthOptions)[] = ['path', 'livenessPath', 'isReady']

/** @throws ConfigurationError at once for what is no API, and for options that cannot be meant. */
export function createHealthAnswers(api: WebApi, options: ServeHealthOptions = {}): HealthAnswers {
  checkApi(api, 'serveHealth(api)')
  checkKnownOptions(options, optionNames, 'serveHealth')
  const readiness = resolvePath('path', options.path ?? '/readyz')
  const liveness = resolvePath('livenessPath', options.livenessPath ?? '/livez')
  if (readiness === liveness)
    throw new ConfigurationError('serveHealth.livenessPath', 'is the path of readiness: choose another one')
  const isReady = resolveIsReady(options.isReady)
  const look = createLook(api, isReady)
  return {
    paths: [readiness, liveness],
    answer(method, path, host) {
      if (path !== readiness && path !== liveness) return undefined
      if (method !== 'GET' && method !== 'HEAD')
        return { status: 405, headers: { ...noStore, allow: 'GET, HEAD' }, body: undefined }
      return path === liveness ? json(200, { alive: true }) : answerReadiness(look(host))
    },
  }
}

function resolvePath(option: 'path' | 'livenessPath', path: unknown): string {
  if (typeof path === 'string' && /^\/[^?#*:\s]*$/.test(path)) return path
  throw new ConfigurationError(
    `serveHealth.${option}`,
    'has to be a path that begins with a slash, without a query or a pattern: /readyz',
  )
}

function answerReadiness({ reasons, retryAfterMs }: Readiness): PlainAnswer {
  if (reasons.length === 0) return json(200, { ready: true })
  const retryAfter = String(Math.max(1, Math.ceil(retryAfterMs / 1000)))
  return json(503, { ready: false, reasons }, { 'retry-after': retryAfter })
}

const noStore = { 'cache-control': 'no-store' }

function json(status: number, body: object, more: Readonly<Record<string, string>> = {}): PlainAnswer {
  const headers = { ...noStore, 'content-type': 'application/json; charset=utf-8', ...more }
  return { status, headers, body: JSON.stringify(body) }
}
