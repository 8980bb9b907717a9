// A server of one framework: without any auth, behind `protect` of its adapter, or behind a middleware with the least that recognising a
// token takes, its SHA-256. Told what to be by its arguments; says its port and, when asked, what it has used.
import { hash } from 'node:crypto'
import { createServer } from 'node:http'
import { createMidtier } from './acquire-contenders.mjs'
import { servers } from './framework-servers.mjs'

const [framework, kind] = process.argv.slice(2)

process.once('message', async ({ jwks }) => {
  const guarded = {
    bare: () => ({}),
    auth: () => ({ api: createMidtier(jwks, { maxCachedTokens: 20_000 }) }),
    digest: () => ({ look: recognise }),
  }
  const server = createServer(await servers[framework](guarded[kind]()))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ spentUs: user + system, rss: process.memoryUsage().rss })
  })
  process.send({ port: server.address().port })
})

const known = new Map()
let seen = 0

function recognise(authorization) {
  known.set(hash('sha256', authorization.slice('Bearer '.length), 'base64url'), (seen += 1))
}
