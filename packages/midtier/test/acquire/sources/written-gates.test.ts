// What the gates before the token endpoint do, answer by answer: scripts of a few words, each with what it leads to, written down to be read.
import { it } from 'vitest'
import { Gates } from '../../../src/acquire/sources/gates.ts'
import type { AccessToken, TokenRequest } from '../../../src/acquire/token-source.ts'
import {
  AuthorityUnavailableError,
  InteractionRequiredError,
  isMidtierError,
  TokenRequestError,
} from '../../../src/index.ts'
import type { ObserverEvent } from '../../../src/kernel/observer.ts'
import { HandClock } from '../scenario.ts'
import { expectWritten } from '../../written.ts'

/**
 * `alice asks` alone is answered later. `silent`: no answer, `503` and `429`: with the seconds that it asks for, `refused`: by a reason of
 * the person, `misconfigured`: by one of the owner, `bug`: something else was thrown.
 */
const scripts: Readonly<Record<string, readonly string[]>> = {
  'one caller fails and nobody else': [
    'alice silent',
    'alice silent',
    'alice silent',
    'alice silent',
    'alice silent',
    'bob token',
    'alice asks',
    '1 s later',
    'alice silent',
    'alice asks',
    '999 ms later',
    'alice asks',
    '1 ms later',
    'alice token',
    'alice token',
  ],
  'five failures of three callers': [
    'alice silent',
    'alice silent',
    'bob silent',
    'bob silent',
    'carol silent',
    'dora asks',
    '1 s later',
    'dora asks',
    'erin asks',
    'dora gets silent',
    '999 ms later',
    'dora asks',
    '1 ms later',
    'dora token',
    'alice token',
  ],
  'five failures of two callers are theirs': [
    'alice silent',
    'bob silent',
    'alice silent',
    'bob silent',
    'alice silent',
    'bob silent',
    'carol token',
  ],
  'a token ends the row': [
    'alice silent',
    'bob silent',
    'carol silent',
    'alice silent',
    'alice token',
    'bob silent',
    'carol silent',
    'dora silent',
    'erin silent',
    'frida silent',
  ],
  'so does a refusal, which is an answer, and nothing else does': [
    'alice silent',
    'bob silent',
    'carol silent',
    'alice silent',
    'alice refused',
    'alice silent',
    'bob silent',
    'carol silent',
    'dora silent',
    'dora bug',
    'erin misconfigured',
    'alice silent',
    'bob silent',
    'carol silent',
    'dora silent',
    'erin bug',
    'erin silent',
  ],
  'a minute between failures ends the row, and no less': [
    'alice silent',
    'bob silent',
    'carol silent',
    'dora silent',
    '60001 ms later',
    'erin silent',
    'alice silent',
    'bob silent',
    'carol silent',
    '60000 ms later',
    'dora silent',
  ],
  'a pause that one caller is told': [
    'alice 503 for 7',
    'alice asks',
    'bob token',
    '7 s later',
    'alice token',
  ],
  'a pause that is longer than any': ['alice 503 for 9999', 'alice asks', '300 s later', 'alice token'],
  'three callers who are told to ask less often': [
    'alice 429 for 30',
    'bob 429 for 20',
    'alice asks',
    'carol 429 for 40',
    'dora asks',
    '19999 ms later',
    'dora asks',
    '1 ms later',
    'dora token',
    'erin token',
    'alice asks',
    '10 s later',
    'alice token',
  ],
  'without saying for how long': ['alice 429', 'bob 429', 'carol 429', '1 s later', 'dora token'],
  'failures with pauses': [
    'alice 503 for 5',
    'bob 503 for 5',
    'carol 503 for 5',
    'dora 503 for 5',
    'erin 503 for 8',
    'frida asks',
    '8 s later',
    'frida token',
  ],
  'what was sent before the latest answer tells nothing': [
    'alice asks',
    'bob asks',
    'carol asks',
    'dora asks',
    'erin asks',
    '1 s later',
    'frida token',
    'alice gets silent',
    'bob gets silent',
    'carol gets silent',
    'dora gets silent',
    'erin gets silent',
    'alice asks',
  ],
  'the clock is set back': ['alice 503 for 7', '-3600 s later', 'alice asks', '3600 s later', 'alice token'],
  'another tenant is another endpoint': [
    'alice silent',
    'bob silent',
    'carol silent',
    'alice silent',
    'bob silent',
    'alice@other token',
    'alice asks',
  ],
}

