// What the emulator's CA can be used for by whoever gets hold of its key: nothing but names and addresses of this machine.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:tls'
import { isIP, type AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { createMemoryState, type StateStore } from '../../src/kernel/state.ts'
import { loadTlsIdentity } from '../../src/x509/certificate-authority.ts'
import { createCertificate, toPem } from '../../src/x509/certificate.ts'

const issuer = 'midtier emulator CA'
const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 }

let state: StateStore
let ca: { certificate: string; privateKey: string }
beforeAll(async () => {
  state = createMemoryState()
  await loadTlsIdentity(state)
  ca = JSON.parse((await state.read('certificate-authority.json')) ?? '') as typeof ca
})

interface Holder {
  readonly certificate: string
  readonly key: KeyObject
}

function issue(hosts: readonly string[], by: { name: string; key: KeyObject }): Holder {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = createPublicKey(privateKey)
  const request = {
    subject: hosts[0] ?? '',
    issuer: by.name,
    issuerKey: by.key,
    publicKey,
    hosts,
    ...validity,
  }
  return { certificate: toPem(createCertificate(request)), key: privateKey }
}

const byCa = (): { name: string; key: KeyObject } => ({ name: issuer, key: createPrivateKey(ca.privateKey) })

/** The error code with which Node refuses a server that shows this chain under this name; `undefined` when it trusts it. */
async function trust(servername: string, chain: string, key: KeyObject): Promise<string | undefined> {
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  const server = createServer({ cert: chain, key: pem }, (socket) => socket.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({
    host: '127.0.0.1',
    port,
    servername,
    ca: ca.certificate,
    rejectUnauthorized: false,
  })
  try {
    await once(client, 'secureConnect')
    return client.authorized ? undefined : String(client.authorizationError)
  } finally {
    client.destroy()
    server.close()
  }
}

describe('the CA that people trust', () => {
  it('vouches for localhost, a name below it, and 127.0.0.1', async () => {
    const { certificate, key } = issue(['localhost', 'login.localhost', '127.0.0.1'], byCa())
    expect(await trust('localhost', certificate, key)).toBeUndefined()
    expect(await trust('login.localhost', certificate, key)).toBeUndefined()
  })

  it.each(['login.microsoftonline.com', 'localhost.evil.example', '10.0.0.1'])(
    'vouches for nothing else: %s is refused although the CA signed it',
    async (host) => {
      const { certificate, key } = issue([host], byCa())
      // OpenSSL's "permitted subtree violation", for which Node has no name; a wrong name alone would be ERR_TLS_CERT_ALTNAME_INVALID.
      expect(await trust(isIP(host) === 0 ? host : 'localhost', certificate, key)).toBe('UNSPECIFIED')
    },
  )

  it('makes no other authority: a chain with one in between is refused', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const between = toPem(
      createCertificate({
        subject: 'between',
        issuer,
        issuerKey: byCa().key,
        publicKey: createPublicKey(privateKey),
        authority: 'loopback',
        ...validity,
      }),
    )
    const { certificate, key } = issue(['localhost'], { name: 'between', key: privateKey })
    expect(await trust('localhost', certificate + between, key)).toMatch(/path ?_?length/i)
  })

  it('is kept from start to start, but not when it was made without limits', async () => {
    const again = await loadTlsIdentity(state)
    expect(again.caCertificate).toBe(ca.certificate)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const publicKey = createPublicKey(privateKey)
    const names = { subject: issuer, issuer, issuerKey: privateKey, publicKey }
    const unlimited = toPem(createCertificate({ ...names, ...validity }))
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const old = createMemoryState()
    await old.write('certificate-authority.json', JSON.stringify({ certificate: unlimited, privateKey: key }))
    expect((await loadTlsIdentity(old)).caCertificate).not.toBe(unlimited)
  })
})

describe('the https listener', () => {
  it('shows an address to who names none, and only a name to who does: BoringSSL refuses an address below the CA', async () => {
    const emulator = await createEmulator({ httpsPort: 0 })
    const { port } = new URL(emulator.httpsOrigin ?? '')
    const shown = async (servername: string): Promise<string | undefined> => {
      const client = connect({
        host: '127.0.0.1',
        port: Number(port),
        servername,
        ca: emulator.caCertificate ?? '',
      })
      try {
        await once(client, 'secureConnect')
        return client.getPeerX509Certificate()?.subjectAltName
      } finally {
        client.destroy()
      }
    }
    try {
      expect(await shown('')).toBe('DNS:localhost, IP Address:127.0.0.1')
      expect(await shown('localhost')).toBe('DNS:localhost')
    } finally {
      await emulator.stop()
    }
  })
})

describe('a certificate', () => {
  // keyUsage (2.5.29.15), critical, as a BIT STRING: its unused bits and its bits.
  const keyUsage = (bits: string): Buffer => Buffer.from(`0603551d0f0101ff04040302${bits}`, 'hex')

  it('says what its key is for: the CA signs certificates and lists, a leaf signs what it says itself', () => {
    const { certificate } = issue(['localhost'], byCa())
    expect(new X509Certificate(ca.certificate).raw.includes(keyUsage('0106'))).toBe(true)
    expect(new X509Certificate(certificate).raw.includes(keyUsage('0780'))).toBe(true)
  })

  it('of the CA is for localhost and what is below, 127.0.0.0/8 and ::1, and for no further authority', () => {
    const { raw } = new X509Certificate(ca.certificate)
    // RFC 5280 §4.2.1.9 with a path length of 0, and §4.2.1.10 with a name, an address and its mask, and again, both critical.
    const basicConstraints = ['0603551d13 0101ff 0408 3006 0101ff 020100']
    const nameConstraints = [
      '0603551d1e 0101ff 0441 303f a03d',
      `300b 8209 ${Buffer.from('localhost').toString('hex')}`,
      '300a 8708 7f000000 ff000000',
      `3022 8720 ${'00'.repeat(15)}01 ${'ff'.repeat(16)}`,
    ]
    for (const constraint of [basicConstraints, nameConstraints]) {
      const expected = Buffer.from(constraint.join('').replaceAll(' ', ''), 'hex')
      expect(raw.includes(expected)).toBe(true)
    }
  })

  it('says whose it is, by whom, and which servers it is for', () => {
    const { certificate } = issue(['localhost', '127.0.0.1'], byCa())
    const leaf = new X509Certificate(certificate)
    expect(leaf.subject).toBe('CN=localhost')
    expect(leaf.issuer).toBe(`CN=${issuer}`)
    expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1')
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(leaf.ca).toBe(false)
    expect(new X509Certificate(ca.certificate).ca).toBe(true)
    expect(leaf.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/)
  })
})
