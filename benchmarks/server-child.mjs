// A server that answers a JSON text: without any auth, behind a validated token, or behind the least that recognising a token takes, its
// SHA-256; by node:http or by Express 5. Told what to be by its arguments; says its port and, when asked, what it has used.
import express from 'express'
import { hash } from 'node:crypto'
import { createServer } from 'node:http'
import { protect } from 'midtier/express'
import { createMidtier } from './acquire-contenders.mjs'

const [framework, kind] = process.argv.slice(2)
const answer = JSON.stringify({ hello: 'world' })

process.once('message', async ({ jwks }) => {
  const api = kind === 'auth' ? createMidtier(jwks, { maxCachedTokens: 20_000 }) : undefined
  const server = framework === 'express' ? serveExpress(api, kind) : serveHttp(api, kind)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ spentUs: user + system, rss: process.memoryUsage().rss })
  })
  process.send({ port: server.address().port })
})

const digestOf = ({ headers }) => hash('sha256', headers.authorization.slice('Bearer '.length), 'base64url')
const known = new Map()
const recognise = (request) => known.set(digestOf(request), request.url)

function serveHttp(api, kind) {
  const send = (response) => {
    response.setHeader('content-type', 'application/json')
    response.end(answer)
  }
  if (kind === 'digest')
    return createServer((request, response) => {
      recognise(request)
      send(response)
    })
  if (api === undefined) return createServer((_, response) => send(response))
  return createServer(async (request, response) => {
    try {
      const { method, url, headers } = request
      await api.authenticate({ method, url, header: (name) => headers[name] })
      send(response)
    } catch (error) {
      response.statusCode = error.status ?? 500
      response.end()
    }
  })
}

function serveExpress(api, kind) {
  const app = express()
  const digest = (request, _, next) => {
    recognise(request)
    next()
  }
  const before = kind === 'digest' ? [digest] : api === undefined ? [] : [protect(api)]
  app.get('/', ...before, (_, response) => response.type('json').send(answer))
  return createServer(app)
}
