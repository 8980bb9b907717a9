// A browser asks before it sends a token (CORS preflight): answered in front of protect, refused with the reason behind it, never let in.
import type { RequestHandler } from 'express'
import { describe, expect, it, vi } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import { createWebApi } from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'
import { flavours } from './express-flavours.ts'
import { endNoProcess, serve } from './express-server.ts'

endNoProcess()

const api = createWebApi({ tenantId, clientId })

/** What `cors({ origin, exposedHeaders: ['WWW-Authenticate'] })` does. */
const cors: RequestHandler = (req, res, next) => {
  res.set('access-control-allow-origin', 'https://app.contoso.com')
  res.set('access-control-expose-headers', 'WWW-Authenticate')
  if (req.method !== 'OPTIONS') next()
  else res.set('access-control-allow-headers', 'authorization').status(204).end()
}

const question = {
  method: 'OPTIONS',
  headers: {
    origin: 'https://app.contoso.com',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  },
}

describe.each(flavours)('a preflight in $name', ({ express }) => {
  async function application(...inFront: RequestHandler[]) {
    const app = express()
    const handled = vi.fn<RequestHandler>((_req, res) => void res.send('handled'))
    app.use(...inFront)
    app.all('/todos', handled)
    app.use(renderErrors())
    return { url: `${await serve(app)}/todos`, handled }
  }

  it('is answered when what answers it stands in front of protect', async () => {
    const { url, handled } = await application(cors, protect(api))
    const answer = await fetch(url, question)
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization')
    expect(handled).not.toHaveBeenCalled()
  })

  it('leaves a refusal readable for the page that sent the request', async () => {
    const { url } = await application(cors, protect(api))
    const answer = await fetch(url, { headers: { origin: 'https://app.contoso.com' } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.contoso.com')
    expect(answer.headers.get('access-control-expose-headers')).toBe('WWW-Authenticate')
  })

  it('is told the right order when protect stands in front, and reaches no handler', async () => {
    const { url, handled } = await application(protect(api), cors)
    const answer = await fetch(url, question)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({
      reason: 'preflight',
      detail: expect.stringContaining('app.use(cors()) before app.use(protect(api))') as string,
    })
    expect(handled).not.toHaveBeenCalled()
  })

  it('is measured by its token when it brings one', async () => {
    const { url, handled } = await application(protect(api))
    const headers = { ...question.headers, authorization: 'Bearer rubbish' }
    const answer = await fetch(url, { ...question, headers })
    expect(await answer.json()).toMatchObject({ error: 'invalid_token' })
    expect(handled).not.toHaveBeenCalled()
  })
})
