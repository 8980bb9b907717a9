// What stands around the sidecar, in a process of its own: the authority, and an API that it calls.
import { createServer } from 'node:http'
import { answerTokenRequest, readLocalDocument, tenantId, todos } from './acquire-tokens.mjs'

let jwks

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('latin1').on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    if (request.url.startsWith('/api/')) response.end(todos)
    else response.end(request.method === 'POST' ? answerTokenRequest(body) : read(request.url))
  })
})

const read = (path) =>
  JSON.stringify(readLocalDocument(path, jwks, `http://127.0.0.1:${server.address().port}/${tenantId}`))

process.on('message', (keys) => {
  jwks = keys
  process.send('ready')
})
process.on('disconnect', () => process.exit())
if (process.send !== undefined) server.listen(0, '127.0.0.1', () => process.send(server.address().port))
