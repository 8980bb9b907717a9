// The guard: only who brings a valid access token that meets what the decorators say gets through to a handler.
import {
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
  UseFilters,
  UseGuards,
} from '@nestjs/common'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import type { Caller } from '../../web-api/caller.ts'
import type { Requirements } from '../../web-api/requirements.ts'
import type { WebApi } from '../../web-api/web-api.ts'
import { uncalled } from '../shared/check-use.ts'
import { watchForAnswer } from '../shared/node-exchange.ts'
import { setCaller } from './caller.ts'
import {
  leave,
  nestRequest,
  type NestRequest,
  type NestResponse,
  rawResponseOf,
  requestOf,
  responseOf,
} from './exchange.ts'
import { MidtierExceptionFilter } from './filter.ts'
import { addRequirements, makePublic, requirementsOf } from './requirements.ts'
import { foundApi, injectApi } from './token.ts'

const admission: unique symbol = Symbol('midtier.admission')

/** A request that may have been let through to a handler, by the web API of a guard: a plain member, which costs less than a table by the side. */
interface Admitted extends NestRequest {
  [admission]?: { readonly handler: unknown; readonly api: WebApi }
}

/** The guard behind `@Protect`; for a whole application, with `@Public()` for the rest: `{ provide: APP_GUARD, useClass: MidtierGuard }`. */
export class MidtierGuard implements CanActivate, OnModuleInit {
  readonly #given: WebApi | undefined

  constructor(api: WebApi) {
    this.#given = api
  }

  get #api(): WebApi {
    return foundApi(this.#given)
  }

  /** @throws ConfigurationError where the module is missing: the application does not start. */
  onModuleInit(): void {
    foundApi(this.#given)
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request: Admitted | undefined = requestOf(context)
    if (request === undefined)
      throw new ConfigurationError('Protect', `guards HTTP handlers, and no ${context.getType()} handlers`)
    const handler = context.getHandler()
    const requirements = requirementsOf(handler, context.getClass())
    if (requirements === undefined || this.#isAdmitted(request, handler)) return true
    const response = responseOf(context)
    const isTaken = watchForAnswer(rawResponseOf(response))
    try {
      setCaller(request, undefined)
      let caller: Caller | undefined // each of the requirements is met; the last one's caller is as good as any
      for (const each of requirements) caller = await this.#api.authenticate(nestRequest(request), each)
      if (isTaken()) return await endHere(response)
      setCaller(request, caller)
    } catch (error) {
      if (isTaken()) return await endHere(response)
      throw error
    }
    request[admission] = { handler, api: this.#api }
    return true
  }

  /** A guard of the application, of the controller and of the handler ask once; one of another API asks by itself. */
  #isAdmitted(request: Admitted, handler: unknown): boolean {
    const admitted = request[admission]
    return admitted !== undefined && admitted.handler === handler && admitted.api === this.#api
  }
}

// By a call, where a program has a decorator: nothing of this needs the compiler's help.
injectApi(MidtierGuard)

/** No handler runs for nobody, and nothing is said: a refusal of Nest's would be an error of the application. */
function endHere(response: NestResponse): Promise<never> {
  leave(response)
  return new Promise(() => undefined)
}

/**
 * Lets a request through to a handler, or to all handlers of a controller, only with a valid access token that meets the requirements;
 * `@CurrentCaller()` gives it the caller. What a handler says has to be met beside what its controller says.
 *
 * A refusal is answered here, and so is an error of this library that leaves the handler: status, `WWW-Authenticate` challenge and a
 * problem+json body (RFC 9457). Needs `MidtierModule.forRoot(api)`, which finds requirements that nobody can meet at start-up.
 * @example
 * ```ts
 * @Controller('todos')
 * export class TodosController {
 *   @Get()
 *   @Protect({ scopes: ['access_as_user'] })
 *   list(@CurrentCaller() caller: Caller) {
 *     return caller.downstream('todolist').getJson('todos')
 *   }
 * }
 * ```
 */
export function Protect(
  requirements: Requirements = {},
  ...more: readonly never[]
): ClassDecorator & MethodDecorator {
  if (typeof requirements !== 'object' || more.length > 0) throw uncalled('@Protect({ scopes: […] })')
  return decorate(
    (target) => {
      addRequirements(target, requirements)
    },
    [UseGuards(MidtierGuard), UseFilters(new MidtierExceptionFilter())],
  )
}

/**
 * Opens a handler, or a controller, to everybody, where the controller or the whole application is protected.
 * @example
 * ```ts
 * @Controller('health')
 * @Public()
 * export class HealthController {
 *   @Get()
 *   health() {
 *     return 'up'
 *   }
 * }
 * ```
 */
export function Public(...nothing: readonly never[]): ClassDecorator & MethodDecorator {
  if (nothing.length > 0) throw uncalled('@Public()')
  return decorate(makePublic, [])
}

type Decorator = ClassDecorator & MethodDecorator

/** On a class, or on a method: that is where Nest looks for metadata as well. */
function decorate(mark: (target: object) => void, others: readonly Decorator[]): Decorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const handler: unknown = descriptor?.value
    mark(typeof handler === 'function' ? handler : target)
    for (const other of others as readonly ((...on: unknown[]) => unknown)[]) other(target, key, descriptor)
  }
}
