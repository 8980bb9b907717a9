// What a web-standard handler may answer by: a forgotten `return`, or data in the place of a `Response`, is said by the compiler. Compiled, and not run.
import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions'
import { expect, it } from 'vitest'
import { protect, renderErrors, serveResourceMetadata } from '../../src/adapters/fetch.ts'
import type { WebApi } from '../../src/index.ts'

const load = (): Promise<unknown> => Promise.resolve({})
const note = (): void => undefined

function compile(api: WebApi): readonly unknown[] {
  const functions: readonly HttpHandler[] = [
    protect(api, {}, async (_request: HttpRequest) => ({ jsonBody: await load() })),
    protect(api, {}, (_request: HttpRequest): HttpResponseInit => ({})),
    protect(api, {}, (_request: HttpRequest) => ({ status: 204 })),
  ]
  const standard: readonly ((request: Request) => Promise<Response>)[] = [
    protect(api, {}, async () => Response.json(await load())),
    protect(api, {}, () => new Response()),
    renderErrors((request) => fetch(request)),
    serveResourceMetadata(api, () => new Response()),
    serveResourceMetadata(api),
  ]
  return [
    ...functions,
    ...standard,
    // @ts-expect-error -- the return was forgotten
    protect(api, {}, async () => {
      await load()
    }),
    // @ts-expect-error -- in one of two cases
    protect(api, {}, (request) => (request.method === 'GET' ? new Response() : undefined)),
    // @ts-expect-error -- data of which nothing is known
    protect(api, {}, load),
    // @ts-expect-error -- data is no answer
    protect(api, {}, async () => ({ todos: await load() })),
    // @ts-expect-error -- data is no answer
    protect(api, {}, () => 'text'),
    // @ts-expect-error -- without protect
    renderErrors(note),
    // @ts-expect-error -- behind the metadata
    serveResourceMetadata(api, note),
  ]
}

it('compiles', () => {
  expect(compile).toBeTypeOf('function')
})
