// The content codings of an answer undone (RFC 9110 §8.4): none is asked for, and gateways compress all the same.
import { promisify } from 'node:util'
import { brotliDecompress, constants, gunzip, inflate, inflateRaw } from 'node:zlib'

/** What undoes one coding, and stops with `ERR_BUFFER_TOO_LARGE` at more than so many bytes. */
type Decoder = (bytes: Buffer, maxBytes: number) => Promise<Buffer>

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = constants

// As lenient about the end as fetch is: an empty body is one, and whether an answer is complete is for HTTP to say.
const zlib =
  (decode: typeof gunzip): Decoder =>
  (bytes, maxOutputLength) =>
    promisify(decode)(bytes, { maxOutputLength, flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH })

const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', zlib(gunzip)],
  ['x-gzip', zlib(gunzip)],
  // The zlib format, which begins with an 8; some send it without its wrapping.
  [
    'deflate',
    (bytes, maxBytes) => zlib(((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw)(bytes, maxBytes),
  ],
  [
    'br',
    (bytes, maxOutputLength) =>
      promisify(brotliDecompress)(bytes, {
        maxOutputLength,
        flush: BROTLI_OPERATION_FLUSH,
        finishFlush: BROTLI_OPERATION_FLUSH,
      }),
  ],
])

/** More codings than this, one around the other, are an attack or a mistake. */
const maxCodings = 3

/**
 * What undoes a `Content-Encoding`; `undefined` when there is nothing to undo.
 *
 * @throws Error for a coding that nobody knows. What it returns rejects for a body that is not in its coding, and with a RangeError
 * when it unfolds into more than `maxBytes`.
 */
export function findDecoder(
  contentEncoding: string | undefined,
): ((body: Buffer, maxBytes: number) => Promise<Buffer>) | undefined {
  if (contentEncoding === undefined) return undefined
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase())
  const applied = codings.filter((coding) => coding !== '' && coding !== 'identity')
  if (applied.length === 0) return undefined
  const steps = applied.map((coding) => decoders.get(coding)).filter((step) => step !== undefined)
  if (applied.length > maxCodings || steps.length < applied.length)
    throw new Error('The answer is in a content coding that is not understood')
  const undoing = steps.toReversed() // listed as they were applied
  return async (body, maxBytes) => {
    let bytes = body
    for (const decode of undoing) bytes = await decode(bytes, maxBytes)
    return bytes
  }
}
