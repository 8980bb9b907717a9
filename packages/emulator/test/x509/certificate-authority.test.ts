// What the emulator's CA can be used for by whoever gets hold of its key: nothing but names and addresses of this machine.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:tls'
import { isIP, type AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { createMemoryState, type StateStore } from '../../src/state.ts'
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
