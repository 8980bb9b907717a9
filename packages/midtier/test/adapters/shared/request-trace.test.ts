// One request as `authenticate` sees it, whatever stands for it, and its trace from the first question to the answer.
import { describe, expect, it } from 'vitest'
import { nodeRequest, nodeTraceId } from '../../../src/adapters/shared/node-exchange.ts'
import { goOnAs, noteWithheld } from '../../../src/adapters/shared/request-trace.ts'
import { webRequest } from '../../../src/adapters/shared/web-exchange.ts'

const traceId = 'a'.repeat(32)
const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`

describe('what a request asks', () => {
  it.each([
    [{ method: 'PUT', url: '/todos' }, 'PUT', '/todos'],
    [{ method: 'PUT', url: '/todos', originalUrl: '/api/todos' }, 'PUT', '/api/todos'],
    [{ method: 'PUT', originalUrl: '/api/todos' }, 'PUT', '/api/todos'],
    [{}, '', ''],
  ])('is read from %j', (members, method, url) => {
    expect(nodeRequest({ headers: {}, ...members })).toMatchObject({ method, url })
  })

  it('is what a framework makes of it, where that is another object', () => {
    const raw = { headers: { accept: 'text/plain' }, method: 'GET', url: '/raw' }
    const asked = nodeRequest(raw, { method: 'POST', url: '/asked' })
    expect(asked).toMatchObject({ method: 'POST', url: '/asked' })
    expect(asked.header('accept')).toBe('text/plain')
  })
})

describe('the trace of a request', () => {
  it('is that of its header', () => {
    const request = { headers: { traceparent } }
    expect(nodeRequest(request).header('traceparent')).toBe(traceparent)
    expect(nodeTraceId(request)).toBe(traceId)
  })

  it.each([undefined, 'nonsense', [traceparent, traceparent], `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`])(
    'is begun for %j, once',
    (header) => {
      const request = { headers: header === undefined ? {} : { traceparent: header as string } }
      const begun = nodeTraceId(request)
      expect(begun).toMatch(/^[0-9a-f]{32}$/)
      expect(nodeRequest(request).header('traceparent')).toMatch(new RegExp(`^00-${begun ?? ''}-`))
      expect(nodeTraceId(request)).toBe(begun)
      expect(Object.keys(request)).toEqual(['headers'])
    },
  )

  it('is another one for each', () => {
    expect(nodeTraceId({ headers: {} })).not.toBe(nodeTraceId({ headers: {} }))
  })

  it('goes on in another object, with the token that was withheld', () => {
    const request = new Request('https://api.example/', { headers: { authorization: 'Bearer abc' } })
    const before = webRequest(request)
    const begun = before.header('traceparent')
    const other = new Request('https://api.example/')
    goOnAs(other, request, before)
    expect(webRequest(other).header('traceparent')).toBe(begun)
    expect(webRequest(other).header('authorization')).toBe('Bearer abc')
    expect(webRequest(other).header('accept') ?? 'absent').toBe('absent')
  })

  it('may go on in the same object, and begin in the other one where there is none yet', () => {
    const request = { headers: { authorization: 'Bearer abc' } }
    const other = { headers: {} }
    goOnAs(other, request, nodeRequest(request))
    goOnAs(request, request, nodeRequest(request))
    expect(nodeTraceId(other)).not.toBe(nodeTraceId(request))
  })
})

it('a token that was withheld is no other header, and gives way to one that is there', () => {
  const request = { headers: { authorization: 'Bearer new' } }
  noteWithheld(request, 'Bearer old')
  expect(nodeRequest(request).header('authorization')).toBe('Bearer new')
  expect(nodeRequest(request).header('x-authorization')).toBeUndefined()
})
