// What is read of a request, and of an API, before anything is decided.
import { describe, expect, it } from 'vitest'
import { createLazyWebApi } from '../../src/web-api/lazy-web-api.ts'
import { mayEnterContext } from '../../src/web-api/enter-context.ts'
import { singleHeader } from '../../src/web-api/incoming-request.ts'
import { createWebApi, type WebApi, type WebApiOptions } from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'

it.each([
  ['text', 'text'],
  ['', ''],
  [undefined, undefined],
  [null, undefined],
  [['a'], undefined],
  [['a', 'b'], undefined],
  [7, undefined],
])('a header that is %j is single as %j', (value, single) => {
  const request = { header: () => value as string, method: 'GET', url: '/' }
  expect(singleHeader(request, 'traceparent')).toBe(single)
})

describe('the callers of an API may have a context', () => {
  const create = (more: Partial<WebApiOptions> = {}): WebApi =>
    createWebApi({ tenantId, clientId, logger: false, ...more })
  const mark = Symbol.for('midtier.web-api')

  it.each<[string, WebApi, boolean]>([
    ['not where it has none', create(), false],
    ['where it has one', create({ runWithCaller: (_caller, work) => work() }), true],
    ['where its options are still to come', createLazyWebApi(() => ({}) as never, createWebApi), true],
    ['not where it is somebody else’s', {} as WebApi, false],
    ['not where another version does not say', { [mark]: {} } as unknown as WebApi, false],
    ['not where what it says is none', { [mark]: null } as unknown as WebApi, false],
  ])('%s', (_what, api, may) => {
    expect(mayEnterContext(api)).toBe(may)
  })
})
