// What a token that is not cached costs the client: processor time of an exchange over TLS on loopback, beside a bare POST.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTlsIdentity } from '../packages/emulator/build/x509/certificate-authority.js'

const child = fileURLToPath(new URL('acquire-miss-child.mjs', import.meta.url))

/** In a process that trusts the certificate, which has to be said before it starts. */
export async function measureMiss({ rounds, progress }) {
  const directory = mkdtempSync(join(tmpdir(), 'midtier-bench-'))
  try {
    const { caCertificate, ...tls } = await loadTlsIdentity({
      read: () => Promise.resolve(undefined),
      write: () => Promise.resolve(),
    })
    const trusted = join(directory, 'ca.pem')
    writeFileSync(trusted, caCertificate)
    const { execArgv, env } = process
    const measuring = fork(child, { execArgv, env: { ...env, NODE_EXTRA_CA_CERTS: trusted } })
    measuring.send({ rounds, tls })
    return await resultsOf(measuring, progress)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function resultsOf(measuring, progress) {
  return new Promise((resolve, reject) => {
    measuring.on('message', ({ round, rounds, results }) => {
      if (results === undefined) progress(`misses: round ${round + 1} of ${rounds}`)
      else resolve(results)
    })
    measuring.on('exit', (code) => reject(new Error(`the misses were not measured: exit code ${code}`)))
  })
}
