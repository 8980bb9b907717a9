// Blocks of PEM text, as files and environment variables hold them.
import { expect, it } from 'vitest'
import { parsePem } from '../../../src/client-auth/certificate/pem.ts'

const legacy = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'Proc-Type: 4,ENCRYPTED',
  'DEK-Info: AES-128-CBC,00',
  '',
  'AQID',
  '-----END RSA PRIVATE KEY-----',
]
const blocks = [{ label: 'RSA PRIVATE KEY', der: Uint8Array.of(1, 2, 3), legacyEncryption: true }]

it.each(['\n', '\r\n', '\\n', '\\r\\n'])('are found where lines end with %j', (end) => {
  expect(parsePem(legacy.join(end))).toEqual(blocks)
})

it.each([
  [
    'more than one',
    '-----BEGIN A-----AQ==-----END A----- between -----BEGIN B1-----Ag==-----END B1-----',
    ['A', 'B1'],
  ],
  ['one that ends as another', '-----BEGIN A-----AQ==-----END B-----', []],
  ['one that is empty', '-----BEGIN A----------END A-----', []],
  ['one that is no base64', '-----BEGIN A-----?-----END A-----', []],
  [
    'one of 40 letters',
    `-----BEGIN ${'A'.repeat(40)}-----AQ==-----END ${'A'.repeat(40)}-----`,
    ['A'.repeat(40)],
  ],
  ['one of 41 letters', `-----BEGIN ${'A'.repeat(41)}-----AQ==-----END ${'A'.repeat(41)}-----`, []],
])('of %s', (_, text, labels) => {
  expect(parsePem(text).map(({ label }) => label)).toEqual(labels)
})

it('are looked for in 262 144 characters, and in no longer text', () => {
  const padded = (length: number): string => '-----BEGIN A-----AQ==-----END A-----'.padEnd(length)
  expect(parsePem(padded(262_144))).toHaveLength(1)
  expect(parsePem(padded(262_145))).toEqual([])
})
