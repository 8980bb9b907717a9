// A request without a token, or with something else in its place: what its sender reads, and what the owner hears.
import { expect, it } from 'vitest'
import { createWebApi, isMidtierError, render, type ObservedEvent } from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'

const preflight =
  'A CORS preflight carries no token: the API has to answer it in front of what asks for one, such as app.use(cors()) before app.use(protect(api))'
const missing = 'Send an access token for this API'

it.each<[string, string, Record<string, string>, number, string, string]>([
  ['no token', 'GET', {}, 401, 'token_missing', missing],
  ['a preflight', 'OPTIONS', { 'access-control-request-method': 'GET' }, 401, 'preflight', preflight],
  [
    'no preflight, by its method',
    'GET',
    { 'access-control-request-method': 'GET' },
    401,
    'token_missing',
    missing,
  ],
  ['no preflight, for it asks for nothing', 'OPTIONS', {}, 401, 'token_missing', missing],
])('%s', async (_what, method, headers, status, reason, description) => {
  const events: ObservedEvent[] = []
  const api = createWebApi({ tenantId, clientId, observer: (event) => void events.push(event) })
  const refusal: unknown = await api
    .authenticate({ method, url: '/', header: (name) => headers[name] })
    .catch((error: unknown) => error)
  expect(isMidtierError(refusal) && refusal).toMatchObject({ code: 'bearer_refused', reason, description })
  expect(render(refusal)?.status).toBe(status)
  expect(events).toMatchObject([{ type: 'token_refused', status, error: undefined, reason }])
})
