// What Nest alone has: requirements by decorator, in several places at once, and an API that its container knows.
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type DynamicModule,
  type ExceptionFilter,
  Get,
  type INestApplication,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import type { Response as ExpressResponse } from 'express'
import type { Server } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  CurrentCaller,
  InjectWebApi,
  MidtierExceptionFilter,
  MidtierGuard,
  MidtierModule,
  Protect,
  Public,
  webApiToken,
} from '../../src/adapters/nest.ts'
import type { Caller } from '../../src/web-api/caller.ts'
import { BearerError, ConfigurationError, createWebApi, type WebApi } from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'
import { someCaller, standIn } from './express-server.ts'
import { urlOf } from './matrix/listening.ts'

const apps: INestApplication[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) {
    ;(app.getHttpServer() as Server).closeAllConnections()
    await app.close()
  }
})

/** An API that lets in who has the scope, named in the field `authorization`; it can be asked what it was asked. */
function scoped() {
  const authenticate = vi.fn<WebApi['authenticate']>(async (request, requirements) => {
    const held = String(request.header('authorization')).split(' ')
    const needed = requirements?.scopes as readonly string[] | undefined
    if (needed?.some((scope) => !held.includes(scope))) throw refusal(403)
    return Promise.resolve(someCaller)
  })
  return { api: standIn(authenticate), authenticate }
}

const refusal = (status: 401 | 403): BearerError =>
  new BearerError({ status, error: 'invalid_token', reason: 'expired', description: 'Expired' })

/** The syntax of decorators, by hand. */
function handler(controller: Type, name: string, ...decorators: MethodDecorator[]): void {
  const prototype = controller.prototype as object
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name) ?? {}
  for (const decorator of decorators.reverse()) decorator(prototype, name, descriptor)
}

/** A module, or whatever else is nothing but a class. */
class Named {
  readonly name = 'something'
}

class Other extends Named {}

const silent = { logger: false, abortOnError: false } as const

async function start(midtier: DynamicModule, module: ModuleMetadata): Promise<string> {
  const app = await create(midtier, module)
  await app.listen(0, '127.0.0.1')
  return urlOf(app.getHttpServer() as Server)
}

async function create(midtier: DynamicModule, module: ModuleMetadata): Promise<INestApplication> {
  const root = { module: Named, imports: [midtier], ...module }
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest's options extend a class that nobody makes
  const app = await NestFactory.create(root, silent)
  apps.push(app)
  return app
}

/** A controller that demands one scope, with a handler that demands another, one that is for everybody, and one that says nothing. */
function createController(): Type {
  class Things {
    both(): string {
      return 'both'
    }
    open(): string {
      return 'open'
    }
    plain(): string {
      return 'plain'
    }
  }
  handler(Things, 'both', Get('both'), Protect({ scopes: ['write'] }))
  handler(Things, 'open', Get('open'), Public())
  handler(Things, 'plain', Get('plain'))
  Protect({ scopes: ['read'] })(Things)
  Controller()(Things)
  return Things
}

const statusOf = async (url: string, authorization = ''): Promise<number> =>
  (await fetch(url, { headers: { authorization } })).status

