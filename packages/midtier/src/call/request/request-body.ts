// The body of a downstream request, which may have to be sent again: what cannot be is refused before anything is sent.
import { AcquisitionError } from '../../kernel/errors/errors.ts'

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
 * @throws AcquisitionError `body_not_sendable` for what is no body, such as a plain object; `body_not_replayable` for a stream that may have to be, or that somebody else is reading.
 */
export function takeBody(body: DownstreamBody, replay: boolean): RequestBody {
  if (typeof body === 'function') return { open: async () => streamed(checkStream(await body())) }
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
    (typeof body === 'object' && Symbol.asyncIterator in body && !('getHeaders' in body))
  )
}

/** A stream that is made anew. @throws AcquisitionError `body_not_sendable` */
function checkStream(made: unknown): ByteStream {
  if (typeof made === 'object' && made !== null && isStream(made)) return made
  throw notSendable('A function as a body has to make a stream')
}

type Kept = string | BufferSource | Blob | URLSearchParams | FormData

/** @throws AcquisitionError `body_not_sendable` for what `fetch` would send as the text `[object …]`. */
function copyOf(body: Kept | ArrayBufferView): Kept {
  if (typeof body === 'string' || body instanceof Blob) return body
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
  // By their tags: those of another realm or of the undici package are of other classes.
  switch (Object.prototype.toString.call(body)) {
    case '[object ArrayBuffer]':
    case '[object SharedArrayBuffer]':
      return new Uint8Array(body as ArrayBuffer).slice()
    case '[object URLSearchParams]':
      return new URLSearchParams((body as URLSearchParams).toString())
    case '[object FormData]':
      return isIterable(body) ? copyForm(body) : refuseBody(body)
    default:
      return refuseBody(body)
  }
}

function isIterable(value: object): value is Iterable<readonly [string, FormDataEntryValue]> {
  return Symbol.iterator in value
}

function copyForm(form: Iterable<readonly [string, FormDataEntryValue]>): FormData {
  const copy = new FormData()
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value)
    else if (value instanceof Blob) copy.append(name, value, value.name)
    else throw notSendable("A file in the form is not a Blob or File of the platform's")
  }
  return copy
}

function refuseBody(body: unknown): never {
  if (typeof body === 'object' && body !== null && 'getHeaders' in body)
    throw notSendable('The form is of a package, not of the platform: build it with the global FormData')
  if (typeof body === 'object' && body !== null && 'pipe' in body)
    throw notSendable('The stream cannot be iterated over: wrap it, new Readable().wrap(stream)')
  throw notSendable('The body is none that can be sent: for JSON use postJson, putJson or patchJson')
}

/** The text of a JSON body. @throws AcquisitionError `body_not_sendable` for a value that JSON cannot hold. */
export function writeJson(value: unknown): string {
  try {
    const text = JSON.stringify(value) as string | undefined
    if (text !== undefined) return text
  } catch (error) {
    throw notSendable('The body cannot be written as JSON', { cause: error })
  }
  throw notSendable('The body cannot be written as JSON')
}

function notSendable(message: string, options?: ErrorOptions): AcquisitionError {
  return new AcquisitionError('body_not_sendable', message, options)
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
