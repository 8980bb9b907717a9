// Who hears of what happens: the observer of the owner, of everything, and the owner's log, of failures.
import { createCallContext, type CallContext, type Watcher } from '../kernel/observer.ts'
import type { Settings } from '../settings/settings.ts'

type Watched = Pick<Settings, 'observer' | 'telemetry' | 'clock' | 'log'>

/** Who is told of what happens at an API with these settings. */
export function watcherOf({ observer, telemetry, clock, log }: Watched): Watcher {
  return { observer, nowMs: () => clock.nowMs(), hear: log.heard, activeTraceId: telemetry?.activeTraceId }
}

/** Tells of work that belongs to no request. */
export function watch(settings: Watched): CallContext {
  const { observer, nowMs, hear } = watcherOf(settings)
  return createCallContext(observer, nowMs, undefined, hear)
}
