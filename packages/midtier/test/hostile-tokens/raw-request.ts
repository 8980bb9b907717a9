// An HTTP client without manners: writes the bytes it is given to a socket and returns what comes back, unparsed headers included.
import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Names in lower case, in their order, each as often as it was sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** Everything. */
  readonly text: string
}

export interface RawRequest {
  /** Method and target. */
  readonly start: string
  /** Written as they are; Latin-1. */
  readonly lines: readonly string[]
  readonly body: string
}

const timeoutMs = 120_000
const longestAnswer = 65_536

/** Sends a request to a server on this machine, which has to close the connection. */
export async function sendRaw(port: number, { start, lines, body }: RawRequest): Promise<RawAnswer> {
  const head = [`${start} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...lines, '', ''].join('\r\n')
  return parseAnswer(await exchange(port, Buffer.from(head + body, 'latin1')))
}

function exchange(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    socket.on('data', (chunk: string) => {
      answer += chunk
      if (answer.length > longestAnswer) socket.destroy(new Error('the answer is too long'))
    })
    socket.on('end', () => {
      resolve(answer)
    })
    socket.on('error', reject)
    socket.write(bytes)
  })
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4), text }
}

/** Every value of a header. */
export function valuesOf({ headers }: RawAnswer, name: string): readonly string[] {
  return headers.filter(([header]) => header === name).map(([, value]) => value)
}
