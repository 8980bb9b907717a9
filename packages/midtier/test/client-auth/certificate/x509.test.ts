// Times of a certificate: two digits of a year are one of 1950 to 2049 (RFC 5280 §4.1.2.5.1).
import { expect, it } from 'vitest'
import { DerError } from '../../../src/client-auth/certificate/der.ts'
import { parseCertificate } from '../../../src/client-auth/certificate/x509.ts'
import { createCertificate } from '../certificates.ts'

it.each([
  ['1950-01-01T00:00:00Z', '2049-12-31T23:59:59Z'],
  ['1999-12-31T23:59:59Z', '2000-01-01T00:00:00Z'],
  ['2026-02-28T12:34:56Z', '2028-02-29T01:02:03Z'],
])('is valid from %s to %s', (from, to) => {
  const [notBefore, notAfter] = [Date.parse(from), Date.parse(to)]
  const { notBeforeMs, notAfterMs } = parseCertificate(
    createCertificate('midtier', { notBefore, notAfter }).der,
  )
  expect([notBeforeMs, notAfterMs]).toEqual([notBefore, notAfter])
})

it.each([
  ['without its zone', '2601010000000'],
  ['of a thirteenth month', '261301000000Z'],
  ['of a 61st minute', '260101006100Z'],
  ['of no digits', '26January000Z'],
])('is not read with a time %s', (_what, time) => {
  const { der } = createCertificate('midtier')
  const altered = Buffer.from(der.toString('latin1').replace('260101000000Z', time), 'latin1')
  expect(altered.equals(der)).toBe(false)
  expect(() => parseCertificate(altered)).toThrow(DerError)
})
