// The body of a request as the gate reads it: once, bounded, and which tools it calls; the transport is handed the same reading.
import { isError } from '../../kernel/errors/other-realms.ts'
import type { MetadataAnswer } from '../shared/metadata-answer.ts'
import { jsonRpcError } from './origins.ts'

/** A body that was read, or the answer to one that could not be. */
export type ReadBody = { readonly value: unknown } | { readonly answer: MetadataAnswer }

/** The tools that a message, or a batch of them, calls; one name for each call. */
export function calledTools(body: unknown): readonly string[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body]
  return messages.flatMap((message) => {
    if (typeof message !== 'object' || message === null) return []
    const { method, params } = message as { readonly method?: unknown; readonly params?: unknown }
    if (method !== 'tools/call' || typeof params !== 'object' || params === null) return []
    const { name } = params as { readonly name?: unknown }
    return typeof name === 'string' ? [name] : []
  })
}

/** Whether there is one request whose answer is the answer of all. */
export function isSingle(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
}

/** Parses a text as JSON. */
export function parseBody(text: string): ReadBody {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    if (isError(error) && error.name === 'SyntaxError')
      return { answer: jsonRpcError(400, -32700, 'No JSON') }
    throw error
  }
}

/** The answer to a body that is too long. */
export function refuseLong(maxBodyBytes: number): ReadBody {
  return { answer: jsonRpcError(413, -32000, `Longer than ${maxBodyBytes} bytes`) }
}

/** Reads pieces to their end; `undefined` when there are more bytes than allowed. */
export async function readPieces(
  pieces: AsyncIterable<Uint8Array>,
  maxBodyBytes: number,
): Promise<Uint8Array | undefined> {
  const read: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces) {
    length += piece.byteLength
    if (length > maxBodyBytes) return undefined
    read.push(piece)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of read) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}
