// An authority over TLS for as long as somebody measures: in a process of its own, with a certificate in a folder that is removed.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTlsIdentity } from '../packages/emulator/build/x509/certificate-authority.js'

/**
 * `work({ instance, trusted, directory, publish })`: the origin, the file of the certificate to trust, the folder, and what tells the
 * authority which keys it publishes.
 */
export async function withTlsAuthority(work) {
  const directory = mkdtempSync(join(tmpdir(), 'midtier-bench-'))
  const authority = fork(fileURLToPath(new URL('acquire-sts.mjs', import.meta.url)), { execArgv: [] })
  try {
    const { caCertificate, ...tls } = await loadTlsIdentity({
      read: () => Promise.resolve(undefined),
      write: () => Promise.resolve(),
    })
    const trusted = join(directory, 'ca.pem')
    writeFileSync(trusted, caCertificate)
    authority.send(tls)
    const [port] = await once(authority, 'message')
    const publish = async (jwks) => {
      authority.send(jwks)
      await once(authority, 'message')
    }
    return await work({ instance: `https://localhost:${port}`, trusted, directory, publish })
  } finally {
    authority.disconnect()
    rmSync(directory, { recursive: true, force: true })
  }
}
