// JSON as .NET reads appsettings.json: comments and trailing commas are allowed, and a byte order mark.

/** @throws SyntaxError for what is no JSON even so. */
export function parseJsonWithComments(text: string): unknown {
  return JSON.parse(withoutTrailingCommas(withoutComments(text.replace(/^\uFEFF/, '')))) as unknown
}

// A string is taken first, so that what looks like a comment inside it stays.
const stringOrComment = /"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g

function withoutComments(text: string): string {
  return text.replace(stringOrComment, (found) => (found.startsWith('"') ? found : ' '))
}

const stringOrComma = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g

function withoutTrailingCommas(text: string): string {
  return text.replace(stringOrComma, (found) => (found.startsWith('"') ? found : ''))
}
