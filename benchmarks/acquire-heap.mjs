// How much heap a user's cached token holds, each contender in a process of its own.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const child = fileURLToPath(new URL('acquire-heap-child.mjs', import.meta.url))
const run = promisify(execFile)

/** msal-node fills itself in quadratic time, and a credential of @azure/identity is large: fewer users of theirs tell as much. */
const contenders = [
  { who: 'token cache', name: 'midtier, the token cache', users: 2_000 },
  { who: 'verified tokens and token cache', name: 'midtier, verified incoming tokens as well', users: 2_000 },
  { who: 'msal-node', name: '@azure/msal-node', users: 150 },
  { who: 'identity', name: '@azure/identity, a credential for each user', users: 300 },
]

export async function measureHeap({ progress }) {
  const rows = []
  for (const { who, name, users } of contenders) {
    progress(`heap of ${users} users: ${name}`)
    const { stdout } = await run(process.execPath, ['--expose-gc', child, who, String(users)])
    rows.push({ name, users, ...JSON.parse(stdout) })
  }
  return rows
}
