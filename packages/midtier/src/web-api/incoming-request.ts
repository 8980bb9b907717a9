// A request, whatever server it came by.

/** What `authenticate` looks at: a few fields of the request, as the framework has them. */
export interface IncomingRequest {
  /** The value of a header, or all of them when the request carries it more than once; the name is in lower case. */
  readonly header: (name: string) => string | readonly string[] | undefined | null
  readonly method: string
  readonly url: string
}

/** A header that is there exactly once. */
export function singleHeader(request: IncomingRequest, name: string): string | undefined {
  const value = request.header(name)
  return typeof value === 'string' ? value : undefined
}
