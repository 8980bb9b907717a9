// What each adapter costs: processor time of a server behind `protect` for each request, beside the same server without any auth.
import { fileURLToPath } from 'node:url'
import { createUsers } from './acquire-tokens.mjs'
import { servers } from './framework-servers.mjs'
import { authorizationsOf, measureServers, promisesOf } from './server-turns.mjs'

export { render } from './server-turns.mjs'

const child = fileURLToPath(new URL('frameworks-child.mjs', import.meta.url))

/** What is spent on a token is the same everywhere: the lighter a framework, the more of its requests it is. */
const least = {
  'node:http': 0.9,
  'Express 5': 0.95,
  'Fastify 5': 0.9,
  'Hono 4': 0.9,
  'Koa 3': 0.95,
  'Nest 11 on Express': 0.95,
  'Nest 11 on Fastify': 0.95,
}

export async function measure({ rounds, quick, progress = () => {} }) {
  const people = createUsers()
  const fields = authorizationsOf(people)
  const rows = []
  for (const framework of Object.keys(servers)) {
    progress(framework)
    const turns = quick ? 5 : Math.min(rounds, 25)
    rows.push(await measureServers({ child, framework, jwks: people.jwks, fields, rounds: turns }))
  }
  return {
    rows,
    tokenLength: people.length,
    peers: ['express', 'fastify', 'hono', 'koa', '@nestjs/core'],
    promises: promisesOf(rows, least),
  }
}
