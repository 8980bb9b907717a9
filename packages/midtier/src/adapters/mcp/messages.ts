// The body of a request as the gate reads it: once, bounded, and which tools it calls; the transport is handed the same reading.
import { isError } from '../../kernel/errors/other-realms.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'
import { jsonRpcError } from './origins.ts'

/** A body that was read, or the answer to one that could not be. */
export type ReadBody = { readonly value: unknown } | { readonly answer: PlainAnswer }

/** Most messages of a batch: each call is measured by itself. */
const maxMessages = 100

/** What a body calls, or the answer to one of which that cannot be said for sure. */
export type Calls = { readonly tools: ReadonlySet<string> } | { readonly answer: PlainAnswer }

/**
 * The tools that a message, or a batch of them, calls.
 *
 * Transports read a body once more, by rules of their own: what one of them could take for a call of another tool is refused. `JSON.parse`
 * makes `__proto__` a member like any other, and whatever copies such an object may make it the prototype, with a name of its own.
 */
export function readCalls(body: unknown): Calls {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body]
  if (messages.length > maxMessages) return { answer: invalid(`More than ${maxMessages} messages`) }
  const tools = new Set<string>()
  for (const message of messages) {
    if (!isObject(message)) continue
    if (Object.hasOwn(message, '__proto__')) return { answer: invalid('A member named __proto__') }
    if (message['method'] !== 'tools/call') continue
    const { params } = message
    const name = isObject(params) && !Object.hasOwn(params, '__proto__') ? params['name'] : undefined
    if (typeof name !== 'string') return { answer: invalid('A call of a tool without its name') }
    tools.add(name)
  }
  return { tools }
}

function invalid(message: string): PlainAnswer {
  return jsonRpcError(400, -32600, message)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether there is one request whose answer is the answer of all. */
export function isSingle(body: unknown): boolean {
  return isObject(body)
}

const decoder = new TextDecoder()

/** Parses a text, or its bytes, as JSON. */
export function parseBody(text: string | Uint8Array): ReadBody {
  try {
    return { value: JSON.parse(typeof text === 'string' ? text : decoder.decode(text)) as unknown }
  } catch (error) {
    if (isError(error) && error.name === 'SyntaxError')
      return { answer: jsonRpcError(400, -32700, 'No JSON') }
    throw error
  }
}

/** The answer to a body that is too long. */
export function refuseLong(maxBodyBytes: number): { readonly answer: PlainAnswer } {
  return { answer: jsonRpcError(413, -32000, `Longer than ${maxBodyBytes} bytes`) }
}

/** How much more than what is allowed is read of a body that is too long, and thrown away. Bytes. */
const discardedBytes = 64 * 1024 * 1024

/**
 * Goes on reading a body that is too long, and keeps nothing: whoever reads no answer before all is sent would wait for us, or lose the
 * answer with the connection. Not for ever: gives `false` where there is much more than anybody means to send.
 */
export async function discard(pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
  let length = 0
  try {
    for await (const piece of pieces) {
      length += piece.byteLength
      if (length > discardedBytes) return false
    }
  } catch {
    // The client has gone: nobody waits for the answer.
  }
  return true
}

/** Reads pieces to their end, or gives the answer where there are more bytes than allowed, and where they broke off. */
export async function readPieces(
  pieces: AsyncIterable<Uint8Array>,
  maxBodyBytes: number,
): Promise<Uint8Array<ArrayBuffer> | { readonly answer: PlainAnswer }> {
  const read: Uint8Array[] = []
  let length = 0
  try {
    for await (const piece of pieces) {
      length += piece.byteLength
      if (length > maxBodyBytes) return refuseLong(maxBodyBytes)
      read.push(piece)
    }
  } catch {
    return { answer: jsonRpcError(400, -32700, 'The body broke off') } // the client has gone, or what it sent is no HTTP
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of read) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}
