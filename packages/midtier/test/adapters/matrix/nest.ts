// The descriptions of NestJS 11, on Express and on Fastify. Decorators are called, since nothing here compiles their syntax.
import {
  type ArgumentsHost,
  Catch,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  HttpException,
  type INestApplication,
  type ModuleMetadata,
  Options,
  Post,
  Req,
  Res,
  type Type,
} from '@nestjs/common'
import { APP_FILTER, NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import {
  MidtierModule,
  type NestResponse,
  Protect,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../../src/adapters/nest.ts'
import { callerOf } from '../../../src/adapters/nest/caller.ts'
import type { WebApi } from '../../../src/index.ts'
import { someCaller, standIn } from '../express-server.ts'
import type { Adapter, Application, Exchange, Mistake, Route, Running } from './adapter.ts'
import { inFrontOf, readAll, urlOf } from './listening.ts'

/** What the platforms have in common, and what they do not. */
interface Platform {
  readonly name: string
  readonly createAdapter: () => ExpressAdapter | FastifyAdapter
}

const platforms: readonly Platform[] = [
  { name: 'Express', createAdapter: () => new ExpressAdapter() },
  {
    name: 'Fastify',
    createAdapter: () => {
      const adapter = new FastifyAdapter()
      const instance = adapter.getInstance()
      instance.removeAllContentTypeParsers() // Fastify reads a body before a guard is asked
      instance.addContentTypeParser('*', (_request, payload, done) => {
        done(null, payload)
      })
      return adapter
    },
  },
]

type Reply = NestResponse & {
  readonly type: (type: string) => unknown
  readonly status: (status: number) => Reply
  readonly send: (body: string) => unknown
  readonly hijack?: () => unknown
}

const rawOf = (reply: Reply): ServerResponse => ('raw' in reply ? reply.raw : reply)

function exchange(context: ExecutionContext, request: { readonly body?: unknown }, reply: Reply): Exchange {
  return {
    get caller() {
      return callerOf(context)
    },
    body: () => readAll(('raw' in reply ? request.body : request) as AsyncIterable<unknown>),
    answerJson: (value) => {
      reply.type('application/json')
      reply.send(JSON.stringify(value))
    },
    sendResponse: (response) => sendResponse(reply, response),
    answerSlowly: async (beginning, end) => {
      const raw = rawOf(reply)
      raw.write(beginning)
      await end
      raw.end()
      reply.hijack?.()
    },
  }
}

/** What `@CurrentCaller()` is made of is handed the same. */
const Context = createParamDecorator((_: unknown, context: ExecutionContext) => context)

const methods = { GET: Get, POST: Post, OPTIONS: Options }

function controllerOf({ path, method = 'GET', protect, handle }: Route): Type {
  class RouteController {
    run(context: ExecutionContext, request: object, reply: Reply): unknown {
      return handle(exchange(context, request, reply))
    }
  }
  const { prototype } = RouteController
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'run') ?? {}
  for (const [index, parameter] of [Context(), Req(), Res()].entries()) parameter(prototype, 'run', index)
  methods[method](path)(prototype, 'run', descriptor)
  if (protect !== undefined) Protect(protect[1])(prototype, 'run', descriptor)
  Controller()(RouteController)
  return RouteController
}

/** A filter of the application for everything. */
function collecting(others: unknown[]) {
  class CatchAll {
    catch(error: unknown, host: ArgumentsHost): void {
      const reply = host.switchToHttp().getResponse<Reply>()
      if (error instanceof HttpException) {
        reply.status(error.getStatus()).send(error.message)
        return
      }
      others.push(error)
      if (rawOf(reply).headersSent) rawOf(reply).destroy()
      else reply.status(500).send('of the application')
    }
  }
  Catch()(CatchAll)
  return new CatchAll()
}

class AppModule {
  readonly name = 'application'
}

const silent = { logger: false, abortOnError: false, bodyParser: false } as const

async function create(
  { createAdapter }: Platform,
  module: ModuleMetadata,
  setUp: (app: INestApplication) => void = () => undefined,
): Promise<Running> {
  const others: unknown[] = []
  const { providers = [] } = module
  const filter = { provide: APP_FILTER, useValue: collecting(others) }
  const root = { ...module, module: AppModule, providers: [...providers, filter] }
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest's options extend a class that nobody makes
  const app = await NestFactory.create(root, createAdapter(), silent)
  setUp(app)
  await app.listen(0, '127.0.0.1')
  const server = app.getHttpServer() as Server
  return {
    url: urlOf(server),
    others,
    close: () => {
      server.closeAllConnections()
      void app.close()
    },
  }
}

function apiOf({ routes, metadataOf, healthOf }: Application): WebApi {
  const protectedBy = routes.find(({ protect }) => protect !== undefined)?.protect?.[0]
  return protectedBy ?? metadataOf ?? healthOf?.[0] ?? standIn(() => Promise.resolve(someCaller))
}

function mistake(platform: Platform, says: string, imports: (api: WebApi) => object, on?: unknown): Mistake {
  return {
    says,
    start: (api) => {
      const controller = controllerOf({
        path: '/',
        protect: [api],
        handle: ({ answerJson }) => answerJson(1),
      })
      const prototype = controller.prototype as object
      const descriptor = Object.getOwnPropertyDescriptor(prototype, 'run') ?? {}
      if (on !== undefined) (on as MethodDecorator)(prototype, 'run', descriptor)
      return create(platform, { imports: [imports(api) as Type], controllers: [controller] })
    },
  }
}

const noApi = 'MidtierModule: has no API: write imports: [MidtierModule.forRoot(api)]'

function describe(platform: Platform): Adapter {
  const called = (api: WebApi) => MidtierModule.forRoot(api)
  return {
    name: `NestJS 11 on ${platform.name}`,
    answersInFront: true,
    failsLate: 'handler',
    forgotten: 'answered by protect',
    start: (application) => {
      const { routes, metadataOf, healthOf, inFront, withoutRenderErrors } = application
      const controllers = routes.map(controllerOf)
      const imports = [MidtierModule.forRoot(apiOf(application))]
      return create(platform, { imports, controllers }, (app) => {
        app.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
          inFront?.(inFrontOf(response))
          next()
        })
        if (metadataOf !== undefined) app.use(serveResourceMetadata(metadataOf))
        if (healthOf !== undefined) app.use(serveHealth(...healthOf))
        if (withoutRenderErrors) app.useGlobalFilters(collecting([])) // in front of what the module brings
      })
    },
    mistakes: {
      'an uncalled Protect': mistake(platform, 'write @Protect({', called, Protect),
      'a module without its API': mistake(platform, noApi, () => MidtierModule),
      'a guard without the module': mistake(platform, noApi, () => AppModule),
      'a module of what is no API': mistake(platform, 'write MidtierModule.forRoot(api)', () =>
        MidtierModule.forRoot({} as never),
      ),
      'an uncalled serveHealth': {
        says: 'write serveHealth(api)',
        start: (api) => create(platform, { imports: [called(api)] }, (app) => app.use(serveHealth)),
      },
      'an uncalled serveResourceMetadata': {
        says: 'write serveResourceMetadata(api)',
        start: (api) => create(platform, { imports: [called(api)] }, (app) => app.use(serveResourceMetadata)),
      },
    },
  }
}

export const nestAdapters: readonly Adapter[] = platforms.map(describe)
