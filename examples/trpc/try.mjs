// @ts-check
// The API against an Entra ID on this machine, and the client of tRPC, which signs Bob in again when it is told to.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { createTRPCClient, httpLink } from '@trpc/client'
import { findClaimsChallenge, parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const emulator = await createEmulator()
try {
  const url = await start('api.mjs', {
    TENANT_ID: 'contoso.onmicrosoft.com',
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
  })
  console.log(`Alice: ${await connect(`${url}/trpc`, 'Alice').me.query()}`)
  emulator.policies.enable('b0000000-0000-4000-8000-000000000006') // the ready-made one: MFA for Microsoft Graph
  console.log(`Bob: ${await connect(`${url}/trpc`, 'Bob').me.query()}`)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** A client whose `fetch` has a token, and gets a better one when a challenge says so. @param {string} url @param {string} name */
function connect(url, name) {
  let token = signIn(name, ['pwd'])
  /** @param {Parameters<typeof fetch>[0]} input @param {Record<string, any>} [init] */
  const authorized = async (input, init) => {
    const call = async () =>
      fetch(input, { ...init, headers: { ...init?.headers, authorization: `Bearer ${await token}` } })
    const answer = await call()
    const claims = findClaimsChallenge(parseChallenges(answer.headers))?.claims
    if (answer.status !== 401 || claims === undefined) return answer
    const { error } = await answer.json()
    console.log(`${name}: 401 ${error.data.reason}, signs in again with ${claims}`)
    token = signIn(name, ['pwd', 'mfa'])
    return call()
  }
  /** @type {ReturnType<typeof createTRPCClient<import('./api.mjs').Router>>} */
  const client = createTRPCClient({ links: [httpLink({ url, fetch: authorized })] })
  return client
}

/** In the place of MSAL. @param {string} name @param {string[]} amr */
function signIn(name, amr) {
  return emulator.mint({
    user: `${name}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
    amr,
  })
}

/** A program of this folder, and the address that it prints. @param {string} file @param {Record<string, string>} env */
async function start(file, env) {
  const child = spawn(process.execPath, [file], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const url of createInterface({ input: child.stdout })) return url
  throw new Error(`${file} did not start`)
}