describe('requirements by decorator', () => {
  it('are met where the handler and its controller both say some: no handler opens what its controller closed', async () => {
    const { api, authenticate } = scoped()
    const url = await start(MidtierModule.forRoot(api), { controllers: [createController()] })
    expect(await statusOf(`${url}/both`, 'write')).toBe(403)
    expect(await statusOf(`${url}/both`, 'read')).toBe(403)
    expect(await statusOf(`${url}/plain`, 'read')).toBe(200)
    expect(await statusOf(`${url}/open`)).toBe(200)
    authenticate.mockClear()
    expect(await statusOf(`${url}/both`, 'read write')).toBe(200)
    expect(authenticate).toHaveBeenCalledTimes(2) // one for each, though there are two guards
  })

  it('are asked for once by all guards of one API, and by those of another as well', async () => {
    const { api, authenticate } = scoped()
    const other = scoped()
    const ofAll = { provide: APP_GUARD, useClass: MidtierGuard }
    const ofOther = { provide: APP_GUARD, useValue: new MidtierGuard(other.api) }
    const controllers = [createController()]
    const one = await start(MidtierModule.forRoot(api), { controllers, providers: [ofAll] })
    expect(await statusOf(`${one}/plain`, 'read')).toBe(200)
    expect(authenticate).toHaveBeenCalledTimes(1)
    const two = await start(MidtierModule.forRoot(api), { controllers, providers: [ofAll, ofOther] })
    expect(await statusOf(`${two}/plain`, 'read')).toBe(200)
    other.authenticate.mockRejectedValue(refusal(401))
    expect(await statusOf(`${two}/plain`, 'read')).toBe(401)
  })

  it('hold for what extends a controller, beside its own', async () => {
    class Special extends createController() {}
    Protect({ scopes: ['special'] })(Special)
    Controller()(Special)
    const url = await start(MidtierModule.forRoot(scoped().api), { controllers: [Special] })
    expect(await statusOf(`${url}/plain`, 'special')).toBe(403)
    expect(await statusOf(`${url}/plain`, 'read')).toBe(403)
    expect(await statusOf(`${url}/plain`, 'read special')).toBe(200)
  })

  it('protect a handler of a controller that is for everybody', async () => {
    class Things {
      closed(): string {
        return 'closed'
      }
      open(): string {
        return 'open'
      }
    }
    handler(Things, 'closed', Get('closed'), Protect({ scopes: ['read'] }))
    handler(Things, 'open', Get('open'))
    Public()(Things)
    Controller()(Things)
    const providers = [{ provide: APP_GUARD, useClass: MidtierGuard }]
    const url = await start(MidtierModule.forRoot(scoped().api), { controllers: [Things], providers })
    expect(await statusOf(`${url}/closed`)).toBe(403)
    expect(await statusOf(`${url}/open`)).toBe(200)
  })

  it('need not be said where the guard is that of the whole application: any valid token will do', async () => {
    class Things {
      all(): string {
        return 'all'
      }
    }
    handler(Things, 'all', Get())
    Controller()(Things)
    const { api, authenticate } = scoped()
    authenticate.mockRejectedValue(refusal(401))
    const providers = [{ provide: APP_GUARD, useClass: MidtierGuard }]
    const url = await start(MidtierModule.forRoot(api), { controllers: [Things], providers })
    const answer = await fetch(url)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer/),
    ])
  })

  it('end the start when nobody can meet them', async () => {
    class Things {
      all(): string {
        return 'all'
      }
    }
    handler(Things, 'all', Get(), Protect({ scopes: [] }))
    Controller()(Things)
    const api = createWebApi({ tenantId, clientId })
    const app = await create(MidtierModule.forRoot(api), { controllers: [Things] })
    await expect(app.init()).rejects.toThrow(ConfigurationError)
    await api.close()
  })

  it.each([
    ['@Protect', () => (Protect as never as ClassDecorator)(Named)],
    ['@Public', () => (Public as never as ClassDecorator)(Named)],
    ['@CurrentCaller', () => (CurrentCaller as never as ParameterDecorator)({}, 'run', 0)],
    ['@InjectWebApi', () => (InjectWebApi as never as ParameterDecorator)({}, 'run', 0)],
  ])('are not forgotten silently by %s without its brackets', (name, decorate) => {
    expect(decorate).toThrow(`write ${name}(`)
  })
})

