// The tab “Chain”: every request of the sign-in up to this one, drawn as the to-do example draws its calls.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Drawing } from '../../ui/drawing/draw.tsx'
import { drawLaneNames, drawRows } from '../../ui/drawing/sequence.ts'
import { entryAddress } from './address.ts'
import { resultOf } from './flow.ts'
import type { DrawnSignIn } from './story.ts'

/** The drawing. */
export function StoryDrawing(props: {
  readonly signIn: DrawnSignIn
  readonly query: string
  /** Id of the request that is looked at. */
  readonly current: string
}): JSX.Element {
  const { signIn, query, current } = props
  const { parties, stories, left } = signIn
  return (
    <div class="drawing">
      {left > 0 && <p class="muted">{`${String(left)} earlier requests of this sign-in are not drawn.`}</p>}
      <Drawing drawn={drawLaneNames(parties)} />
      {stories.map(({ record, title, outcome, rows }) => (
        <section aria-label={title}>
          <p class="story-title">
            {record.id === current ? (
              <strong aria-current="true">{title}</strong>
            ) : (
              <a href={entryAddress(record.id, { query, tab: 'chain' })}>{title}</a>
            )}{' '}
            <span class={`result-${resultOf(record)}`}>{outcome}</span>
          </p>
          <Drawing drawn={drawRows(parties, rows)} />
        </section>
      ))}
    </div>
  )
}
