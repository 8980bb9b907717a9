// renderErrors of node:http when a handler of others fails after its answer has begun: nobody takes half of it for the whole, and a whole one stays.
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { renderErrors } from '../../src/adapters/node-http.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.restoreAllMocks()
})

/** Listens, and gives the address and what was printed. */
async function serve(listener: Parameters<typeof renderErrors>[0]) {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const server = createServer({ keepAliveTimeout: 0 }, renderErrors(listener))
  closing.push(
    () => server.closeAllConnections(),
    () => void server.close(),
  )
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, printed }
}

it('closes the connection of half an answer', async () => {
  const { url, printed } = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half of it')
    throw new Error('a colleague’s')
  })
  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow()
  expect(printed).toHaveBeenCalledOnce()
})

it('keeps the connection of a whole one', async () => {
  const { url, printed } = await serve((_request, response) => {
    response.end('all of it')
    throw new Error('a colleague’s')
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  closing.push(() => agent.destroy())
  const ask = () =>
    new Promise<{ text: string; reused: boolean }>((resolve, reject) => {
      const request = get(url, { agent }, (answer: IncomingMessage) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        answer.on('end', () => resolve({ text, reused: request.reusedSocket }))
      })
      request.on('error', reject)
    })
  expect(await ask()).toEqual({ text: 'all of it', reused: false })
  await new Promise((resolve) => setImmediate(resolve))
  expect(await ask()).toEqual({ text: 'all of it', reused: true })
  expect(printed).toHaveBeenCalledTimes(2)
})
