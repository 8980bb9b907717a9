// An API that says when to come back (429 or 503 with Retry-After) is asked again then, a few times and within a budget.
import { readRetryAfter } from '../kernel/http/http.ts'
import type { Random } from '../kernel/crypto/random.ts'
import type { Sleep } from '../kernel/time/sleep.ts'
import type { Answer } from './answer/answer.ts'
import type { DownstreamSettings } from './downstream-settings.ts'
import { sendOnce, type Sending, type SendPorts } from './send-once.ts'

/** What waiting needs from outside, beside sending. */
export interface RetryPorts extends SendPorts {
  readonly sleep: Sleep
  readonly random: Random
}

/** Counts the sendings of one call. */
export interface Attempts {
  made: number
  /** A retry that would begin later is not made. Milliseconds, by the steady clock. */
  readonly retryUntilMs: number
}

/** Upper end of what chance adds to the first wait, milliseconds; doubled each time, so that those who were sent away do not return together. */
const firstSpreadMs = 250

/**
 * Sends, and sends again while the API asks for it and the request may be repeated; then its last answer is the answer.
 *
 * Without `Retry-After` nothing is repeated: asking an API again that did not say so is how an outage grows, hop by hop.
 */
export async function sendWithRetries(
  settings: DownstreamSettings,
  ports: RetryPorts,
  sending: Omit<Sending, 'attempt'>,
  attempts: Attempts,
): Promise<Answer> {
  const { request, end } = sending
  const most = request.replay && request.idempotent ? request.maxRetries : 0
  for (let retry = 0; ; retry += 1) {
    attempts.made += 1
    const answer = await sendOnce(settings, ports, { ...sending, attempt: attempts.made })
    const waitMs = retry < most ? waitOf(answer, retry, ports) : undefined
    if (waitMs === undefined || ports.passedMs() + waitMs > attempts.retryUntilMs) return answer
    await answer.cancel()
    ports.context.observe({
      type: 'downstream_retried',
      api: settings.name,
      method: request.method,
      path: request.url.pathname,
      status: answer.status,
      waitMs,
    })
    await ports.sleep(waitMs, end.signal)
  }
}

/** Milliseconds that the API asked for and a little by chance; `undefined` when it did not ask. */
function waitOf(
  { status, headers }: Answer,
  retry: number,
  { nowMs, random }: RetryPorts,
): number | undefined {
  if (status !== 429 && status !== 503) return undefined
  const seconds = readRetryAfter(headers, nowMs())
  return seconds === undefined ? undefined : seconds * 1000 + random() * firstSpreadMs * 2 ** retry
}
