// The body of a request, whole, and never longer than is allowed.
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../kernel/refusals.ts'

/** Whether a request says that it has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** @throws Refusal 413; the rest is not read, so the connection ends with the answer. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (!hasBody(request)) return undefined
  checkLength(request, maxBytes)
  const pieces: Buffer[] = []
  for await (const piece of limited(request, maxBytes)) pieces.push(piece)
  const body = Buffer.concat(pieces)
  return body.length === 0 ? undefined : body
}

/** @throws Refusal 413 for a body that says that it is too long. */
function checkLength({ headers }: IncomingMessage, maxBytes: number): void {
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes)
}

async function* limited(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  let length = 0
  // Left alone where it is too long: whoever destroys the request has nothing left to answer on.
  const whole = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>
  for await (const piece of whole) {
    length += piece.length
    if (length > maxBytes) throw tooLong(maxBytes)
    yield piece
  }
}

function tooLong(maxBytes: number): Refusal {
  return new Refusal(413, `The body is longer than ${maxBytes} bytes.`, { connection: 'close' })
}
