// The WWW-Authenticate fields of an answer taken apart: every challenge with its scheme, and its token68 or its parameters (RFC 9110 §11.6.1).
import {
  type Cursor,
  endsElement,
  isAtEnd,
  readName,
  readToken,
  readToken68,
  readValue,
  skipSeparators,
  skipToComma,
  skipWhiteSpace,
} from './challenge-cursor.ts'

/** One challenge of a `WWW-Authenticate` field. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  /** What follows the scheme when it is no parameters, as in `Negotiate YII=`. */
  readonly token68?: string
  /** By name in lower case; a value is what the quoted string says, without quotes and escapes. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Longest of all fields together, in characters: twice what Node accepts as headers. */
const maxLength = 32_768
const maxFields = 32
const maxChallenges = 16
const maxParameters = 32

/**
 * The challenges of `WWW-Authenticate` in their order, from a `Headers`, from one field or from several. Never throws.
 *
 * A challenge that is malformed, or names a parameter twice, is left out: its readers would not agree on what it says. Beside the
 * grammar, parameters without a comma between them, values without quotes, and a `claims` of raw JSON between quotes are read,
 * because Azure Storage and Microsoft.Identity.Web write those. More than 32 768 characters are not read at all.
 *
 * Does not check who wrote the challenges: they are the words of whoever answered.
 * @see RFC 9110 §11.6.1
 * @example
 * ```ts
 * const response = await fetch('https://vault.contoso.com/secrets/greeting')
 * const [challenge] = parseChallenges(response.headers)
 * console.log(challenge?.scheme, challenge?.parameters.get('authorization_uri'))
 * ```
 */
export function parseChallenges(
  headers: Headers | string | readonly string[] | undefined | null,
): readonly Challenge[] {
  const fields = listFields(headers)
  const length = fields.reduce((sum, field) => sum + field.length, 0)
  if (length > maxLength || fields.length > maxFields) return []
  return fields.flatMap((field) => parseField(field)).slice(0, maxChallenges)
}

function listFields(headers: Parameters<typeof parseChallenges>[0]): readonly string[] {
  if (headers === undefined || headers === null) return []
  if (typeof headers === 'string') return [headers]
  // By its method: the Headers of another `fetch` are of another class.
  if ('get' in headers) return listFields(headers.get('www-authenticate'))
  return headers.filter((field) => typeof field === 'string')
}

function parseField(text: string): Challenge[] {
  const cursor: Cursor = { text, at: 0 }
  const challenges: Challenge[] = []
  for (skipSeparators(cursor); !isAtEnd(cursor); skipSeparators(cursor)) {
    const challenge = readChallenge(cursor)
    if (challenge !== undefined) challenges.push(challenge)
  }
  return challenges
}

/** `undefined` for what is no challenge; the cursor is behind it in any case. */
function readChallenge(cursor: Cursor): Challenge | undefined {
  const orphan = readName(cursor) // a parameter of no challenge
  const scheme = orphan === undefined ? readToken(cursor)?.toLowerCase() : undefined
  const spaced = skipWhiteSpace(cursor)
  if (scheme === undefined || !(spaced || endsElement(cursor))) {
    skipToComma(cursor)
    return undefined
  }
  const token68 = spaced ? readToken68(cursor) : undefined
  if (token68 !== undefined) return Object.freeze({ scheme, token68, parameters: new Map<string, string>() })
  const parameters = readParameters(cursor)
  return parameters && Object.freeze({ scheme, parameters })
}

/** `undefined` when something is wrong with one of them; the cursor is behind all of them in any case. */
function readParameters(cursor: Cursor): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>()
  let wellFormed = true
  for (;;) {
    const afterComma = skipSeparators(cursor)
    if (isAtEnd(cursor)) break
    const name = readName(cursor)
    if (name === undefined && afterComma) break // the next challenge
    const value = name === undefined ? undefined : readValue(cursor, name)
    if (name === undefined || value === undefined) {
      skipToComma(cursor)
      wellFormed = false
    } else if (parameters.has(name) || parameters.size === maxParameters) wellFormed = false
    else parameters.set(name, value)
  }
  return wellFormed ? parameters : undefined
}
