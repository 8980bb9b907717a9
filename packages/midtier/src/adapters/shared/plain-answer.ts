// An answer that has nothing to do with a caller, such as metadata or health; and which path a request asks for.

/** An answer without a body, or with one of JSON. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Of the target of a request (`/path?query`) or of a whole URL. */
export function pathOf(url: string): string {
  const path = url.startsWith('/') ? url : url.slice(url.indexOf('/', url.indexOf('://') + 3))
  return path.replace(/[?#].*$/s, '')
}
