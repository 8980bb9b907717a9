// The answer of a downstream API as JSON: its status, its headers by their usual spelling, and its content as text.
import { Refusal } from '../kernel/refusals.ts'
import { staysBehind } from './reserved-headers.ts'

/** What `/DownstreamApi` answers with. */
export interface DownstreamAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly content: string | null
  /** There with content that is no text. */
  readonly encoding?: 'base64'
}

/** Longest content that is put into one JSON document. */
const mostBytes = 10_485_760

/** @throws Refusal 502 for content that is too long. */
export async function describeAnswer(response: Response): Promise<DownstreamAnswer> {
  const bytes = await readAtMost(response, mostBytes)
  return {
    statusCode: response.status,
    headers: headersOf(response.headers),
    ...contentOf(bytes, response.headers),
  }
}

async function readAtMost(response: Response, most: number): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0)
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += piece.length
    if (length > most)
      throw new Refusal(
        502,
        `The answer of the downstream API is longer than ${most} bytes: use /Proxy, which streams.`,
      )
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function headersOf(headers: Headers): Record<string, readonly string[]> {
  const kept = [...headers].filter(([name]) => !staysBehind(name, headers))
  // A header may be called `__proto__`: entries become members of the object and nothing else.
  return Object.fromEntries(kept.map(([name, value]) => [spell(name), [value]]))
}

const spellings: ReadonlyMap<string, string> = new Map([
  ['content-md5', 'Content-MD5'],
  ['dnt', 'DNT'],
  ['etag', 'ETag'],
  ['www-authenticate', 'WWW-Authenticate'],
  ['x-xss-protection', 'X-XSS-Protection'],
])

function spell(name: string): string {
  return spellings.get(name) ?? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

const textual =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)\b|application\/(?:javascript|ecmascript|graphql|x-www-form-urlencoded|x-ndjson|jwt)\b|[\w.-]+\/[\w.-]+\+(?:json|xml)\b)/i

function contentOf(bytes: Buffer, headers: Headers): Pick<DownstreamAnswer, 'content' | 'encoding'> {
  if (bytes.length === 0) return { content: null }
  const type = headers.get('content-type')
  const text = type === null || textual.test(type) ? decode(bytes, type ?? '') : undefined
  return text === undefined ? { content: bytes.toString('base64'), encoding: 'base64' } : { content: text }
}

/** `undefined` for bytes that are no such text. */
function decode(bytes: Buffer, type: string): string | undefined {
  const charset = /;\s*charset="?([\w:.-]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
