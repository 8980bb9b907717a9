// @ts-check
// A room in which people hear each other: by server-sent events those who listen, by WebSocket those who speak.
import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/node-http'
import { protect as protectUpgrade, whenExpired } from 'midtier/websocket'
import { WebSocketServer } from 'ws'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})
const room = new EventEmitter().setMaxListeners(0)
const scopes = ['access_as_user']

const listen = protect(api, { scopes }, async (_req, res, caller) => {
  await nameOf(caller) // refusals are answers as long as none has begun
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  /** @param {string} event @param {unknown} data */
  const send = (event, data) => res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  /** @param {unknown} words */
  const hear = (words) => send('said', words)
  room.on('said', hear)
  const stop = whenExpired(caller, () => {
    send('token_expired', {})
    res.end()
  })
  res.once('close', () => {
    stop()
    room.off('said', hear)
  })
  send('ready', {})
})

const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 })
const speak = protectUpgrade(api, { scopes }, async (request, socket, head, caller) => {
  const who = await nameOf(caller) // before the upgrade, for the same reason
  sockets.handleUpgrade(request, socket, head, (ws) => {
    const stop = whenExpired(caller, () => ws.close(4401, 'The token has expired'))
    ws.once('close', stop)
    ws.on('error', () => ws.terminate())
    ws.on('message', (data) => room.emit('said', { who, text: String(data) }))
  })
})

/** @param {import('midtier').Caller<'graph'>} caller */
async function nameOf(caller) {
  /** @type {{ displayName: string }} */
  const { displayName } = await caller.downstream('graph').getJson('me')
  return displayName
}

const server = createServer(
  renderErrors((req, res) => (req.url === '/room' ? listen(req, res) : res.writeHead(404).end())),
)
server.on('upgrade', speak).listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
