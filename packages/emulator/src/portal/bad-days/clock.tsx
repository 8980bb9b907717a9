// The clock: what time it is here, the steps that move it, and what expires by them.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { EmulatorClock } from '../../kernel/clock.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { offsetInWords, spanInWords } from '../../kernel/time-words.ts'
import { change } from '../change.ts'
import { Frame } from '../frame.tsx'
import { PostForm, RowButton, TextField } from '../parts/fields.tsx'
import { actionOf, textOf } from '../parts/form-values.ts'
import { withOwnForm, type Page } from '../portal-form.tsx'
import { whatExpires, type Expiry } from './what-expires.ts'

const path = '/portal/clock'
const steps = [-86_400, -3600, -300, 300, 3600, 86_400]

/** GET /portal/clock */
export function showClock(c: EmulatorContext, emulation: Emulation): Page {
  return sendPage(c, <ClockPage emulation={emulation} />)
}

/** POST /portal/clock: `seconds` to move it, or `do` one of `freeze`, `resume` and `reset`. */
export function changeClock(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const { clock } = emulation
    const act = acts.get(actionOf(form, [...acts.keys()]) ?? '')
    if (act === undefined) {
      const seconds = readSeconds(textOf(form, 'seconds'))
      await change(emulation, `Moved the clock by ${offsetInWords(seconds)}`, () => clock.advance(seconds))
    } else await change(emulation, act.label, () => act.work(clock))
    return c.redirect(path, 303)
  })
}

interface Act {
  readonly label: string
  readonly work: (clock: EmulatorClock) => void
}

const acts: ReadonlyMap<string, Act> = new Map([
  ['freeze', { label: 'Stopped the clock', work: (clock: EmulatorClock) => clock.freeze() }],
  ['resume', { label: 'Let the clock go on', work: (clock: EmulatorClock) => clock.resume() }],
  ['reset', { label: 'Reset the clock', work: (clock: EmulatorClock) => clock.reset() }],
])

// A hundred years either way: a date beyond is none.
const furthest = 3_155_760_000

function readSeconds(text = ''): number {
  const seconds = Number(text)
  if (text !== '' && Number.isFinite(seconds) && Math.abs(seconds) <= furthest) return seconds
  throw new EmulatorOptionsError('clock.seconds', `"${text}" is no number of seconds within a hundred years`)
}

function ClockPage({ emulation }: { readonly emulation: Emulation }): JSX.Element {
  const { clock } = emulation
  const { offsetMs, frozenAtMs } = clock.setting
  const now = clock.now()
  const isMoved = offsetMs !== 0 || frozenAtMs !== undefined
  return (
    <Frame title="Clock" section="clock">
      <div class="page-heading">
        <h1>Clock</h1>
        <p class="muted">Tokens, secrets and sessions live by it; your machine’s clock stays as it is.</p>
      </div>
      <p class="clock-face">
        <time datetime={new Date(now).toISOString()}>
          {new Date(now).toISOString().slice(0, 19).replace('T', ' ')} UTC
        </time>
        <span class="muted">
          {frozenAtMs === undefined
            ? offsetMs === 0
              ? 'the machine’s time'
              : `${offsetInWords(offsetMs / 1000)} from the machine’s time`
            : 'it stands still'}
        </span>
      </p>
      <PostForm action={path} class="row-actions" label="Steps">
        {steps.map((seconds) => (
          <RowButton name="seconds" value={String(seconds)} label={offsetInWords(seconds)} />
        ))}
      </PostForm>
      <PostForm action={path} class="row-actions" label="Stop and go">
        {frozenAtMs === undefined ? (
          <RowButton value="freeze" label="Stop it" />
        ) : (
          <RowButton value="resume" label="Let it go on" />
        )}
        {isMoved && <RowButton value="reset" label="Back to the machine’s time" />}
      </PostForm>
      <PostForm action={path} label="Move it by">
        <div class="fields">
          <TextField name="seconds" label="Move it by seconds" hint="Negative: back." required />
        </div>
        <button class="primary small" type="submit">
          Move
        </button>
      </PostForm>
      <section aria-labelledby="expires-title">
        <h2 id="expires-title">What expires by it</h2>
        <Expiries expiries={whatExpires(emulation)} now={now} />
      </section>
    </Frame>
  )
}

function Expiries(props: { readonly expiries: readonly Expiry[]; readonly now: number }): JSX.Element {
  const { expiries, now } = props
  if (expiries.length === 0)
    return <p class="muted">No token of the log and no secret of the directory has an end.</p>
  return (
    <ul class="rows">
      {expiries.map(({ what, at }) => (
        <li class="row">
          <div class="row-main">{what}</div>
          <span class="muted">
            {at <= now
              ? `expired ${spanInWords((now - at) / 1000)} ago`
              : `in ${spanInWords((at - now) / 1000)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
