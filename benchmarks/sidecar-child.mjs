// The server that is measured: the sidecar, or the same server without auth, which answers the same header and makes the same call.
import { createServer } from 'node:http'
import { startSidecar } from '@midtier/sidecar'
import { accessTokenLength } from './acquire-tokens.mjs'

const [kind] = process.argv.slice(2)

process.once('message', async (environment) => {
  const port = kind === 'sidecar' ? await serveSidecar(environment) : await serveBare(environment)
  process.on('disconnect', () => process.exit())
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ spentUs: user + system, rss: process.memoryUsage().rss })
  })
  process.send({ port })
})

async function serveSidecar(environment) {
  const sidecar = await startSidecar({ environment, port: 0 })
  return new URL(sidecar.urls[0]).port
}

/** What a server that hands on headers leaves behind, whoever may ask it. */
const ofTheConnection = new Set(['connection', 'keep-alive', 'set-cookie', 'transfer-encoding', 'upgrade'])

async function serveBare({ DownstreamApis__todo__BaseUrl: api }) {
  const authorization = `Bearer ${'x'.repeat(accessTokenLength)}`
  const send = (response, content) => {
    const body = JSON.stringify(content)
    const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
  }
  const server = createServer(async ({ url }, response) => {
    if (url.startsWith('/AuthorizationHeader/')) return send(response, { authorizationHeader: authorization })
    const gone = new AbortController() // a client that goes takes its call with it
    response.once('close', () => response.writableFinished || gone.abort())
    const init = { headers: { authorization }, redirect: 'manual', signal: gone.signal }
    const answer = await fetch(`${api}todos`, init)
    const kept = [...answer.headers].filter(([name]) => !ofTheConnection.has(name))
    const headers = Object.fromEntries(kept.map(([name, value]) => [name, [value]]))
    send(response, { statusCode: answer.status, headers, content: await answer.text() })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
}