const limits = { failuresToOpen: 5, probeEveryMs: 1_000, longestPauseSeconds: 300 }

it('the gates do what is written down', async () => {
  const lines: string[] = []
  for (const [name, steps] of Object.entries(scripts))
    for (const chance of name.startsWith('five failures of three') ? [0, 1] : [0])
      lines.push(
        `${name}${chance === 0 ? '' : ', by the greatest chance'}`,
        ...(await play(steps, chance)),
        '',
      )
  await expectWritten(lines, new URL('written/gates.txt', import.meta.url))
})

async function play(steps: readonly string[], chance: number): Promise<readonly string[]> {
  const clock = new HandClock()
  const gates = new Gates(limits, { clock, random: () => chance })
  const events: ObserverEvent[] = []
  const underWay = new Map<string, { answer: (how: string) => Promise<string> }>()
  const told: string[] = []
  for (const step of steps) {
    events.length = 0
    const outcome = await act(step)
    const waits = ['alice', 'bob', 'nobody'].map((who) => `${who} ${gates.waitMs(requestOf(who))}`)
    const paused = gates
      .paused()
      .map(({ tenantId, reason, retryAfterMs }) => `${tenantId} ${reason} ${retryAfterMs}`)
    told.push(
      `  ${step.padEnd(18)} ${outcome.padEnd(34)} waits ${waits.join(', ')}${[...paused.map((each) => `; paused ${each}`), ...events.map((event) => `; told ${tell(event)}`)].join('')}`.trimEnd(),
    )
  }
  return told

  async function act(step: string): Promise<string> {
    const [who = '', what = '', ...more] = step.split(' ')
    const amount = Number(who)
    if (!Number.isNaN(amount)) {
      clock.ms += what === 's' ? amount * 1000 : amount
      return ''
    }
    if (what === 'gets') return underWay.get(who)?.answer(more.join(' ')) ?? 'nobody asked'
    const asked = ask(who)
    if (what !== 'asks') return asked.answer([what, ...more].join(' '))
    underWay.set(who, asked)
    return (await asked.isSent()) ? 'is sent' : asked.answer('')
  }

  function ask(who: string) {
    let settle: ((how: string) => void) | undefined
    const answered = gates.pass(requestOf(who), {
      acquire: () =>
        new Promise<AccessToken>((resolve, reject) => {
          settle = (how) => {
            const failure = failureOf(how)
            if (failure === undefined) resolve('token' as never)
            else reject(failure)
          }
        }),
    })
    const outcome = answered.then(
      () => 'is given a token',
      (error: unknown) => describe(error),
    )
    return {
      isSent: () => Promise.resolve(settle !== undefined),
      answer(how: string): Promise<string> {
        settle?.(how)
        return outcome
      },
    }
  }

  function requestOf(who: string): TokenRequest {
    const [partition = '', tenantId = 'ours'] = who.split('@')
    const context = { traceId: undefined, observe: (event: ObserverEvent) => void events.push(event) }
    return { tenantId, slot: { partition, key: '' }, context } as unknown as TokenRequest
  }
}

function failureOf(how: string): Error | undefined {
  const [what, , seconds] = how.split(' ')
  const facts = { error: 'invalid_grant', errorNumbers: [], status: 400, scopes: [] }
  if (what === 'token') return undefined
  if (what === 'refused') return new InteractionRequiredError('refused', 'sign_in_required', facts)
  if (what === 'misconfigured') return new TokenRequestError('refused', facts)
  if (what === 'bug') return new Error('a bug')
  const retryAfterTold = seconds !== undefined
  return new AuthorityUnavailableError('no token', retryAfterTold ? Number(seconds) : 5, {
    retryAfterTold,
    throttled: what === '429',
    reason: what === 'silent' ? 'host_not_found' : 'unavailable',
  })
}

function describe(error: unknown): string {
  if (!isMidtierError(error)) return String(error)
  if (error.code !== 'authority_unavailable') return `fails by ${error.code}`
  const { message, reason, retryAfterSeconds, retryAfterTold, throttled } = error
  const how = message.startsWith('The token endpoint was failing') ? 'is not sent' : 'fails'
  const marks = [retryAfterTold ? 'told' : '', throttled ? 'throttled' : ''].filter((mark) => mark !== '')
  return [how, reason, `${retryAfterSeconds} s`, ...marks].join(' ')
}

function tell(event: ObserverEvent): string {
  if (event.type === 'authority_paused') return `paused ${event.whom} ${event.reason} ${event.pauseMs}`
  return event.type
}
