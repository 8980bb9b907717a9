// What a person can do here, as plain values: an action that has to wait for a sign-in is kept, and resumed after it.

/** Something the person asked for. */
export type Action =
  | { readonly kind: 'load' }
  | { readonly kind: 'add'; readonly title: string }
  | { readonly kind: 'complete'; readonly id: string; readonly completed: boolean }
  | { readonly kind: 'delete'; readonly id: string }

const key = 'todolist.pending-action'
/** Older than this, nobody expects it to happen any more. */
const patienceMs = 10 * 60_000

/** Keeps an action across the redirects of a sign-in; the tab alone can see it. */
export function keepPending(action: Action, nowMs: number = Date.now()): void {
  sessionStorage.setItem(key, JSON.stringify({ action, keptAtMs: nowMs }))
}

/** The kept action, once; `undefined` when there is none or it is too old. */
export function takePending(nowMs: number = Date.now()): Action | undefined {
  const kept = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  if (kept === null) return undefined
  const { action, keptAtMs } = JSON.parse(kept) as { readonly action: Action; readonly keptAtMs: number }
  return nowMs - keptAtMs < patienceMs ? action : undefined
}
