// One header of a Node request: as it stood on the wire, where Node itself keeps the first of several Authorization fields silently, or as
// the server's own code has put it there since.
import type { IncomingMessage } from 'node:http'

/** The two places where a Node request has its headers; a stand-in for one may lack `rawHeaders`. */
export type HeaderFields = Pick<IncomingMessage, 'headers'> & Partial<Pick<IncomingMessage, 'rawHeaders'>>

/**
 * Every value of a header; `undefined` when it is absent, an array when the request carries it more than once.
 *
 * `rawHeaders` decides how often: two `Authorization` fields are two identities, and picking one would be a guess (RFC 9110 §5.3).
 * Otherwise `headers` has the value, since only code of this server writes there: a middleware that takes the token from a cookie or
 * removes the field, and adapters for functions and mocks, whose `rawHeaders` are empty.
 */
export function rawHeader(request: HeaderFields, name: string): string | readonly string[] | undefined {
  const wanted = name.toLowerCase()
  const { rawHeaders = [] } = request
  let found: string | undefined
  let several: string[] | undefined
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const field = rawHeaders[index] ?? ''
    if (field.length !== wanted.length || field.toLowerCase() !== wanted) continue
    const value = rawHeaders[index + 1] ?? ''
    if (found === undefined) found = value
    else several = [...(several ?? [found]), value]
  }
  return several ?? request.headers[wanted]
}
