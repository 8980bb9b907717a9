// The panel "What just happened": gathers everyone's account of the last calls and shows the drawing, the tokens and a summary.
import type { PageConfiguration } from '../../page-configuration.ts'
import { element, find } from '../element.ts'
import type { BrowserCall } from '../middle-tier.ts'
import { drawLaneNames, drawStory } from './drawing.ts'
import { formatCount, formatDuration } from './format.ts'
import { tellStory, type Audience, type Story } from './story.ts'
import { drawTokenCard } from './token-card.ts'
import { gatherTrace } from './trace.ts'
import { collectTokens } from './travelled-tokens.ts'

/** Shows calls. */
export interface TracePanel {
  /** Replaces what is shown; answers what it says in words. */
  show(calls: readonly BrowserCall[]): Promise<string>
}

/** Binds the panel to its place in the page. `names` says what people call ids. */
export function createTracePanel(
  configuration: PageConfiguration,
  names: Readonly<Record<string, string>>,
): TracePanel {
  const place = find('trace', HTMLElement)
  const summary = find('summary', HTMLElement)
  const audienceOf = (scopes: readonly string[]): Audience =>
    scopes.some((scope) => scope.includes(configuration.todoApiClientId)) ? 'todoApi' : 'graph'

  return {
    show: async (calls) => {
      if (calls.length === 0) return ''
      const inOrder = [...calls].sort((a, b) => a.number - b.number)
      const traces = await Promise.all(inOrder.map((call) => gatherTrace(call, configuration)))
      const stories = traces.map((trace) => tellStory(trace, audienceOf))
      const cards = collectTokens(traces, audienceOf).map((token) => drawTokenCard(token, names))
      place.replaceChildren(
        element('div', { class: 'drawing' }, drawLaneNames(), ...stories.map(drawStory)),
        element('div', { class: 'token-cards' }, ...cards),
      )
      const counts = countTokens(stories)
      summary.replaceChildren(...drawSummary(counts, stories))
      place.dataset['exchanges'] = String(counts.exchanges)
      place.dataset['cacheHits'] = String(counts.cacheHits)
      return `${formatCount(counts.exchanges, 'exchange', 'exchanges')}, ${formatCount(counts.cacheHits, 'cache hit', 'cache hits')}.`
    },
  }
}

type Counts = Pick<Story, 'exchanges' | 'cacheHits'>

function countTokens(stories: readonly Story[]): Counts {
  const sum = (of: keyof Counts): number => stories.reduce((total, story) => total + story[of], 0)
  return { exchanges: sum('exchanges'), cacheHits: sum('cacheHits') }
}

function drawSummary({ exchanges, cacheHits }: Counts, stories: readonly Story[]): readonly HTMLElement[] {
  const longest = Math.max(...stories.map(({ durationMs }) => durationMs))
  return [
    element('span', { class: 'chip' }, formatCount(stories.length, 'call', 'calls')),
    element(
      'span',
      { class: exchanges > 0 ? 'chip chip-exchange' : 'chip' },
      formatCount(exchanges, 'exchange', 'exchanges'),
    ),
    element(
      'span',
      { class: cacheHits > 0 ? 'chip chip-cache' : 'chip' },
      formatCount(cacheHits, 'cache hit', 'cache hits'),
    ),
    element('span', { class: 'chip' }, formatDuration(longest)),
  ]
}
