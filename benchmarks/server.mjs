// What protecting a server costs end to end: processor time of the server for each request, beside the same server without any auth.
import { fileURLToPath } from 'node:url'
import { createUsers } from './acquire-tokens.mjs'
import { authorizationsOf, measureServers, promisesOf } from './server-turns.mjs'

export { render } from './server-turns.mjs'

const child = fileURLToPath(new URL('server-child.mjs', import.meta.url))
const least = { 'node:http': 0.9, express: 0.95 }

export async function measure({ rounds, quick, progress = () => {} }) {
  const people = createUsers()
  const fields = authorizationsOf(people)
  const rows = []
  for (const framework of Object.keys(least)) {
    progress(framework)
    const turns = quick ? 5 : Math.min(rounds, 15)
    rows.push(await measureServers({ child, framework, jwks: people.jwks, fields, rounds: turns }))
  }
  return { rows, tokenLength: people.length, peers: ['express'], promises: promisesOf(rows, least) }
}
