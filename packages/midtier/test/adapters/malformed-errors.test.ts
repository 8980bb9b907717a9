// Errors that bear the mark of this library and lack what its own have, as those of another version may: answered, and nobody's end.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answer } from '../../src/answer/answer.ts'
import { handle, protect, renderErrors } from '../../src/adapters/express.ts'
import { render } from '../../src/answer/render.ts'
import { errorMark } from '../../src/kernel/errors/marks.ts'
import { flavours } from './express-flavours.ts'
import { endNoProcess, serve, standIn } from './express-server.ts'

endNoProcess()

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const marked = (members: object): Error => Object.assign(new Error('x'), { [errorMark]: true, ...members })
const refused = { code: 'bearer_refused', status: 403, error: 'x', description: 'y' }

const unreadable = Object.defineProperty(marked({ code: 'downstream_failed' }), 'downstreamStatus', {
  get() {
    throw new Error('not to be read')
  },
})

const malformed = {
  'scopes that are a text': marked({ ...refused, scopes: 'a b' }),
  'a member that is no JSON': marked({ ...refused, reason: 5n }),
  'claims that are no text': marked({
    code: 'interaction_required',
    reason: 'claims_required',
    facts: { claims: 5 },
  }),
  'no scopes to consent to': marked({ code: 'interaction_required', reason: 'consent_required', facts: {} }),
  'no facts': marked({ code: 'token_request_refused' }),
  'a member that cannot be read': unreadable,
}

describe.each(Object.entries(malformed))('an error with %s', (_what, failure) => {
  it('is ours to fix', () => {
    expect(render(failure)).toMatchObject({ status: 500 })
    expect(answer(failure)).toMatchObject({ status: 500 })
  })

  it.each(flavours)('is answered in $name', async ({ express, wrap }) => {
    const fail = (): Promise<never> => Promise.reject(failure)
    const app = express()
    app.get('/protect', protect(standIn(fail)))
    app.get('/handle', handle(fail))
    app.get('/rendered', wrap(fail))
    app.use(renderErrors())
    const origin = await serve(app)
    for (const path of ['/protect', '/handle', '/rendered'])
      expect(await fetch(origin + path)).toMatchObject({ status: 500 })
  })
})

it('whatever is thrown, protect hands it on: even what cannot be asked what it is', async () => {
  const nothingToAsk = new Proxy(new Error('x'), {
    has() {
      throw new Error('not to be asked')
    },
  })
  const next = vi.fn()
  const response = { destroy: vi.fn(), headersSent: false }
  const admit = protect(standIn(() => Promise.reject(nothingToAsk)))
  admit({ headers: {} } as never, response as never, next)
  await vi.waitFor(() => {
    expect(next).toHaveBeenCalledOnce()
  })
})
