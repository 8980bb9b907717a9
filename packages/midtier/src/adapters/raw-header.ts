// One header of a Node request as it stood on the wire: Node itself keeps the first of several Authorization fields silently.
import type { IncomingMessage } from 'node:http'

/**
 * Every value of a header; `undefined` when it is absent, an array when the request carries it more than once.
 *
 * Reads `rawHeaders`: two `Authorization` fields are two identities, and picking one would be a guess (RFC 9110 §5.3).
 */
export function rawHeader(request: IncomingMessage, name: string): string | readonly string[] | undefined {
  const wanted = name.toLowerCase()
  const { rawHeaders } = request
  let found: string | undefined
  let several: string[] | undefined
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== wanted) continue
    const value = rawHeaders[index + 1] ?? ''
    if (found === undefined) found = value
    else several = [...(several ?? [found]), value]
  }
  return several ?? found
}
