// Parameters as application/x-www-form-urlencoded text, the body of every token request (RFC 6749 appendix B).

/** Writes parameters as `URLSearchParams` does. Most values are tokens and numbers, which need no encoding: looking is cheaper than doing it. */
export function encodeForm(parameters: URLSearchParams): string {
  let text = ''
  for (const [name, value] of parameters)
    text += `${text === '' ? '' : '&'}${encodeFormText(name)}=${encodeValue(name, value)}`
  return text
}

function encodeValue(name: string, value: string): string {
  return repeated.has(name) ? encodeAgain(value) : encodeFormText(value)
}

/** Parameters that an application sends again and again, and that hold no secret. */
const repeated: ReadonlySet<string> = new Set(['grant_type', 'scope', 'claims'])

/** Their values, encoded. Bounded, and emptied when it is full. */
const encoded = new Map<string, string>()
const maxEncoded = 256
const longestEncoded = 1_024

function encodeAgain(value: string): string {
  const before = encoded.get(value)
  if (before !== undefined) return before
  const text = encodeFormText(value)
  if (value.length > longestEncoded) return text
  if (encoded.size >= maxEncoded) encoded.clear()
  encoded.set(value, text)
  return text
}

const needsEncoding = /[^\w*.-]/ // a search, which is done with a character once it has passed it

/** Encodes one name or value. */
export function encodeFormText(text: string): string {
  return needsEncoding.test(text) ? new URLSearchParams([['', text]]).toString().slice(1) : text
}
