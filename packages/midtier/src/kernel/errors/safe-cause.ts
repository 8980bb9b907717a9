// What is kept of an error that is not ours: enough to find the fault, and nothing that a wrapped `fetch` may have put into it.
import { errorMark } from './marks.ts'

const most = { textLength: 1000, messageLength: 500, stackLines: 20, depth: 4, errors: 4 } as const

const placeholder = '[redacted]'

/** A token of Entra's, or the beginning of one. */
const jwt = /eyJ[\w-]{5,}(?:\.[\w-]*)*/g

/** The text without tokens, of any length. */
export function withoutTokens(text: string): string {
  return text.replace(jwt, placeholder)
}

/** What looks like a credential, whoever wrote it into a message. */
const credentialPatterns: readonly (readonly [RegExp, string])[] = [
  // The user and the password of an address, such as that of a store.
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@'"]{1,256}@/gi, `$1${placeholder}@`],
  [/\b(bearer|basic|dpop|negotiate)\s+[^\s"',;)\]}]+/gi, `$1 ${placeholder}`],
  // Except prose: what our own option is called before a mistake is told, and an article after a colon.
  [
    /\b(?!clientCredential: \w+ )((?:[\w-]*(?:token|secret|assertion|passw(?:or)?d|pwd|cookie|credential)|authorization|x-identity-header|sig)["']?\s*[:=]\s*)(?!(?:the|an?)\s)(["']?)[^\s"',;&)\]}]+/gi,
    `$1$2${placeholder}`,
  ],
  // After those that take a token out with what stands before it, and would take the placeholder for one.
  [jwt, placeholder],
  // Client secrets and opaque tokens: long, without a space, of both cases and digits; no host name or identifier is all of these.
  [/(?=[\w~.+-]*[A-Z])(?=[\w~.+-]*[a-z])(?=[\w~.+-]*\d)[\w~.+-]{32,}={0,2}/g, placeholder],
]

/** A text without the secrets that are known and without anything that looks like a credential, 500 characters at most. */
export function scrub(text: string, secrets: readonly string[] = []): string {
  // Longest first: a secret that begins another one would leave the rest of it behind.
  const known = [...secrets].filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, placeholder), text)
  return credentialPatterns
    .reduce(
      (rest, [pattern, replacement]) => rest.replace(pattern, replacement),
      without.slice(0, most.textLength),
    )
    .slice(0, most.messageLength)
}

/** Errors that hold nothing to be afraid of, though they do not bear the mark of this library's: made here, or for its inside. */
const safeErrors = new WeakSet<Error>()

/** Says of an error that it may be the cause of another one as it is. */
export function declareSafe(error: Error): void {
  safeErrors.add(error)
}

/**
 * The cause of an error of ours: an error of this library as it is, of any other its name, scrubbed message and stack, `code`, `errno`,
 * `syscall`, `address`, `port` and `hostname`, and the same of its own causes. No other member of it is looked at.
 *
 * @param secrets What was sent and must not come back, such as the token.
 */
export function summarizeCause(cause: unknown, secrets: readonly string[] = []): Error | undefined {
  return cause === undefined ? undefined : summarize(cause, secrets, 0)
}

function summarize(cause: unknown, secrets: readonly string[], depth: number): Error {
  const read = readerOf(cause)
  if (cause instanceof Error && (safeErrors.has(cause) || read(errorMark) === true)) return cause
  const message = scrub(textOf(cause, read), secrets)
  const nested = depth < most.depth ? causesOf(read, secrets, depth + 1) : {}
  const summary =
    nested.errors === undefined
      ? new Error(message, nested)
      : new AggregateError(nested.errors, message, nested)
  const name = nameOf(cause, read)
  Object.defineProperty(summary, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(summary, 'stack', {
    value: [`${name}: ${message}`, ...framesOf(read, secrets)].join('\n'),
    configurable: true,
    writable: true,
  })
  safeErrors.add(summary)
  return Object.assign(summary, factsOf(read))
}

type Read = (member: string | symbol) => unknown

/** A member of anything: there are things whose members throw when they are read. */
function readerOf(value: unknown): Read {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return () => undefined
  return (member) => {
    try {
      return (value as Readonly<Record<string | symbol, unknown>>)[member]
    } catch {
      return undefined // whatever it is that cannot be read, it is not told
    }
  }
}

/** Of an object that is no error, nothing is told: its text may be all that it holds. */
function textOf(cause: unknown, read: Read): string {
  if (typeof cause === 'string') return cause
  const message = read('message')
  return typeof message === 'string' ? message : ''
}

function nameOf(cause: unknown, read: Read): string {
  const name = read('name')
  if (typeof name === 'string' && /^[\w$.]{1,64}$/.test(name)) return name
  return typeof cause === 'object' ? 'Error' : typeof cause
}

/** Where it happened, which the first line of a stack does not tell. */
function framesOf(read: Read, secrets: readonly string[]): readonly string[] {
  const stack = read('stack')
  if (typeof stack !== 'string') return []
  const frames = stack.split('\n').filter((line) => /^\s+at \S/.test(line))
  return frames.slice(0, most.stackLines).map((line) => scrub(line, secrets))
}

interface Nested {
  readonly cause?: Error
  readonly errors?: readonly Error[]
}

function causesOf(read: Read, secrets: readonly string[], depth: number): Nested {
  const cause = read('cause')
  const errors = read('errors')
  return {
    ...(cause == null ? {} : { cause: summarize(cause, secrets, depth) }),
    // Both addresses of a host that refused, each with its code.
    ...(Array.isArray(errors)
      ? { errors: errors.slice(0, most.errors).map((each) => summarize(each, secrets, depth)) }
      : {}),
  }
}

const identifier = /^[\w.-]{1,64}$/
const place = /^[\w.:[\]-]{1,255}$/

const facts: Readonly<Record<string, (value: unknown) => boolean>> = {
  code: (value) => typeof value === 'number' || matches(identifier, value),
  errno: (value) => typeof value === 'number' || matches(identifier, value),
  syscall: (value) => matches(identifier, value),
  address: (value) => matches(place, value),
  hostname: (value) => matches(place, value),
  port: (value) => typeof value === 'number',
}

function factsOf(read: Read): Record<string, unknown> {
  const known = Object.entries(facts)
    .map(([name, isFact]) => [name, read(name), isFact] as const)
    .filter(([, value, isFact]) => isFact(value))
  return Object.fromEntries(known.map(([name, value]) => [name, value]))
}

function matches(pattern: RegExp, value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value) && scrub(value) === value
}
