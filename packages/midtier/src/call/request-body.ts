// The body of a downstream request, which may have to be sent again: what cannot be is refused before anything is sent.
import { AcquisitionError } from '../kernel/errors.ts'

/** Bytes that come one piece after the other; a Node `Readable` is one too. Can be read once. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * What can be sent: everything that `fetch` takes, and a function that makes a stream.
 *
 * A stream itself is taken with `replay: false` alone, since it is spent after one sending.
 */
export type DownstreamBody =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | URLSearchParams
  | FormData
  | ByteStream
  | (() => ByteStream | Promise<ByteStream>)

/** A body as one call holds it: nothing that its owner does to the original changes what is sent. */
export interface RequestBody {
  /** What `fetch` is given for one sending. */
  readonly open: () => Promise<Pick<RequestInit, 'body'>>
}

/**
 * Takes a body for sending it as often as needed.
 *
 * @param replay Whether it may have to be sent again.
 * @throws AcquisitionError `body_not_replayable` for a stream that may have to be, or that somebody else is reading.
 */
export function takeBody(body: DownstreamBody, replay: boolean): RequestBody {
  if (typeof body === 'function') return { open: async () => streamed(await body()) }
  if (isStream(body)) {
    if (replay) throw notReplayable()
    return { open: () => Promise.resolve(streamed(body)) }
  }
  const copy = copyOf(body)
  return { open: () => Promise.resolve({ body: copy }) }
}

function isStream(body: object | string): body is ByteStream {
  return (
    body instanceof ReadableStream ||
    (typeof body === 'object' && Symbol.asyncIterator in body && !(body instanceof Blob))
  )
}

type Kept = string | BufferSource | Blob | URLSearchParams | FormData

function copyOf(body: Kept | ArrayBufferView): Kept {
  if (body instanceof ArrayBuffer) return body.slice(0)
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
  if (body instanceof URLSearchParams) return new URLSearchParams(body)
  if (body instanceof FormData) return copyForm(body)
  return body
}

function copyForm(form: FormData): FormData {
  const copy = new FormData()
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value)
    else copy.append(name, value, value.name)
  }
  return copy
}

function streamed(stream: ByteStream): Pick<RequestInit, 'body'> {
  if (stream instanceof ReadableStream && stream.locked) throw notReplayable()
  // The Fetch standard wants `duplex` with a stream; the types of the platform do not know it yet.
  return { body: toReadableStream(stream), duplex: 'half' } as Pick<RequestInit, 'body'>
}

function toReadableStream(stream: ByteStream): ReadableStream<Uint8Array> {
  if (stream instanceof ReadableStream) return stream
  const iterator = stream[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

function notReplayable(): AcquisitionError {
  return new AcquisitionError(
    'body_not_replayable',
    'A stream can be sent once, and a claims challenge asks for sending again: pass a function that makes the stream, or bytes, ' +
      'or a string; or say replay: false, and a challenge goes to your own caller at once',
  )
}
