// How long an answer that was made for one caller may be kept, and for whom: by that caller alone, and no longer than its API allows.

/** What our answer says about being kept. */
export interface RelayedCaching {
  readonly cacheControl: string
  readonly vary: string
}

/**
 * The caching of an answer that depends on its caller. A browser that the next person uses finds what it has kept by URL, so the answer
 * always varies by `Authorization`; what cannot be read for certain is not kept at all.
 *
 * @see RFC 9111 §4.1, §4.2, §5.2.2
 */
export function relayedCaching(headers: Pick<Headers, 'get'>, nowMs: number): RelayedCaching {
  const names = varyingNames(headers.get('vary'))
  const vary = names === undefined ? '*' : names.join(', ')
  return { vary, cacheControl: names === undefined ? 'no-store' : relayedCacheControl(headers, nowMs) }
}

const token = "[!#$%&'*+.^_`|~\\w-]+"

/** The names that an answer varies by, ours first; `undefined` for everything, and for what is no list of names. */
function varyingNames(vary: string | null): readonly string[] | undefined {
  const given = (vary ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (!given.every((name) => name !== '*' && new RegExp(`^${token}$`).test(name))) return undefined
  const known = new Set(['authorization'])
  const others = given.filter((name) => known.size !== known.add(name.toLowerCase()).size)
  return ['Authorization', ...others]
}

/**
 * `public`, `s-maxage` and `immutable` are not passed on, nor what lets a stale answer serve: rights are withdrawn in between. Without
 * `Cache-Control` nothing is kept, since a guess (RFC 9111 §4.2.2) is no permission.
 */
function relayedCacheControl(headers: Pick<Headers, 'get'>, nowMs: number): string {
  const directives = parseDirectives(headers.get('cache-control'))
  if (directives === undefined || directives.has('no-store')) return 'no-store'
  const seconds = remainingSeconds(directives, headers, nowMs)
  if (Number.isNaN(seconds)) return 'no-store'
  const asksFirst = directives.has('no-cache') || /\bno-cache\b/i.test(headers.get('pragma') ?? '')
  const kept = asksFirst || seconds <= 0 ? 'private, no-cache' : `private, max-age=${seconds}`
  return directives.has('must-revalidate') ? `${kept}, must-revalidate` : kept
}

/** Reads `Cache-Control`; `undefined` when it is absent, malformed or contradicts itself. */
function parseDirectives(text: string | null): ReadonlyMap<string, string> | undefined {
  if (text === null) return undefined
  const directive = new RegExp(
    `[ \\t]*(?:(${token})(?:=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?[ \\t]*)?(?:,|$)`,
    'y',
  )
  const directives = new Map<string, string>()
  while (directive.lastIndex < text.length) {
    const match = directive.exec(text)
    if (match === null) return undefined
    const [, name = '', plain, quoted = ''] = match
    const value = plain ?? quoted
    if (name === '') continue
    if ((directives.get(name.toLowerCase()) ?? value) !== value) return undefined
    directives.set(name.toLowerCase(), value)
  }
  return directives
}

/** Of the time that the API gave it, what is left; 0 when it gave none, NaN when it cannot be read how much. */
function remainingSeconds(
  directives: ReadonlyMap<string, string>,
  headers: Pick<Headers, 'get'>,
  nowMs: number,
): number {
  const dateMs = readDate(headers.get('date'), nowMs)
  const age = readSeconds(headers.get('age') ?? '0')
  const apparentAge = Math.max(Math.floor((nowMs - dateMs) / 1000), 0)
  return lifetimeSeconds(directives, headers.get('expires'), dateMs) - Math.max(age, apparentAge)
}

function lifetimeSeconds(
  directives: ReadonlyMap<string, string>,
  expires: string | null,
  dateMs: number,
): number {
  const maxAge = directives.get('max-age')
  if (maxAge !== undefined) return readSeconds(maxAge)
  if (expires === null) return 0
  const expiresMs = Date.parse(expires)
  // `0` and the like mean that it has expired (RFC 9111 §5.3).
  return Number.isNaN(expiresMs) ? 0 : Math.floor((expiresMs - dateMs) / 1000)
}

function readDate(text: string | null, nowMs: number): number {
  return text === null ? nowMs : Date.parse(text)
}

function readSeconds(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}
