// A `fetch` over Node's own agent, which costs a third of the global one: the processes under test share their cores with the test.
import { Agent, request as send } from 'node:http'

/** Few sockets: Node accepts new connections one at a time between other work, so that a burst of them starves on a busy machine. */
const agent = new Agent({ keepAlive: true, family: 4, maxSockets: 16 })
const statusesWithoutBody = new Set([204, 205, 304])

/** Sends a request and reads the whole answer. */
export function fetchKeptAlive(input, init = {}) {
  const { method = 'GET', signal, body } = init
  const text = body === undefined || body === null ? undefined : String(body)
  const headers = Object.fromEntries(new Headers(init.headers))
  if (text !== undefined) headers['content-length'] = String(Buffer.byteLength(text))
  return new Promise((resolve, reject) => {
    const request = send(String(input), { agent, method, headers, signal: signal ?? undefined })
    request.on('error', (error) => {
      // The server has closed a connection that waited for its next use: a busy machine notices late. See Node's `reusedSocket`.
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(fetchKeptAlive(input, init))
      else reject(error)
    })
    request.on('response', (response) => void readAnswer(response).then(resolve, reject))
    request.end(text)
  })
}

async function readAnswer(response) {
  const chunks = []
  for await (const chunk of response) chunks.push(chunk)
  const { statusCode: status, headers } = response
  const body = statusesWithoutBody.has(status) ? null : Buffer.concat(chunks)
  return new Response(body, { status, headers: toPairs(headers) })
}

function toPairs(headers) {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => [name, each]))
}
