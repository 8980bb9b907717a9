// An action on its way through a sign-in: what was asked for and what happened so far, kept while the page is gone.
import type { Action } from './action.ts'
import type { Need } from './need.ts'
import { forgetToken, type Chapter } from './trace/chapter.ts'

/** A flow that a sign-in interrupts. */
export interface KeptFlow {
  readonly action: Action
  /** What the sign-in is for. */
  readonly need: Need
  /** Every need so far, this one included: none is asked for twice without the person saying so. */
  readonly asked: readonly string[]
  /** What happened so far, the sign-in included; no token among it. */
  readonly chapters: readonly Chapter[]
}

const key = 'todolist.kept-flow'
/** Older than this, nobody expects it to happen any more. */
const patienceMs = 10 * 60_000

/** Keeps a flow across the redirects of a sign-in; the tab alone can see it. */
export function keepFlow(flow: KeptFlow, nowMs: number = Date.now()): void {
  const chapters = flow.chapters.map(withoutToken)
  sessionStorage.setItem(key, JSON.stringify({ flow: { ...flow, chapters }, keptAtMs: nowMs }))
}

/** The kept flow, once; `undefined` when there is none or it is too old. */
export function takeFlow(nowMs: number = Date.now()): KeptFlow | undefined {
  const kept = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  if (kept === null) return undefined
  const { flow, keptAtMs } = JSON.parse(kept) as { readonly flow: KeptFlow; readonly keptAtMs: number }
  return nowMs - keptAtMs < patienceMs ? flow : undefined
}

function withoutToken(chapter: Chapter): Chapter {
  return chapter.kind === 'call' ? { ...chapter, call: forgetToken(chapter.call) } : chapter
}
