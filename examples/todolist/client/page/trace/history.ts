// The last stories, to be read again: kept in the tab, for the person who lived them, and without their tokens.
import { forgetToken } from './chapter.ts'
import type { CallTrace, SignInTrace } from './trace.ts'

/** Something that the person did, and everyone's account of it. */
export interface Told {
  /** What the person did, in a few words. */
  readonly what: string
  /** When it was over, in milliseconds since 1970. */
  readonly atMs: number
  readonly traces: readonly (CallTrace | SignInTrace)[]
}

/** What happened last, newest first. */
export interface History {
  list(): readonly Told[]
  add(told: Told): void
}

const key = 'todolist.history'
/** How many stories are kept. */
const most = 10

/** Opens the history of a person; what another person left in the tab is not shown, and gone with the first story. */
export function openHistory(personId: string): History {
  let stories = read(personId)
  return {
    list: () => stories,
    add: (told) => {
      // The newest is shown with its token, until there is a newer one.
      stories = [told, ...stories.map(withoutTokens)].slice(0, most)
      write(personId, stories.map(withoutTokens))
    },
  }
}

/** Leaves nothing to the next person. */
export function forgetHistory(): void {
  sessionStorage.removeItem(key)
}

interface Kept {
  readonly personId: string
  readonly stories: readonly Told[]
}

function read(personId: string): readonly Told[] {
  const kept = sessionStorage.getItem(key)
  if (kept === null) return []
  const { personId: whose, stories } = JSON.parse(kept) as Kept
  return whose === personId ? stories : []
}

function write(personId: string, stories: readonly Told[]): void {
  const kept: Kept = { personId, stories }
  try {
    sessionStorage.setItem(key, JSON.stringify(kept))
  } catch (error) {
    // The tab may hold no more: then the stories end with the page.
    if (!(error instanceof DOMException)) throw error
    forgetHistory()
  }
}

function withoutTokens({ what, atMs, traces }: Told): Told {
  return {
    what,
    atMs,
    traces: traces.map((trace) => ('call' in trace ? { ...trace, call: forgetToken(trace.call) } : trace)),
  }
}
