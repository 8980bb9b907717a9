// Who hears of what happens: the observer of the owner, of everything, and the owner's log, of failures.
import { createCallContext, type CallContext } from './kernel/observer.ts'
import type { Settings } from './settings/settings.ts'

/** @param traceId `undefined` for work that belongs to no request. */
export function watch(
  { observer, clock, log }: Pick<Settings, 'observer' | 'clock' | 'log'>,
  traceId?: string,
): CallContext {
  return createCallContext(observer, () => clock.nowMs(), traceId, log.heard)
}
