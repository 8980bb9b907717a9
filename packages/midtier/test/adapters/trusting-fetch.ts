// A `fetch` over node:https that trusts one certificate authority more, since the global one can only be told so before the process starts.
import { request } from 'node:https'
import type { Fetch } from '../../src/kernel/http/http.ts'

export function trustingFetch(ca: string): Fetch {
  return (input, { method = 'GET', headers, body, signal } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(
        input,
        {
          method,
          ca,
          headers: Object.fromEntries(new Headers(headers)),
          ...(signal == null ? {} : { signal }),
        },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            const text = Buffer.concat(chunks)
            const status = answer.statusCode ?? 0
            const fields = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
              values.map((value): [string, string] => [name, value]),
            )
            resolve(new Response(status === 204 ? null : text, { status, headers: fields }))
          })
        },
      )
      sent.on('error', reject)
      sent.end(body === undefined || body === null ? undefined : String(body as string | URLSearchParams))
    })
}
