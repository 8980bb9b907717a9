// What the doctor asks although a certificate is not trusted: it is told what is wrong, and what would be answered.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { askAnyway } from '../../src/doctor/ask-anyway.ts'
import { createCertificate, toPem } from '../../src/x509/certificate.ts'

const [ca, leaf] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })) as [Pair, Pair]
interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

function certify(subject: string, of: Pair, issuer: string, by: Pair): string {
  const [notBefore, notAfter] = [Date.now() - 60_000, Date.now() + 60_000]
  const isAuthority = of === by && issuer === 'CA'
  return toPem(
    createCertificate({
      ...{ subject, issuer, publicKey: of.publicKey, issuerKey: by.privateKey, notBefore, notAfter },
      ...(isAuthority ? { authority: 'loopback' } : { hosts: ['localhost', '127.0.0.1'] }),
    }),
  )
}

it.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', certify('localhost', leaf, 'localhost', leaf)],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', certify('localhost', leaf, 'CA', ca)],
  ['SELF_SIGNED_CERT_IN_CHAIN', certify('localhost', leaf, 'CA', ca) + certify('CA', ca, 'CA', ca)],
])('says %s of a certificate, and what is behind it', async (distrust, cert) => {
  const key = leaf.privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createServer({ cert, key }, (_, response) => response.end('{"issuer":"here"}'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answered = await askAnyway(`https://localhost:${String(port)}/`)
  server.close()
  expect(answered).toEqual({ json: { issuer: 'here' }, distrust })
})
