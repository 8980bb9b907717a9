// The words of a WWW-Authenticate field, read from left to right: whatever happens, nothing is looked at twice (RFC 9110 §5.6, §11.2).

/** A place in a field. Only ever moves forward, but for one name that turns out to be the next scheme. */
export interface Cursor {
  readonly text: string
  at: number
}

export function isAtEnd({ text, at }: Cursor): boolean {
  return at >= text.length
}

/** A scheme, or the name of a parameter (RFC 9110 §5.6.2). */
export function readToken(cursor: Cursor): string | undefined {
  return take(cursor, /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y)
}

/** Base64 and the like, with its padding; only when it is all there is up to the next comma. */
export function readToken68(cursor: Cursor): string | undefined {
  const start = cursor.at
  const text = take(cursor, /[A-Za-z0-9._~+/-]+=*/y)
  skipWhiteSpace(cursor)
  if (text !== undefined && endsElement(cursor)) return text
  cursor.at = start
  return undefined
}

/** The name of a parameter and its `=`; `undefined`, and nothing is read, when there is none. */
export function readName(cursor: Cursor): string | undefined {
  const start = cursor.at
  const name = readToken(cursor)
  skipWhiteSpace(cursor)
  if (name !== undefined && cursor.text[cursor.at] === '=') {
    cursor.at++
    skipWhiteSpace(cursor)
    return name.toLowerCase()
  }
  cursor.at = start
  return undefined
}

/** The value of a parameter: quoted, or bare up to white space or a comma; `undefined` when it is neither. */
export function readValue(cursor: Cursor, name: string): string | undefined {
  if (cursor.text[cursor.at] !== '"') return endingCleanly(cursor, take(cursor, /[^\s,"\p{Cc}]*/uy))
  if (name === 'claims' && startsWithRawJson(cursor)) return endingCleanly(cursor, readRawJson(cursor))
  return endingCleanly(cursor, readQuoted(cursor))
}

/** Skips commas and white space; tells whether there was a comma. */
export function skipSeparators(cursor: Cursor): boolean {
  return take(cursor, /[\t ,]+/y)?.includes(',') === true
}

/** Skips white space; tells whether there was any. */
export function skipWhiteSpace(cursor: Cursor): boolean {
  return take(cursor, /[\t ]+/y) !== undefined
}

/** Skips up to the next comma outside quotes: a challenge that stands inside somebody's quoted text is none. */
export function skipToComma(cursor: Cursor): void {
  while (!isAtEnd(cursor) && cursor.text[cursor.at] !== ',') {
    if (cursor.text[cursor.at] !== '"') cursor.at++
    else if (readQuoted(cursor) === undefined) cursor.at = cursor.text.length
  }
}

export function endsElement({ text, at }: Cursor): boolean {
  return at >= text.length || text[at] === ','
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const text = pattern.exec(cursor.text)?.[0]
  cursor.at += text?.length ?? 0
  return text
}

function endingCleanly(cursor: Cursor, value: string | undefined): string | undefined {
  return endsElement(cursor) || /[\t ]/.test(cursor.text.charAt(cursor.at)) ? value : undefined
}

/** A quoted-string (RFC 9110 §5.6.4) without its escapes; one that does not end, or holds a control character, is none. */
function readQuoted(cursor: Cursor): string | undefined {
  let text = ''
  while (++cursor.at < cursor.text.length) {
    const character = cursor.text.charAt(cursor.at)
    if (character === '"') {
      cursor.at++
      return text
    }
    if (character === '\\') cursor.at++
    const meant = cursor.text[cursor.at]
    if (meant === undefined || isControl(meant)) return undefined
    text += meant
  }
  return undefined
}

function isControl(character: string): boolean {
  return character !== '\t' && /\p{Cc}/u.test(character)
}

/** Microsoft.Identity.Web writes `claims="{"access_token":…}"`; a brace and an escaped quote is the proper form. */
function startsWithRawJson({ text, at }: Cursor): boolean {
  const pattern = /"\{[\t ]*"/y
  pattern.lastIndex = at
  return pattern.test(text)
}

/** From a quote to the brace that closes the object behind it, and the quote that has to follow. */
function readRawJson(cursor: Cursor): string | undefined {
  const start = ++cursor.at
  let depth = 0
  for (; cursor.at < cursor.text.length; cursor.at++) {
    const character = cursor.text.charAt(cursor.at)
    if (character === '"') skipJsonString(cursor)
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) break
  }
  const json = cursor.text.slice(start, ++cursor.at)
  return cursor.text[cursor.at++] === '"' && !Array.from(json).some(isControl) ? json : undefined
}

/** From the quote that opens a string of JSON to the one that closes it. */
function skipJsonString(cursor: Cursor): void {
  while (++cursor.at < cursor.text.length && cursor.text[cursor.at] !== '"')
    if (cursor.text[cursor.at] === '\\') cursor.at++
}
