// An answer of a downstream API: read here, or handed on with its body unread. Whatever breaks the body off, it breaks off as a DownstreamError.
import { DownstreamError } from '../../kernel/errors/errors.ts'
import { answererMark } from '../../kernel/errors/marks.ts'
import { summarizeCause } from '../../kernel/errors/safe-cause.ts'
import { withoutBody } from '../../kernel/http/body-of.ts'
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

type Bytes = Uint8Array<ArrayBuffer>

/** The last status that a `Response` can be made with; servers send others (RFC 9110 §15). */
export const lastStatus = 599

/** One answer as it arrived; its body is read once, by one of the methods. */
export class Answer {
  readonly #response: Response
  readonly #facts: AnswerFacts
  #reader: ReadableStreamDefaultReader<Bytes> | undefined

  /** Holds the answer, and not its body alone: the platform gives up the unread body of an answer that is garbage (undici). */
  constructor(response: Response, facts: AnswerFacts) {
    this.#response = response
    this.#facts = facts
  }

  get status(): number {
    return this.#response.status
  }

  get headers(): Headers {
    return this.#response.headers
  }

  /** By the status alone: what a `fetch` of one's own gives may have no `ok`. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  /** Does something with the body, and waits no longer for it than the call goes on; `undefined` where there is none. */
  async read<Result>(
    work: (body: ReadableStreamDefaultReader<Bytes>) => Promise<Result>,
  ): Promise<Result | undefined> {
    const { api, secret, end } = this.#facts
    const signal = end.reading
    try {
      const { body } = this.#response
      if (body == null) return undefined // a `fetch` of one's own may leave it out
      const result = work((this.#reader ??= body.getReader()))
      return await (signal === undefined ? result : untilAborted(signal, result))
    } catch (error) {
      const isOver = signal?.aborted === true
      // It is given up, however that ends: what failed may have been what was made of a body that goes on.
      this.#giveUp(isOver ? signal.reason : error).catch(() => undefined)
      if (isOver) throw signal.reason
      const message = `The answer of the downstream API '${api}' broke off`
      const cause = summarizeCause(error ?? 'nothing', [secret])
      throw new DownstreamError(api, message, this.status, '', { cause })
    }
  }

  async #giveUp(reason: unknown): Promise<void> {
    await this.#reader?.cancel(reason)
  }

  /** Gives up the body. */
  async cancel(reason?: unknown): Promise<void> {
    await this.read((body) => body.cancel(reason))
  }

  /** The body for whoever reads it when the call may be over: reading it, and giving it up, fails as {@link Answer.read} does. */
  toBody(): ReadableStream<Bytes> | null {
    if (this.#response.body == null) return null
    if (withoutBody.has(this.status)) {
      this.cancel().catch(() => undefined) // a `fetch` of one's own may give it one
      return null
    }
    const { end } = this.#facts
    const within = async <Result>(work: Promise<Result>): Promise<Result> => {
      try {
        return await work
      } catch (error) {
        end.closed(body)
        throw error
      }
    }
    const body = new ReadableStream<Bytes>(
      {
        pull: async (controller) => {
          const piece = await within(this.read((open) => open.read()))
          if (piece?.done === false) {
            controller.enqueue(piece.value)
            return
          }
          end.closed(body)
          controller.close()
        },
        cancel: async (reason) => {
          await within(this.cancel(reason))
          end.closed(body)
        },
      },
      { highWaterMark: 0 }, // nothing is read ahead of whoever reads
    )
    end.opened(body)
    return body
  }

  /** The same answer for the handler. */
  toResponse(): Response {
    const { status, statusText, headers, url, redirected, type } = this.#response
    if (this.#response.body == null) return this.#response
    const isOrdinary = status >= 200 && status <= lastStatus
    const response = new Response(this.toBody(), { status: isOrdinary ? status : lastStatus, headers })
    // A constructed answer has none of these, or not each that a server may send, such as a reason in the server's own language.
    return Object.defineProperties(response, {
      status: { value: status, configurable: true },
      statusText: { value: statusText, configurable: true },
      url: { value: url, configurable: true },
      redirected: { value: redirected, configurable: true },
      type: { value: type, configurable: true },
      [answererMark]: { value: this.#facts.api },
    })
  }
}

/** The name of the API that gave an answer; `undefined` when it came from elsewhere. */
export function answererOf(response: Response): string | undefined {
  const api = (response as { readonly [answererMark]?: unknown })[answererMark]
  return typeof api === 'string' ? api : undefined
}
