// What Express answers by itself when a handler throws an error of this library and nobody put `renderErrors()` behind it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  type MidtierError,
} from '../../src/index.ts'
import { renderErrors } from '../../src/adapters/express.ts'
import { flavours } from './express-flavours.ts'
import { endNoProcess, serve } from './express-server.ts'

endNoProcess()

const said = vi.fn()
beforeEach(() => {
  said.mockReset()
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(said)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const facts = { error: 'interaction_required', errorNumbers: [], status: 400, scopes: ['User.Read'] }
const refusal = {
  status: 401,
  error: 'invalid_token',
  reason: 'signature',
  description: 'not genuine',
} as const

/** What is thrown, and the status with which `renderErrors()` answers it. */
const thrown: readonly (readonly [MidtierError, number])[] = [
  [new BearerError(refusal), 401],
  [new InteractionRequiredError('sign in', 'sign_in_required', facts), 401],
  [new ConfigurationError('option', 'is wrong'), 500],
  [new DownstreamError('todolist', 'answered 404', 404), 404],
  [new DownstreamError('todolist', 'did not answer', undefined), 502],
  [new AuthorityUnavailableError('down', 7), 503],
]

describe.each(flavours)('without renderErrors(), $name', ({ express, wrap }) => {
  it.each(thrown)(
    'is answered by a page without a challenge, with 500 or the status of a BearerError, and is not logged: %s',
    async (error, status) => {
      const app = express()
      app.get(
        '/',
        wrap(() => Promise.reject(error)),
      )
      const bare = await fetch(await serve(app))
      expect(bare.status).toBe(error instanceof BearerError ? 401 : 500)
      expect(bare.headers.get('content-type')).toMatch(/^text\/html/)
      for (const name of ['www-authenticate', 'retry-after']) expect(bare.headers.get(name)).toBeNull()
      expect(await bare.text()).toMatch(new RegExp(`${error.message}<br> &nbsp; &nbsp;at `)) // the stack
      expect(said).not.toHaveBeenCalled()
      app.use(renderErrors())
      const rendered = await fetch(await serve(app))
      expect(rendered.status).toBe(status)
      expect(rendered.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(said).toHaveBeenCalledTimes(status < 500 ? 0 : 1)
    },
  )
})
