// An answer of a downstream API as it is handed on: its body, whatever breaks it off, breaks off as a DownstreamError.
import { DownstreamError } from '../../kernel/errors/errors.ts'
import { answererMark } from '../../kernel/errors/marks.ts'
import { summarizeCause } from '../../kernel/errors/safe-cause.ts'
import { untilAborted } from '../../kernel/until-aborted.ts'
import type { CallEnd } from '../call-end.ts'

/** What is known of an answer beside itself. */
export interface AnswerFacts {
  /** Name of the API that gave it. */
  readonly api: string
  /** What was sent, and must not come back in an error. */
  readonly secret: string
  /** Ends the reading of the body with the reason of its signal. */
  readonly end: CallEnd
}

/** The last status that a `Response` can be made with; servers send others (RFC 9110 §15). */
export const lastStatus = 599

/** The same answer; reading its body, and giving it up, fails as a DownstreamError or with the reason of the signal. */
export function guardAnswer(response: Response, facts: AnswerFacts): Response {
  const { status, statusText, headers, url, redirected, type } = response
  if (!hasBody(response)) return response
  const isOrdinary = status >= 200 && status <= lastStatus
  const init = { status: isOrdinary ? status : lastStatus, headers }
  const guarded = new Response(guardBody(response, facts), init)
  // A constructed answer has none of these, or not each that a server may send, such as a reason in the server's own language.
  return Object.defineProperties(guarded, {
    status: { value: status, configurable: true },
    statusText: { value: statusText, configurable: true },
    url: { value: url, configurable: true },
    redirected: { value: redirected, configurable: true },
    type: { value: type, configurable: true },
    [answererMark]: { value: facts.api },
  })
}

/** The name of the API that gave an answer; `undefined` when it came from elsewhere. */
export function answererOf(response: Response): string | undefined {
  const api = (response as { readonly [answererMark]?: unknown })[answererMark]
  return typeof api === 'string' ? api : undefined
}

type Full = Response & { readonly body: ReadableStream<Uint8Array> }

function hasBody(response: Response): response is Full {
  return response.body != null // a `fetch` of one's own may leave it out
}

/** Holds the answer, and not its body alone: the platform gives up the unread body of an answer that is garbage (undici). */
function guardBody(answer: Full, { api, secret, end }: AnswerFacts): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  const within = async <Result>(
    work: (open: ReadableStreamDefaultReader<Uint8Array>) => Promise<Result>,
  ): Promise<Result> => {
    const signal = end.reading
    try {
      const result = work((reader ??= answer.body.getReader()))
      return await (signal === undefined ? result : untilAborted(signal, result))
    } catch (error) {
      end.closed(guarded)
      if (signal?.aborted === true) {
        reader?.cancel(signal.reason).catch(() => undefined) // it is given up, however that ends
        throw signal.reason
      }
      const message = `The answer of the downstream API '${api}' broke off`
      const cause = summarizeCause(error ?? 'nothing', [secret])
      throw new DownstreamError(api, message, answer.status, '', { cause })
    }
  }
  const guarded = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await within((open) => open.read())
        if (!done) {
          controller.enqueue(value)
          return
        }
        end.closed(guarded)
        controller.close()
      },
      async cancel(reason) {
        await within((open) => open.cancel(reason))
        end.closed(guarded)
      },
    },
    { highWaterMark: 0 }, // nothing is read ahead of whoever reads
  )
  end.opened(guarded)
  return guarded
}
