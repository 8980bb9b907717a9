// The emulator's own CA: made on the first start, kept in the state, it signs the TLS leaves for localhost.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import type { StateStore } from '../kernel/state.ts'
import { parseObject } from '../kernel/base64url.ts'
import { createCertificate, loopbackConstraints, toPem } from './certificate.ts'

/** What an https listener needs, and the CA that its clients have to trust. */
export interface TlsIdentity {
  /** Certificate of the CA (PEM): the value of `NODE_EXTRA_CA_CERTS`. */
  readonly caCertificate: string
  /** Certificate of the listener for localhost and 127.0.0.1 (PEM). */
  readonly certificate: string
  /** The same for localhost alone (PEM), for whoever asks for a name: BoringSSL does not check the CA's constraints of addresses, and refuses what names one. */
  readonly certificateByName: string
  /** Private key of both (PEM). */
  readonly privateKey: string
}

interface Authority {
  readonly certificate: string
  readonly privateKey: string
}

const authorityName = 'midtier emulator CA'
const dayMs = 86_400_000

/** Loads or makes the CA and issues fresh leaves. */
export async function loadTlsIdentity(state: StateStore): Promise<TlsIdentity> {
  const authority = parseAuthority(await state.read('certificate-authority.json')) ?? createAuthority()
  await state.write('certificate-authority.json', JSON.stringify(authority))
  await state.write('ca.pem', authority.certificate)
  return { caCertificate: authority.certificate, ...issueLeaves(createPrivateKey(authority.privateKey)) }
}

function parseAuthority(text: string | undefined): Authority | undefined {
  const { certificate, privateKey } = parseObject(text ?? '') ?? {}
  const isComplete = typeof certificate === 'string' && typeof privateKey === 'string'
  return isComplete && isConstrained(certificate) ? { certificate, privateKey } : undefined
}

/** One that could sign for the whole internet is not used again: who trusts it would trust whoever reads its key. */
function isConstrained(certificate: string): boolean {
  const { raw } = new X509Certificate(certificate)
  return loopbackConstraints.every((constraint) => raw.includes(constraint))
}

function createAuthority(): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const names = { subject: authorityName, issuer: authorityName }
  const certificate = certify({
    ...names,
    publicKey,
    issuerKey: privateKey,
    days: 3650,
    authority: 'loopback',
  })
  return { certificate, privateKey: exportKey(privateKey) }
}

function issueLeaves(issuerKey: KeyObject): Omit<TlsIdentity, 'caCertificate'> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = createPublicKey(privateKey)
  const names = { subject: 'localhost', issuer: authorityName }
  const issue = (hosts: readonly string[]): string =>
    certify({ ...names, publicKey, issuerKey, days: 397, hosts })
  return {
    certificate: issue(['localhost', '127.0.0.1']),
    certificateByName: issue(['localhost']),
    privateKey: exportKey(privateKey),
  }
}

type CertifyRequest = Omit<Parameters<typeof createCertificate>[0], 'notBefore' | 'notAfter'> & {
  days: number
}

// TLS peers look at the real clock, never at the emulator's.
function certify({ days, ...request }: CertifyRequest): string {
  const now = Date.now()
  return toPem(createCertificate({ ...request, notBefore: now - dayMs, notAfter: now + days * dayMs }))
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
