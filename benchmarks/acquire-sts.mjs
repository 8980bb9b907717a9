// A token endpoint over HTTP on this machine, in a process of its own, so that its processor time is not the client's.
import { createServer } from 'node:http'
import { answerTokenRequest } from './acquire-tokens.mjs'

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('latin1')
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(answerTokenRequest(body))
  })
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
