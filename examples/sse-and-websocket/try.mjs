// @ts-check
// The API against an Entra ID on this machine: Alice listens, Bob speaks, and their tokens are over after a few seconds.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { parseChallenges } from 'midtier'
import { WebSocket } from 'ws'

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
  const [request, refusal] = await once(new WebSocket(url), 'unexpected-response')
  const [challenge] = parseChallenges(refusal.headers['www-authenticate'])
  console.log(
    `nobody: ${refusal.statusCode}, challenge ${[...(challenge?.parameters.keys() ?? [])].join(', ')}`,
  )
  request.destroy()
  console.log(`Alice, for an hour: ${(await (await listen(url, 3600)).next()).value}`)

  const alice = await listen(url, 6)
  console.log(`Alice, for seconds: ${(await alice.next()).value}`)
  const bob = new WebSocket(url, { headers: await authorization('bob', 6) })
  const closed = once(bob, 'close')
  await once(bob, 'open')
  bob.send('Lunch?')
  console.log(`Alice: ${(await alice.next()).value}`)
  console.log(`Alice: ${(await alice.next()).value}`)
  const [code, reason] = await closed
  console.log(`Bob: closed with ${code}, ${reason}`)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** What Alice hears, event by event. @param {string} url @param {number} lifetimeSeconds */
async function listen(url, lifetimeSeconds) {
  const answer = await fetch(`${url}/room`, { headers: await authorization('alice', lifetimeSeconds) })
  if (!answer.ok || answer.body === null) throw new Error(`answered by ${answer.status}`)
  return readEvents(answer.body.pipeThrough(new TextDecoderStream()))
}

/** @param {AsyncIterable<string>} texts */
async function* readEvents(texts) {
  let text = ''
  for await (const part of texts) {
    text += part
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield text
        .slice(0, end)
        .replaceAll(/^(event|data): /gm, '')
        .replace('\n', ' ')
      text = text.slice(end + 2)
    }
  }
}

/** @param {string} name @param {number} lifetimeSeconds */
async function authorization(name, lifetimeSeconds) {
  const token = await emulator.mint({
    user: `${name}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
    lifetimeSeconds,
  })
  return { authorization: `Bearer ${token}` }
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
