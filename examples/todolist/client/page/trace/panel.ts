// The panel "What just happened": gathers everyone's account of the last calls and shows the drawing, the tokens and a summary.
import type { PageConfiguration } from '../../page-configuration.ts'
import { element, find } from '../element.ts'
import { sayActing } from './acting.ts'
import type { Chapter } from './chapter.ts'
import { drawLaneNames, drawStory } from './drawing.ts'
import { createHistoryPicker, sayTime } from './history-picker.ts'
import { openHistory, type Told } from './history.ts'
import type { AudienceOf, Story } from './hop.ts'
import { createJump } from './jump.ts'
import { captionOf, tellSignIn } from './sign-in-story.ts'
import { tellStory } from './story.ts'
import { countTokens, drawSummary, sayCounts } from './summary.ts'
import { drawTokenCard } from './token-card.ts'
import { gatherSignIn, gatherTrace, type CallTrace, type SignInTrace } from './trace.ts'
import { collectTokens } from './travelled-tokens.ts'
import { waitedMs } from './waiting.ts'

/** Shows what happened. */
export interface TracePanel {
  /** Replaces what is shown, and keeps it with the last stories; answers what it says in words. */
  show(what: string, chapters: readonly Chapter[]): Promise<string>
}

/** Whose stories they are, and what people call ids. */
export interface Reader {
  readonly id: string
  readonly names: Readonly<Record<string, string>>
}

/** Binds the panel to its place in the page. */
export function createTracePanel(configuration: PageConfiguration, { id, names }: Reader): TracePanel {
  const place = find('trace', HTMLElement)
  const title = find('happened-title', HTMLElement)
  const history = openHistory(id)
  const jump = createJump(place)
  const draw = (told: Told): string => {
    const isNewest = history.list()[0] === told
    title.textContent = isNewest ? 'What just happened' : `What happened at ${sayTime(told)}`
    return drawTold(told, { place, names, audienceOf: audienceIn(configuration) })
  }
  const picker = createHistoryPicker(draw)

  return {
    show: async (what, chapters) => {
      if (chapters.length === 0) return ''
      const traces = await Promise.all(
        chapters.map((chapter) =>
          chapter.kind === 'call'
            ? gatherTrace(chapter.call, configuration)
            : gatherSignIn(chapter, configuration),
        ),
      )
      const told: Told = { what, atMs: Date.now(), traces }
      history.add(told)
      picker.offer(history.list())
      const said = draw(told)
      jump.offer(what)
      return said
    },
  }
}

/** Which token an event is about. */
function audienceIn({ todoApiClientId }: PageConfiguration): AudienceOf {
  return ({ scopes, agentId }) => {
    const isFor = (api: string): boolean => scopes.some((scope) => scope.includes(api))
    if (isFor('AzureADTokenExchange')) return 'agentProof'
    if (!isFor(todoApiClientId)) return 'graph'
    return agentId === undefined ? 'todoApi' : 'agentTodoApi'
  }
}

interface Drawn {
  readonly place: HTMLElement
  readonly names: Reader['names']
  readonly audienceOf: AudienceOf
}

/** Draws it; answers the same in words. */
function drawTold({ traces }: Told, { place, names, audienceOf }: Drawn): string {
  const calls = traces.filter(isCall)
  const stories = traces.map((trace) => (isCall(trace) ? tellStory(trace, audienceOf) : tellSignIn(trace)))
  const cards = collectTokens(calls, audienceOf).map((token) => drawTokenCard(token, names))
  place.replaceChildren(
    element('div', { class: 'drawing' }, drawLaneNames(), ...stories.map((story) => drawStory(story, names))),
    element('div', { class: 'token-cards' }, ...cards),
  )
  const succeeded = stories.at(-1)?.failed === false
  const said = captionOf(traces.filter(isSignIn), succeeded) ?? captionOfAgent(stories, names)
  const caption = find('caption', HTMLElement)
  caption.textContent = said ?? ''
  caption.hidden = said === undefined
  find('times', HTMLElement).hidden = calls.length === 0
  const waited = waitedMs(calls.map(({ call }) => call))
  find('summary', HTMLElement).replaceChildren(...drawSummary(stories, waited))
  const counts = countTokens(stories)
  place.dataset['exchanges'] = String(counts.exchanges)
  place.dataset['cacheHits'] = String(counts.cacheHits)
  return said === undefined ? sayCounts(counts) : `${said} ${sayCounts(counts)}`
}

/** Says who acted for whom; `undefined` unless an agent did. */
function captionOfAgent(stories: readonly Story[], names: Reader['names']): string | undefined {
  const acting = stories.findLast((story) => story.acting !== undefined)?.acting
  return acting && sayActing(acting, names)
}

function isCall(trace: CallTrace | SignInTrace): trace is CallTrace {
  return 'call' in trace
}

function isSignIn(trace: CallTrace | SignInTrace): trace is SignInTrace {
  return 'signIn' in trace
}
