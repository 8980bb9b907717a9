// The descriptions of Express 4 and 5.
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express'
import {
  protect,
  renderErrors,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../../src/adapters/express.ts'
import { flavours } from '../express-flavours.ts'
import type { Adapter, Exchange, Mistake } from './adapter.ts'
import { inFrontOf, listen, readAll } from './listening.ts'

type Flavour = (typeof flavours)[number]

const pass = (): void => undefined
const open: RequestHandler = (_req, _res, next) => {
  next()
}

function exchange(req: Request, res: Response): Exchange {
  return {
    get caller() {
      return req.caller
    },
    body: () => readAll(req),
    answerJson: (value) => res.json(value),
    sendResponse: (response) => sendResponse(res, response),
    answerSlowly: async (beginning, end) => {
      res.write(beginning)
      await end
      res.end()
    },
  }
}

/** The application's own handler, behind ours. */
function collectOthers(app: Express): unknown[] {
  const others: unknown[] = []
  const collect: ErrorRequestHandler = (error: unknown, _req, res, next) => {
    others.push(error)
    if (res.headersSent) next(error)
    else res.status(500).send('of the application')
  }
  app.use(collect)
  return others
}

function uncalled({ express }: Flavour, call: string, maker: unknown): Mistake {
  return {
    says: `write ${call}`,
    start: () => {
      const app = express().set('env', 'test')
      app.get('/', maker as never)
      app.use(renderErrors())
      return listen(app, collectOthers(app))
    },
  }
}

function describe(flavour: Flavour): Adapter {
  const { express, wrap, name } = flavour
  return {
    name,
    answersInFront: true,
    failsLate: 'handler',
    forgotten: 'left to the framework',
    start: ({ routes, metadataOf, healthOf, inFront, withoutRenderErrors }) => {
      const app = express().set('env', 'test') // Express prints no stacks
      app.use((_req, res, next) => {
        inFront?.(inFrontOf(res))
        next()
      })
      if (metadataOf !== undefined) app.use(serveResourceMetadata(metadataOf))
      if (healthOf !== undefined) app.use(serveHealth(...healthOf))
      for (const { path, method = 'GET', protect: guard, handle } of routes)
        app[method.toLowerCase() as 'get'](
          path,
          guard === undefined ? open : protect(...guard),
          wrap(async (req, res) => handle(exchange(req, res))),
        )
      if (withoutRenderErrors === undefined) app.use(renderErrors())
      return listen(app, collectOthers(app))
    },
    mistakes: {
      'an uncalled protect': uncalled(flavour, 'protect(api)', protect),
      'an uncalled renderErrors': uncalled(flavour, 'renderErrors()', renderErrors),
      'an uncalled serveHealth': uncalled(flavour, 'serveHealth(api)', serveHealth),
      'an uncalled serveResourceMetadata': uncalled(
        flavour,
        'serveResourceMetadata(api)',
        serveResourceMetadata,
      ),
      'protect of what is no API': {
        says: 'write protect(api)',
        start: () => {
          express().get('/', protect({} as never), pass)
          throw new Error('not refused')
        },
      },
    },
  }
}

export const expressAdapters: readonly Adapter[] = flavours.map(describe)
