// What a terminal would obey or not show is seen as an escape, in text and in JSON.
import { expect, it } from 'vitest'
import { printable, printableJson } from '../../src/kernel/printable.ts'
import { hostileText } from '../bin/hostile-text.ts'

it.each([
  ['an escape sequence', '\u001b[2J', String.raw`\u001b[2J`],
  ['one of eight bits', '\u009b2J', String.raw`\u009b2J`],
  ['line ends', 'a\r\nb\u2028c\u2029d', String.raw`a\u000d\u000ab\u2028c\u2029d`],
  ['a backspace, a bell and a delete', '\b\u0007\u007f', String.raw`\u0008\u0007\u007f`],
  ['the direction of writing', 'a\u202eb\u2066c', String.raw`a\u202eb\u2066c`],
  ['what is not seen', 'a\u200bb\u00adc\ufeff', String.raw`a\u200bb\u00adc\ufeff`],
  ['a tag beyond the first plane', '\u{e0041}', String.raw`\udb40\udc41`],
  ['half of a pair', 'a\ud83d', String.raw`a\ud83d`],
])('escapes %s', (_, text, shown) => {
  expect(printable(text)).toBe(shown)
})

it.each(['To-do API', 'Zoë’s Ärger', '東京', 'مرحبا', '🔑', 'a\\b', '«»'])('leaves %s as it is', (text) => {
  expect(printable(text)).toBe(text)
  expect(JSON.stringify({ [text]: text }, null, 2)).toBe(printableJson({ [text]: text }))
})

it('means the same as JSON', () => {
  const value = { [hostileText]: [hostileText, 1, null], empty: {} }
  const json = printableJson(value)
  expect(JSON.parse(json)).toEqual(value)
  expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
})
