// Base64url and JSON inside it, as JWTs and client_info use them.

/** Encodes bytes or UTF-8 text as base64url without padding. */
function encode(value: Uint8Array | string): string {
  return Buffer.from(value).toString('base64url')
}

/** Encodes a value as JSON in base64url. */
export function encodeJson(value: unknown): string {
  return encode(JSON.stringify(value))
}

/** Parses a JSON object in base64url; `undefined` when it is anything else. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  return parseObject(Buffer.from(text, 'base64url').toString('utf8'))
}

/** Parses a JSON object; `undefined` when the text is anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Whether a value is a plain JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
