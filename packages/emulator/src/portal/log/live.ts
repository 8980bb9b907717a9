// Pushes what changes in the log as server-sent events: gathered for a moment, and never faster than the reader takes it.
import type { EmulatorContext } from '../../http/exchange.ts'
import type { RequestLog } from '../../kernel/request-log.ts'

/** An event: its name and its data, which is sent as JSON. */
export interface LiveEvent {
  readonly name: string
  readonly data: unknown
}

const gatherMs = 100
const heartbeatMs = 15_000

/**
 * Answers with a stream of events. `render` is asked for what is new since a `sequence` whenever there is something; `undefined` sends
 * nothing.
 */
export function streamEvents(
  c: EmulatorContext,
  log: RequestLog,
  since: number,
  render: (since: number) => Promise<LiveEvent | undefined> | LiveEvent | undefined,
): Response {
  // A cursor of an emulator that ran before this one knows nothing here.
  let known = since > log.sequence ? 0 : since
  let timer: NodeJS.Timeout | undefined
  let end: (() => void) | undefined
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const encoder = new TextEncoder()
      const send = (text: string): void => controller.enqueue(encoder.encode(text))
      const push = async (): Promise<void> => {
        timer = undefined
        if ((controller.desiredSize ?? 0) <= 0) {
          schedule()
          return
        }
        const upTo = log.sequence
        const event = await render(known)
        known = upTo
        if (event !== undefined && end !== undefined)
          send(`event: ${event.name}\nid: ${String(upTo)}\ndata: ${JSON.stringify(event.data)}\n\n`)
      }
      const schedule = (): void => {
        timer ??= setTimeout(() => void push().catch(fail), gatherMs).unref()
      }
      // A stream that has failed takes no heartbeat any more: it would throw where nobody catches.
      const fail = (error: unknown): void => {
        end?.()
        controller.error(error)
      }
      const heartbeat = setInterval(() => send(':\n\n'), heartbeatMs).unref()
      const unsubscribe = log.subscribe(schedule)
      end = () => {
        unsubscribe()
        clearInterval(heartbeat)
        clearTimeout(timer)
        end = undefined
      }
      send('retry: 1000\n\n')
      schedule()
    },
    cancel: () => end?.(),
  })
  return c.body(stream, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
}

/** Where a reader is: the last event that it saw, or what it asked for. */
export function readSince(c: EmulatorContext): number {
  const since = Number(c.req.header('last-event-id') ?? c.req.query('since') ?? 0)
  return Number.isSafeInteger(since) && since > 0 ? since : 0
}
