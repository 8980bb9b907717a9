// Starts the sidecar: settings, identity layer, listeners; and stops it the other way round.
import type { Logger } from 'midtier'
import { readSettings, type Settings } from '../config/settings.ts'
import type { Environment } from '../config/configuration.ts'
import type { Sidecar } from '../http/exchange.ts'
import { createLogger, createRareWarning, type Write } from '../kernel/log.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { createNamedSessions } from '../calls/sessions.ts'
import { createHandler, type Load } from './handle.ts'
import { createIdentity, type Identity } from './identity.ts'
import { listen, type Listener } from './listeners.ts'
import { type OpenCache, openSharedCache } from './open-shared-cache.ts'

/** Options of {@link startSidecar}. */
export interface SidecarOptions {
  /** Settings as environment variables: `AzureAd__TenantId` and the like. Default: none; hand in `process.env`. */
  readonly environment?: Environment | undefined
  /** A JSON file with settings, comments allowed. Default: `appsettings.json` in `folder`, if it is there. */
  readonly config?: string | undefined
  /** The working folder. Default: that of the process. */
  readonly folder?: string | undefined
  /** Port on 127.0.0.1; 0 takes a free one. Default: what the settings say, otherwise 8080. */
  readonly port?: number | undefined
  /** Takes the lines of the log. Default: standard error. */
  readonly write?: Write | undefined
}

/** A sidecar that listens. */
export interface RunningSidecar {
  /** Where it listens: `http://127.0.0.1:8080`, `http://unix:/run/sidecar.sock`. */
  readonly urls: readonly string[]
  /** Takes no new connections, answers what is under way, and ends; after `Sidecar__ShutdownTimeoutSeconds` in any case. */
  stop(): Promise<void>
}

/**
 * Starts the sidecar.
 *
 * @throws SettingError with one line that names the setting at fault and the fix. Does not wait for the authority.
 * @example
 * ```ts
 * const sidecar = await startSidecar({ environment: process.env, port: 0 })
 * console.log(sidecar.urls[0])
 * await sidecar.stop()
 * ```
 */
export async function startSidecar(options: SidecarOptions = {}): Promise<RunningSidecar> {
  const { environment = {}, config, folder = process.cwd(), port } = options
  const settings = readSettings({
    environment,
    folder,
    ...(config === undefined ? {} : { config }),
    ...(port === undefined ? {} : { port: String(port) }),
  })
  const logger = createLogger(options.write ?? ((line) => process.stderr.write(line)))
  for (const warning of settings.warnings) logger.warn({}, warning)
  const cache =
    settings.sharedCache === undefined ? undefined : await openSharedCache(settings.sharedCache, logger)
  try {
    return await run(settings, logger, cache)
  } catch (error) {
    await cache?.close()
    throw error
  }
}

const namesAreLost =
  'the shared cache keeps no names of long-running sessions: its user may not write keys of sidecar-sessions'

async function run(
  settings: Settings,
  logger: Logger,
  cache: OpenCache | undefined,
): Promise<RunningSidecar> {
  let stopping: Promise<void> | undefined
  const load: Load = { underWay: 0 }
  const readings = {
    isReady: (): boolean => stopping === undefined && identity.api.health().ready,
    underWay: () => load.underWay,
  }
  const metrics = settings.behaviour.metrics ? createMetrics(readings) : undefined
  const identity = createIdentity(settings, logger, {
    tokenCache: cache?.tokenCache,
    observer: metrics?.observe,
  })
  const warnRarely = createRareWarning(logger, () => performance.now())
  const sidecar: Sidecar = {
    settings,
    api: identity.api,
    managedIdentity: identity.managedIdentity,
    sessions:
      cache &&
      createNamedSessions({
        api: identity.api,
        clientId: settings.registration.clientId,
        ...cache.tokenCache,
        warn: () => warnRarely('session-names', {}, namesAreLost),
      }),
    metrics,
    logger,
    warnRarely,
    isStopping: () => stopping !== undefined,
  }
  const handle = createHandler(sidecar, load)
  const listeners: Listener[] = []
  const close = async (timeoutMs: number): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.drain(timeoutMs)))
    await identity.close()
    await cache?.close()
  }
  try {
    for (const address of settings.addresses) listeners.push(await listen(address, handle))
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.drain(0)))
    await identity.close()
    throw error
  }
  const warming = keepWarming(identity, () => stopping !== undefined)
  return {
    urls: listeners.map(({ url }) => url),
    stop() {
      warming.stop()
      return (stopping ??= close(settings.behaviour.shutdownTimeoutSeconds * 1000))
    },
  }
}

const warmUpAgainMs = 2_000

/** Fetches the keys of the authority ahead, again and again until they are there: without them the sidecar is not ready. */
function keepWarming({ api }: Identity, isStopping: () => boolean): { stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  const warm = async (): Promise<void> => {
    try {
      await api.warmUp()
    } catch {
      if (isStopping()) return // the library has said it in the log
      timer = setTimeout(() => void warm(), warmUpAgainMs)
    }
  }
  void warm()
  return { stop: () => clearTimeout(timer) }
}
