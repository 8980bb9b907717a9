// Parameters as application/x-www-form-urlencoded text, the body of every token request (RFC 6749 appendix B).

/** Writes parameters as `URLSearchParams` does. Most values are tokens and numbers, which need no encoding: looking is cheaper than doing it. */
export function encodeForm(parameters: URLSearchParams): string {
  let text = ''
  for (const [name, value] of parameters)
    text += `${text === '' ? '' : '&'}${encodeFormText(name)}=${encodeFormText(value)}`
  return text
}

const needsEncoding = /[^\w*.-]/ // a search, which is done with a character once it has passed it

/** Encodes one name or value. */
export function encodeFormText(text: string): string {
  return needsEncoding.test(text) ? new URLSearchParams([['', text]]).toString().slice(1) : text
}
