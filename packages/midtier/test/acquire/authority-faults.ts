// The ways in which a token endpoint breaks, each as an answer of the stub authority.
import { html, json, refused, throttled, type Answer } from '../grants/stub-authority.ts'

const text = (status: number, body: string): Answer => {
  return () => new Response(body, { status, headers: { 'content-type': 'application/json' } })
}

const brokenOff: Answer = () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"access_token":"ey'))
        controller.error(new TypeError('terminated'))
      },
    }),
  )

/** Faults that say nothing about when to come back. */
export const silentFaults: readonly (readonly [string, Answer])[] = [
  ['a refused connection', () => Promise.reject(new TypeError('fetch failed'))],
  ['a time-out', () => Promise.reject(new DOMException('The operation timed out', 'TimeoutError'))],
  ['an answer that breaks off', brokenOff],
  ['408', html(408)],
  ['500', json500],
  ['502 with the page of a proxy', html(502)],
  ['503', html(503)],
  ['504', html(504)],
  ['200 with a page', html(200)],
  ['200 without a body', text(200, '')],
  ['truncated JSON', text(200, '{"access_token":"ey')],
  ['JSON that is no object', text(200, '[]')],
  ['an answer without a token', text(200, '{"token_type":"Bearer","expires_in":3600}')],
  ['an answer without end', text(200, `{"padding":"${'x'.repeat(300_000)}"}`)],
  ['a redirect', () => new Response(undefined, { status: 302, headers: { location: 'https://elsewhere' } })],
  ['400 temporarily_unavailable', refused(400, 'temporarily_unavailable', 90033, 'A transient error.')],
]

/** Every fault; the last ones ask to be left alone. */
export const faults: readonly (readonly [string, Answer])[] = [
  ...silentFaults,
  ['429', throttled()],
  ['429 with Retry-After', throttled('2')],
  ['503 with Retry-After', html(503, { 'retry-after': '2' })],
]

function json500(): Response {
  return json(500, { error: 'server_error', error_description: 'AADSTS90033' })
}
