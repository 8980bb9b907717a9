// Where a token may be sent: one origin, below one base path, and nowhere else, however the path is spelled.
import { AcquisitionError } from '../../kernel/errors/errors.ts'

// Enough rounds for any encoding that a proxy or a server might undo; a path that still changes is refused.
const decodingRounds = 5

/**
 * The URL of a path below the base URL of a downstream API.
 *
 * @param path Relative to the base, with an optional query: `todos/42?expand=owner`.
 * @throws AcquisitionError `path_refused` for an absolute or scheme-relative URL, a leading slash or backslash,
 *   dot segments after any number of decodings, control characters, or a fragment. Checked before a token is acquired.
 */
export function resolveBelow(base: URL, path: string): URL {
  const question = path.indexOf('?')
  const pathname = question === -1 ? path : path.slice(0, question)
  const query = question === -1 ? '' : path.slice(question)
  if (hasControlCharacter(path) || path.includes('#')) throw refuse('holds a control character or a fragment')
  if (pathname.startsWith('/')) throw refuse('begins with a slash')
  const decoded = fullyDecode(pathname)
  if (!isPlainRelative(pathname) || (decoded !== pathname && !isPlainRelative(decoded)))
    throw refuse('leaves the base URL')
  const url = new URL(base.href + pathname + query)
  // The check that decides: what the URL parser made of it is still below the base.
  if (
    url.origin !== base.origin ||
    !url.pathname.startsWith(base.pathname) ||
    url.username !== '' ||
    url.password !== ''
  )
    throw refuse('leaves the base URL')
  return url
}

/**
 * What a URL has below the base, as a path for {@link resolveBelow}: for code that joins base and path by itself before it calls `fetch`.
 * A string is such a URL when it begins with the base to the letter; any other is taken for a path.
 *
 * @throws AcquisitionError `path_refused` for a URL object that is not below the base.
 */
export function pathBelow(base: URL, input: string | URL): string {
  const text: unknown = typeof input === 'string' ? input : (input as URL | undefined)?.href
  if (typeof text !== 'string') throw refuse('is no text')
  if (text.startsWith(base.href)) return text.slice(base.href.length)
  if (typeof input === 'string') return input
  throw refuse('leaves the base URL')
}

function isPlainRelative(pathname: string): boolean {
  if (pathname.startsWith('/') || pathname.includes('\\') || hasControlCharacter(pathname)) return false
  if (/^[a-z][a-z0-9+.-]*:/i.test(pathname)) return false
  // Some servers decode `%u002e` as well.
  if (/%u[0-9a-f]{4}/i.test(pathname)) return false
  // Servers that fold compatibility forms read `．` and `／` as what they look like.
  return !dotSegment.test(pathname) && !dotSegment.test(pathname.normalize('NFKC'))
}

/**
 * What stands before `;`, `?` or `#` decides: the first begins path parameters on some servers, and to a server that decodes before it
 * takes the target apart, the others end the path. Some systems ignore spaces at the end of a name.
 */
const dotSegment = /(?:^|[/\\])\.{1,2}\s*(?:[;?#/\\]|$)/

function fullyDecode(pathname: string): string {
  let decoded = pathname
  for (let round = 0; round < decodingRounds; round++) {
    const next = decodeOnce(decoded, round > 0)
    if (next === decoded) return decoded
    decoded = next
  }
  throw refuse('is encoded too often')
}

/** @param isRepeated Whether it has been decoded before: then a `%` that begins no encoding is a percent sign. */
function decodeOnce(text: string, isRepeated: boolean): string {
  try {
    return decodeURIComponent(isRepeated ? text.replace(/%(?![0-9a-f]{2})/gi, '%25') : text)
  } catch (error) {
    if (error instanceof URIError) throw refuse('is not well encoded')
    throw error
  }
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

function refuse(why: string): AcquisitionError {
  return new AcquisitionError(
    'path_refused',
    `The path for the downstream API ${why}; pass a path relative to its baseUrl, such as 'todos/42'`,
  )
}
