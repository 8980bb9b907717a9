// Of what kind a certificate is that came as text.
import { describe, expect, it } from 'vitest'
import { recogniseCertificate } from '../../../src/client-auth/certificate/certificate-content.ts'

describe('PEM text', () => {
  // Without its hyphens and line breaks a line like this one begins, read as base64, as a PFX does.
  it.each(['', 'MIDT', 'MINE ', 'MID\n', 'MIDTIER in production\n'])(
    'with %j before it is PEM, whatever its letters would be in base64',
    (before) => {
      for (const padding of ['', 'A', 'AA', 'AAA']) {
        const pem = `${before}-----BEGIN CERTIFICATE-----\nAAAA${padding}\n-----END CERTIFICATE-----\n`
        expect(recogniseCertificate(pem)).toEqual({ pem })
        expect(recogniseCertificate(new TextEncoder().encode(pem))).toEqual({ pem })
      }
    },
  )
})
