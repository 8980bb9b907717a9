// The panel "What just happened": gathers everyone's account of the last calls and shows the drawing, the tokens and a summary.
import type { PageConfiguration } from '../../page-configuration.ts'
import { element, find } from '../element.ts'
import { sayActing } from './acting.ts'
import type { Chapter } from './chapter.ts'
import { drawLaneNames, drawStory } from './drawing.ts'
import { formatCount, formatDuration } from './format.ts'
import type { AudienceOf, Story } from './hop.ts'
import { captionOf, tellSignIn } from './sign-in-story.ts'
import { tellStory } from './story.ts'
import { drawTokenCard } from './token-card.ts'
import { gatherSignIn, gatherTrace, type CallTrace, type SignInTrace } from './trace.ts'
import { collectTokens } from './travelled-tokens.ts'

/** Shows what happened. */
export interface TracePanel {
  /** Replaces what is shown; answers what it says in words. */
  show(chapters: readonly Chapter[]): Promise<string>
}

/** Binds the panel to its place in the page. `names` says what people call ids. */
export function createTracePanel(
  configuration: PageConfiguration,
  names: Readonly<Record<string, string>>,
): TracePanel {
  const place = find('trace', HTMLElement)
  const summary = find('summary', HTMLElement)
  const caption = find('caption', HTMLElement)
  const audienceOf: AudienceOf = ({ scopes, agentId }) => {
    const isFor = (api: string): boolean => scopes.some((scope) => scope.includes(api))
    if (isFor('AzureADTokenExchange')) return 'agentProof'
    if (!isFor(configuration.todoApiClientId)) return 'graph'
    return agentId === undefined ? 'todoApi' : 'agentTodoApi'
  }

  return {
    show: async (chapters) => {
      if (chapters.length === 0) return ''
      const traces = await Promise.all(
        chapters.map((chapter) =>
          chapter.kind === 'call'
            ? gatherTrace(chapter.call, configuration)
            : gatherSignIn(chapter, configuration),
        ),
      )
      const stories = traces.map((trace) =>
        isCall(trace) ? tellStory(trace, audienceOf) : tellSignIn(trace),
      )
      const cards = collectTokens(traces.filter(isCall), audienceOf).map((token) =>
        drawTokenCard(token, names),
      )
      place.replaceChildren(
        element(
          'div',
          { class: 'drawing' },
          drawLaneNames(),
          ...stories.map((story) => drawStory(story, names)),
        ),
        element('div', { class: 'token-cards' }, ...cards),
      )
      const said =
        captionOf(traces.filter(isSignIn), stories.at(-1)?.failed === false) ?? captionOfAgent(stories, names)
      caption.textContent = said ?? ''
      caption.hidden = said === undefined
      const counts = countTokens(stories)
      summary.replaceChildren(...drawSummary(counts, stories))
      place.dataset['exchanges'] = String(counts.exchanges)
      place.dataset['cacheHits'] = String(counts.cacheHits)
      const words = `${formatCount(counts.exchanges, 'exchange', 'exchanges')}, ${formatCount(counts.cacheHits, 'cache hit', 'cache hits')}.`
      return said === undefined ? words : `${said} ${words}`
    },
  }
}

/** Says who acted for whom; `undefined` unless an agent did. */
function captionOfAgent(
  stories: readonly Story[],
  names: Readonly<Record<string, string>>,
): string | undefined {
  const acting = stories.findLast((story) => story.acting !== undefined)?.acting
  return acting && sayActing(acting, names)
}

function isCall(trace: CallTrace | SignInTrace): trace is CallTrace {
  return 'call' in trace
}

function isSignIn(trace: CallTrace | SignInTrace): trace is SignInTrace {
  return 'signIn' in trace
}

type Counts = Pick<Story, 'exchanges' | 'cacheHits'>

function countTokens(stories: readonly Story[]): Counts {
  const sum = (of: keyof Counts): number => stories.reduce((total, story) => total + story[of], 0)
  return { exchanges: sum('exchanges'), cacheHits: sum('cacheHits') }
}

function drawSummary({ exchanges, cacheHits }: Counts, stories: readonly Story[]): readonly HTMLElement[] {
  const calls = stories.filter(({ kind }) => kind === 'call')
  const longest = Math.max(...calls.map(({ durationMs = 0 }) => durationMs))
  const signIns = stories.length - calls.length
  return [
    element('span', { class: 'chip' }, formatCount(calls.length, 'call', 'calls')),
    ...(signIns === 0
      ? []
      : [element('span', { class: 'chip chip-person' }, formatCount(signIns, 'sign-in', 'sign-ins'))]),
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
    ...(calls.length === 0 ? [] : [element('span', { class: 'chip' }, formatDuration(longest))]),
  ]
}
