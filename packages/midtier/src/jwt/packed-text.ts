// JSON text in less room: each GUID in it, of 36 characters, as a mark and the 16 bytes that it spells.

/** JSON has no such character as it is: in its strings it is escaped, and between them there is none. */
const mark = '\u0001'
const guids = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g
// eslint-disable-next-line no-control-regex -- the mark
const packed = /\u0001([^]{16})/g

/** Packs the text of a claims set. A user's groups are most of it, and half of what a remembered caller would weigh. */
export function packText(json: string): string {
  return json.replace(guids, (guid) => mark + bytesOf(guid))
}

/** The text that was packed. */
export function unpackText(text: string): string {
  return text.replace(packed, (_, bytes: string) => guidOf(bytes))
}

function bytesOf(guid: string): string {
  const digits = guid.replaceAll('-', '')
  let bytes = ''
  for (let at = 0; at < digits.length; at += 2)
    bytes += String.fromCharCode(parseInt(digits.slice(at, at + 2), 16))
  return bytes
}

function guidOf(bytes: string): string {
  let digits = ''
  for (let at = 0; at < bytes.length; at += 1) {
    digits += bytes.charCodeAt(at).toString(16).padStart(2, '0')
    if (at === 3 || at === 5 || at === 7 || at === 9) digits += '-'
  }
  return digits
}
