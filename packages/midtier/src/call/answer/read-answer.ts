// The answer of a downstream API read here: never more than its limit, and every status but 2xx as an error with a little of the body.
import { DownstreamError } from '../../kernel/errors/errors.ts'
import { readRetryAfter } from '../../kernel/http/http.ts'
import type { DownstreamSettings } from '../downstream-settings.ts'
import { readRequestIds } from '../request/request-ids.ts'
import type { Answer } from './answer.ts'

const bodyLimitInErrors = 4096

/** How long so much of the body of a refusal is waited for: its head has said what matters. Milliseconds. */
const patienceMs = 1_000

/** Lets 2xx through with its body unread. @throws DownstreamError for any other status. */
export async function expectSuccess(
  settings: DownstreamSettings,
  answer: Answer,
  nowMs: () => number,
): Promise<Answer> {
  if (answer.ok) return answer
  throw refusal(settings, answer, new TextDecoder().decode(await readBeginning(answer)), nowMs())
}

async function readBeginning(answer: Answer): Promise<Uint8Array> {
  // Given up, a body is at its end, and what has come of it is there.
  const timer = setTimeout(() => void answer.cancel().catch(() => undefined), patienceMs)
  try {
    const { bytes } = await readAtMost(answer, bodyLimitInErrors)
    return bytes
  } finally {
    clearTimeout(timer)
  }
}

/** The error for an answer whose status is not what was wanted. */
export function refusal(
  { name }: DownstreamSettings,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  body: string,
  nowMs: number,
): DownstreamError {
  const retryAfterSeconds = readRetryAfter(headers, nowMs)
  return new DownstreamError(name, `The downstream API '${name}' answered ${status}`, status, body, {
    retryAfterSeconds,
    ...readRequestIds(headers),
  })
}

/** Reads a successful answer whole. @throws DownstreamError when it is longer than `maxResponseBytes` or breaks off. */
export async function readBytes(
  settings: DownstreamSettings,
  answer: Answer,
): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, truncated } = await readAtMost(answer, settings.maxResponseBytes)
  if (!truncated) return bytes
  throw new DownstreamError(
    settings.name,
    `The downstream API '${settings.name}' answered with more than ${settings.maxResponseBytes} bytes; raise maxResponseBytes or use get`,
    answer.status,
  )
}

/** Reads a successful answer as JSON; `undefined` when it is empty. @throws DownstreamError as {@link readBytes}, or when it is no JSON. */
export async function readJson(settings: DownstreamSettings, answer: Answer): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(settings, answer))
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new DownstreamError(
      settings.name,
      `The downstream API '${settings.name}' answered ${answer.status} with something other than JSON`,
      answer.status,
      text.slice(0, bodyLimitInErrors),
    )
  }
}

interface Read {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly truncated: boolean
}

async function readAtMost(answer: Answer, limitBytes: number): Promise<Read> {
  const chunks: Uint8Array[] = []
  let length = 0
  const truncated = await answer.read(async (body) => {
    for (;;) {
      const { done, value } = await body.read()
      if (done) return false
      const room = limitBytes - length
      chunks.push(value.subarray(0, room))
      length += Math.min(value.byteLength, room)
      if (value.byteLength <= room) continue
      await body.cancel()
      return true
    }
  })
  return { bytes: join(chunks, length), truncated: truncated === true }
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
