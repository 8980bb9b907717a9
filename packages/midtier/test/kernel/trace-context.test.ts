import { describe, expect, it } from 'vitest'
import { buildTraceparent, createTraceId, parseTraceId } from '../../src/kernel/trace-context.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'

describe('trace context', () => {
  it('continues a well-formed trace', () => {
    expect(parseTraceId(`00-${traceId}-b7ad6b7169203331-01`)).toBe(traceId)
  })

  it.each([
    [undefined],
    [''],
    [`00-${traceId}-b7ad6b7169203331`],
    [`01-${traceId}-b7ad6b7169203331-01`],
    [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [`00-${traceId.toUpperCase()}-b7ad6b7169203331-01`],
    [`00-${traceId}-b7ad6b7169203331-01\r\nx: y`],
    [`00-${'g'.repeat(32)}-b7ad6b7169203331-01`],
  ])('ignores %j', (header) => {
    expect(parseTraceId(header)).toBeUndefined()
  })

  it('makes a header that it would accept, with a span of its own each time', () => {
    const made = createTraceId()
    expect(parseTraceId(buildTraceparent(made))).toBe(made)
    expect(buildTraceparent(made)).not.toBe(buildTraceparent(made))
  })
})
