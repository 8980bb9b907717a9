// Times of a certificate: two digits of a year are one of 1950 to 2049 (RFC 5280 §4.1.2.5.1).
import { expect, it } from 'vitest'
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
