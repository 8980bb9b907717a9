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

const twoDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** Where a GUID has its 16 bytes, by their first digits. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]

function bytesOf(guid: string): string {
  let bytes = ''
  for (const at of places)
    bytes += String.fromCharCode(16 * valueOf(guid.charCodeAt(at)) + valueOf(guid.charCodeAt(at + 1)))
  return bytes
}

function guidOf(bytes: string): string {
  let guid = ''
  for (let at = 0; at < bytes.length; at += 1) {
    if (at === 4 || at === 6 || at === 8 || at === 10) guid += '-'
    guid += twoDigits[bytes.charCodeAt(at)] ?? ''
  }
  return guid
}

/** Of one digit: `0` to `9`, `a` to `f`. */
function valueOf(code: number): number {
  return code < 0x61 ? code - 0x30 : code - 0x57
}
