// Reads the claims of the page's own access token for showing them; the APIs validate tokens, a page never has to.

/** The claims of a token. */
export type Claims = Readonly<Record<string, unknown>>

/** Decodes the payload of a compact JWT; `undefined` for an opaque token. Does not check anything. */
export function decodeClaims(accessToken: string): Claims | undefined {
  const payload = accessToken.split('.')[1]
  if (payload === undefined) return undefined
  try {
    return JSON.parse(decodeBase64Url(payload)) as Claims
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return undefined
    throw error
  }
}

function decodeBase64Url(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
}
