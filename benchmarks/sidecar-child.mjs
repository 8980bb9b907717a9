// The server that is measured: the sidecar; the same server without auth, its own handler with nothing behind it that validates or acquires;
// or the least that answers the same by node:http. All answer the same header, and make the same call.
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { startSidecar } from '@midtier/sidecar'
import { readSettings } from '../packages/sidecar/build/config/settings.js'
import { createHandler } from '../packages/sidecar/build/server/handle.js'
import { listen } from '../packages/sidecar/build/server/listeners.js'
import { accessTokenLength } from './acquire-tokens.mjs'

const [kind] = process.argv.slice(2)

process.once('message', async (environment) => {
  const port = await serve[kind](environment)
  process.on('disconnect', () => process.exit())
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ spentUs: user + system, rss: process.memoryUsage().rss })
  })
  process.send({ port })
})

const serve = { sidecar: serveSidecar, bare: serveBare, plain: servePlain }

async function serveSidecar(environment) {
  const sidecar = await startSidecar({ environment, port: 0 })
  return new URL(sidecar.urls[0]).port
}

const authorization = `Bearer ${'x'.repeat(accessTokenLength)}`

/** Whoever asks is let in, and has a token already. */
async function serveBare(environment) {
  const settings = readSettings({ environment, folder: tmpdir(), port: '0' })
  const send = (path, { method, headers, signal }) =>
    fetch(settings.apis.get('todo').baseUrl + path, {
      ...{ method, signal, redirect: 'manual' },
      headers: { ...headers, authorization },
    })
  const accessToken = authorization.slice('Bearer '.length)
  const caller = { principal: {}, acquireToken: async () => ({ accessToken }), fetch: () => send }
  const api = { authenticate: async () => caller, health: () => ({ ready: true }) }
  const sidecar = { settings, api, logger: console, warnRarely: () => {}, isStopping: () => false }
  const { url } = await listen(settings.addresses[0], createHandler(sidecar, { underWay: 0 }))
  return new URL(url).port
}

/** What a server that hands on headers leaves behind, whoever may ask it. */
const ofTheConnection = new Set(['connection', 'keep-alive', 'set-cookie', 'transfer-encoding', 'upgrade'])

async function servePlain({ DownstreamApis__todo__BaseUrl: api }) {
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
