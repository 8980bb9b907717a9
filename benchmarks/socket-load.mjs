// Asks a server over kept-alive connections, as fast as it answers: requests are written as they are, so that asking costs less than answering.
import { connect } from 'node:net'

/** A GET with this Authorization field, as bytes. */
export function writeRequest(path, authorization) {
  return Buffer.from(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${authorization}\r\n\r\n`,
    'latin1',
  )
}

/** Connections to one server; `run` asks over all of them at once, and gives how many were answered, in how long, and how late each. */
export function createLoad({ name, port, expected, connections = 16 }) {
  const free = []
  let count = 0
  const exchangeOver = (socket, request) =>
    new Promise((resolve, reject) => {
      socket.answered = resolve
      socket.refused = reject
      socket.write(request)
    })
  const work = async (state, { requestAt, requests, untilMs }) => {
    const socket = free.pop() ?? (await open({ name, port, expected }))
    while (state.next < requests && performance.now() < untilMs) {
      const request = requestAt(state.next++)
      const sentMs = performance.now()
      await exchangeOver(socket, request)
      state.latencies.push(performance.now() - sentMs)
    }
    free.push(socket)
  }
  return {
    /** `requestAt(count)` gives the bytes of the next one; ends after so many, or when the time is over and all is answered. */
    async run(requestAt, { requests, budgetMs = Infinity }) {
      const begunMs = performance.now()
      const state = { next: 0, latencies: [] }
      const task = { requests, untilMs: begunMs + budgetMs, requestAt: (index) => requestAt(count + index) }
      await Promise.all(Array.from({ length: Math.min(connections, requests) }, () => work(state, task)))
      count += state.next
      return { requests: state.next, wallMs: performance.now() - begunMs, latencies: state.latencies }
    },
    close: () => free.splice(0).forEach((socket) => socket.destroy()),
  }
}

async function open({ name, port, expected }) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const fail = (text) => socket.refused?.(new Error(`${name}: ${text}`))
  let read = Buffer.alloc(0)
  socket.on('error', ({ message }) => fail(message)).on('close', () => fail('the connection was closed'))
  socket.on('data', (chunk) => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
    const answer = readAnswer(read)
    if (answer === undefined) return
    read = Buffer.alloc(0)
    if (answer.status === '200' && answer.body === expected) socket.answered()
    else fail(`answered ${answer.status}: ${answer.body.slice(0, 200)}`)
  })
  return socket
}

/** `undefined` until all of it is there. */
function readAnswer(bytes) {
  const text = bytes.latin1Slice()
  const end = text.indexOf('\r\n\r\n') + 4
  if (end < 4) return undefined
  const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, end)) ?? []
  if (length === undefined) throw new Error('an answer without its length cannot be told from the next')
  if (text.length < end + Number(length)) return undefined
  return { status: text.slice(9, 12), body: text.slice(end, end + Number(length)) }
}
