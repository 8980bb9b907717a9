// The answer of a downstream API read here: never more than its limit, and every status but 2xx as an error with a little of the body.
import { DownstreamError } from '../../kernel/errors/errors.ts'
import { readRetryAfter } from '../../kernel/http/http.ts'
import type { DownstreamSettings } from '../downstream-settings.ts'
import { readRequestIds } from '../request/request-ids.ts'

const bodyLimitInErrors = 4096

/** Lets 2xx through with its body unread. @throws DownstreamError for any other status. */
export async function expectSuccess(
  settings: DownstreamSettings,
  response: Response,
  nowMs: () => number,
): Promise<Response> {
  if (response.ok) return response
  const { bytes } = await readAtMost(response, bodyLimitInErrors)
  throw refusal(settings, response, new TextDecoder().decode(bytes), nowMs())
}

/** The error for an answer whose status is not what was wanted. */
export function refusal(
  { name }: DownstreamSettings,
  response: Response,
  body: string,
  nowMs: number,
): DownstreamError {
  const { status, headers } = response
  const retryAfterSeconds = readRetryAfter(headers, nowMs)
  return new DownstreamError(name, `The downstream API '${name}' answered ${status}`, status, body, {
    retryAfterSeconds,
    ...readRequestIds(headers),
  })
}

/** Reads a successful answer whole. @throws DownstreamError when it is longer than `maxResponseBytes` or breaks off. */
export async function readBytes(
  settings: DownstreamSettings,
  response: Response,
): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, truncated } = await readAtMost(response, settings.maxResponseBytes)
  if (!truncated) return bytes
  throw new DownstreamError(
    settings.name,
    `The downstream API '${settings.name}' answered with more than ${settings.maxResponseBytes} bytes; raise maxResponseBytes or use get`,
    response.status,
  )
}

/** Reads a successful answer as JSON; `undefined` when it is empty. @throws DownstreamError as {@link readBytes}, or when it is no JSON. */
export async function readJson(settings: DownstreamSettings, response: Response): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(settings, response))
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new DownstreamError(
      settings.name,
      `The downstream API '${settings.name}' answered ${response.status} with something other than JSON`,
      response.status,
      text.slice(0, bodyLimitInErrors),
    )
  }
}

interface Read {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly truncated: boolean
}

async function readAtMost({ body }: Response, limitBytes: number): Promise<Read> {
  if (body === null) return { bytes: new Uint8Array(), truncated: false }
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { bytes: join(chunks, length), truncated: false }
    const room = limitBytes - length
    chunks.push(value.subarray(0, room))
    length += Math.min(value.byteLength, room)
    if (value.byteLength > room) {
      await reader.cancel()
      return { bytes: join(chunks, length), truncated: true }
    }
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}