describe('the API in the container', () => {
  class Service {
    readonly api: WebApi
    constructor(api: WebApi) {
      this.api = api
    }
  }
  InjectWebApi()(Service, undefined, 0)

  it('is made of what other modules provide, and is closed with the application', async () => {
    const close = vi.fn(() => Promise.resolve())
    const useFactory = (name: string): WebApi => ({ ...scoped().api, name, close }) as never
    const names = { module: Named, providers: [{ provide: 'name', useValue: 'todolist' }], exports: ['name'] }
    const midtier = MidtierModule.forRootAsync({ imports: [names], inject: ['name'], useFactory })
    const app = await create(midtier, { providers: [Service] })
    await app.init()
    expect(app.get(Service).api).toMatchObject({ name: 'todolist' })
    expect(app.get<WebApi>(webApiToken)).toBe(app.get(Service).api)
    await app.close()
    apps.length = 0
    expect(close).toHaveBeenCalledOnce()
  })

  it('is left open when it was handed over', async () => {
    const close = vi.fn(() => Promise.resolve())
    const api = { ...scoped().api, close } as never as WebApi
    const app = await create(MidtierModule.forRoot(api), { providers: [Service] })
    await app.init()
    expect(app.get(Service).api).toBe(api)
    await app.close()
    apps.length = 0
    expect(close).not.toHaveBeenCalled()
  })

  it('that could not be made is heard of by what its factory threw, also where a guard waits for it', async () => {
    const useFactory = async (): Promise<WebApi> => {
      await Promise.resolve()
      throw new RangeError('of the factory')
    }
    const ofAll = { provide: APP_GUARD, useClass: MidtierGuard }
    const midtier = MidtierModule.forRootAsync({ useFactory })
    for (const providers of [[], [ofAll]])
      await expect(create(midtier, { controllers: [createController()], providers })).rejects.toThrow(
        'of the factory',
      )
  })

  it('is asked for where a guard of the whole application has none', async () => {
    const providers = [{ provide: APP_GUARD, useClass: MidtierGuard }]
    const app = await create({ module: Other }, { providers })
    await expect(app.init()).rejects.toThrow('write imports: [MidtierModule.forRoot(api)]')
    const unasked = new MidtierGuard(undefined as unknown as WebApi)
    const host = {
      getType: () => 'http',
      getArgByIndex: () => ({}),
      getHandler: () => create,
      getClass: () => Named,
    }
    await expect(unasked.canActivate(host as never)).rejects.toThrow('MidtierModule.forRoot(api)')
  })

  it('has to be one', async () => {
    const midtier = MidtierModule.forRootAsync({ useFactory: () => ({}) as never })
    await expect(create(midtier, {})).rejects.toThrow('createWebApi')
  })
})

describe('errors', () => {
  class CatchAll implements ExceptionFilter {
    catch(_error: unknown, host: ArgumentsHost): void {
      host.switchToHttp().getResponse<ExpressResponse>().status(500).send('of the application')
    }
  }
  Catch()(CatchAll)

  class Things {
    open(): never {
      throw refusal(401)
    }
  }
  handler(Things, 'open', Get())
  Controller()(Things)

  it.each([
    [
      'before a filter for everything that is asked later',
      [new CatchAll(), new MidtierExceptionFilter()],
      401,
    ],
    ['not behind one: that is what the application wants', [new CatchAll()], 500],
    ['without any other', [], 401],
  ])('of a handler without protect are answered %s', async (_, filters, status) => {
    const app = await create(MidtierModule.forRoot(scoped().api), { controllers: [Things] })
    app.useGlobalFilters(...filters)
    await app.listen(0, '127.0.0.1')
    expect(await statusOf(urlOf(app.getHttpServer() as Server))).toBe(status)
  })

  it('are refused to answer where there is no HTTP, and so is the guard', async () => {
    const host = { getType: () => 'ws' }
    const error = refusal(401)
    expect(() => {
      new MidtierExceptionFilter().catch(error, host as never)
    }).toThrow(error)
    await expect(new MidtierGuard(scoped().api).canActivate(host as never)).rejects.toThrow('HTTP handlers')
  })
})

it('knows the caller by its parameter', async () => {
  class Things {
    who(caller: Caller): string {
      return caller.principal.kind
    }
  }
  CurrentCaller()(Things.prototype, 'who', 0)
  handler(Things, 'who', Get(), Protect())
  Controller()(Things)
  const url = await start(MidtierModule.forRoot(scoped().api), { controllers: [Things] })
  expect(await (await fetch(url)).text()).toBe('user')
})
