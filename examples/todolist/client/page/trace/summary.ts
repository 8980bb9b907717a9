// What a story comes to: how many calls, sign-ins, exchanges and cache hits, and how long the person waited.
import { element } from '../element.ts'
import { formatCount, formatDuration } from './format.ts'
import type { Story } from './hop.ts'

/** What is counted. */
export type Counts = Pick<Story, 'exchanges' | 'cacheHits'>

/** The sums over some stories. */
export function countTokens(stories: readonly Story[]): Counts {
  const sum = (of: keyof Counts): number => stories.reduce((total, story) => total + story[of], 0)
  return { exchanges: sum('exchanges'), cacheHits: sum('cacheHits') }
}

/** In words. */
export function sayCounts({ exchanges, cacheHits }: Counts): string {
  return `${formatCount(exchanges, 'exchange', 'exchanges')}, ${formatCount(cacheHits, 'cache hit', 'cache hits')}.`
}

/** As chips. @param waitedMs How long the page waited, sign-ins aside. */
export function drawSummary(stories: readonly Story[], waitedMs: number): readonly HTMLElement[] {
  const { exchanges, cacheHits } = countTokens(stories)
  const calls = stories.filter(({ kind }) => kind === 'call').length
  const signIns = stories.length - calls
  return [
    chip(formatCount(calls, 'call', 'calls')),
    ...(signIns === 0 ? [] : [chip(formatCount(signIns, 'sign-in', 'sign-ins'), 'chip-person')]),
    chip(formatCount(exchanges, 'exchange', 'exchanges'), exchanges > 0 ? 'chip-exchange' : ''),
    chip(formatCount(cacheHits, 'cache hit', 'cache hits'), cacheHits > 0 ? 'chip-cache' : ''),
    ...(calls === 0 ? [] : [chip(`${formatDuration(waitedMs)} in all`)]),
  ]
}

function chip(text: string, look = ''): HTMLElement {
  return element('span', { class: `chip ${look}`.trim() }, text)
}
