// Azure Functions v4 by the contract of its handlers: what its host hands them, and what it makes of what they return.
import {
  app,
  HttpRequest,
  HttpResponse,
  type HttpHandler,
  type HttpResponseInit,
  InvocationContext,
} from '@azure/functions'
import { describe, expect, it } from 'vitest'
import { protect } from '../../src/adapters/fetch.ts'
import type { Caller } from '../../src/web-api/caller.ts'
import { BearerError } from '../../src/index.ts'
import { standIn } from './express-server.ts'

const api = standIn((request) => {
  const objectId = request.header('authorization')
  if (typeof objectId === 'string') return Promise.resolve({ principal: { objectId } } as unknown as Caller)
  return Promise.reject(
    new BearerError({ status: 401, reason: 'token_missing', description: 'Send a token' }),
  )
})

/** As an application writes it: the types are the platform's own. */
const whoami: HttpHandler = protect(
  api,
  { scopes: ['access_as_user'] },
  (request: HttpRequest, caller, context: InvocationContext): HttpResponseInit => ({
    jsonBody: [caller.principal.objectId, request.query.get('name'), context.functionName],
  }),
)

/** What the host does with a request and with what the handler returned. */
async function invoke(headers: Record<string, string>): Promise<HttpResponse> {
  const request = new HttpRequest({ method: 'GET', url: 'https://host/api/whoami?name=x', headers })
  const returned = await whoami(request, new InvocationContext({ functionName: 'whoami' }))
  return new HttpResponse(returned)
}

describe('an Azure Function', () => {
  it('is registered as any other', () => {
    expect(() => {
      app.http('whoami', { methods: ['GET'], authLevel: 'anonymous', handler: whoami })
    }).not.toThrow()
  })

  it('is given the caller between its request and its context', async () => {
    const answer = await invoke({ authorization: 'ada' })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual(['ada', 'x', 'whoami'])
  })

  it('answers a refusal with its challenge', async () => {
    const answer = await invoke({})
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 401, reason: 'token_missing' })
  })
})
