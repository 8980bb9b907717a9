// A certificate of somebody, made for a test.
import { generateKeyPairSync } from 'node:crypto'
import { createCertificate, toPem } from '../src/x509/certificate.ts'

/** As PEM. */
export function certificateOf(name: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [notBefore, notAfter] = [Date.parse('2026-01-01'), Date.parse('2036-01-01')]
  return toPem(
    createCertificate({ subject: name, issuer: name, notBefore, notAfter, publicKey, issuerKey: privateKey }),
  ).trim()
}
