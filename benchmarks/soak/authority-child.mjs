// An authority whose keys roll and whose tokens say whose they are and until when: told `{ jwks, lifetimeSeconds }`, as often as they change.
import { createServer } from 'node:http'
import { answerTokenRequest, readLocalDocument, readUserId, tenantId } from '../acquire-tokens.mjs'

let told = {}

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('latin1').on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(request.method === 'POST' ? exchange(body) : read(request.url))
  })
})

function exchange(body) {
  const facts = JSON.parse(answerTokenRequest(body))
  const expiresAt = Math.floor(Date.now() / 1000) + told.lifetimeSeconds
  const access_token = `${readUserId(body)}.${expiresAt}.${facts.access_token}`
  return JSON.stringify({ ...facts, access_token, expires_in: told.lifetimeSeconds })
}

const read = (path) =>
  JSON.stringify(readLocalDocument(path, told.jwks, `http://127.0.0.1:${server.address().port}/${tenantId}`))

process.on('message', (message) => {
  told = message
  process.send('ready')
})
process.on('disconnect', () => process.exit())
if (process.send !== undefined) server.listen(0, '127.0.0.1', () => process.send(server.address().port))
