// The caller of a request as a parameter of a handler.
import { type CallHandler, createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { enterContext } from '../../web-api/enter-context.ts'
import type { RegisteredCaller } from '../../web-api/register.ts'
import { callerSlot, type WithSlot } from '../shared/caller-slot.ts'
import { refuseArguments } from '../shared/check-use.ts'
import { missingProtect } from '../shared/missing-caller.ts'
import { type NestRequest, requestOf } from './exchange.ts'

const place = { name: '@CurrentCaller()', remedy: '@Protect(requirements) on the handler or its controller' }

/**
 * The validated caller, as a parameter of a handler behind `@Protect`; on another one, the request fails by an error that says so.
 * @example
 * ```ts
 * @Controller('todos')
 * @Protect({ scopes: ['access_as_user'] })
 * export class TodosController {
 *   @Get()
 *   list(@CurrentCaller() caller: Caller) {
 *     return caller.downstream('todolist').getJson('todos')
 *   }
 * }
 * ```
 */
export function CurrentCaller(...nothing: readonly never[]): ParameterDecorator {
  refuseArguments(nothing, '@CurrentCaller()')
  return callerParameter()
}

const callerParameter = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context))

/** @throws ConfigurationError on a handler that nothing protects. */
export function callerOf(context: ExecutionContext): RegisteredCaller {
  const request = context.switchToHttp().getRequest<NestRequest>()
  const caller = findCaller(request)
  if (caller !== undefined) return caller
  const handler = `${context.getClass().name}.${context.getHandler().name}`
  throw missingProtect(place, request.method ?? '', handler)
}

/**
 * The validated caller of a request, or `undefined`: for what sees requests of all handlers, such as an interceptor that logs.
 * @example
 * ```ts
 * export class LoggingInterceptor implements NestInterceptor {
 *   intercept(context: ExecutionContext, next: CallHandler) {
 *     console.log(findCaller(context.switchToHttp().getRequest())?.principal.clientId ?? 'nobody')
 *     return next.handle()
 *   }
 * }
 * ```
 */
export function findCaller(request: NestRequest): RegisteredCaller | undefined {
  return (request as WithSlot)[callerSlot]
}

/** What the guard found; `undefined` as long as it waits. */
export function setCaller(request: NestRequest, caller: RegisteredCaller | undefined): void {
  ;(request as WithSlot)[callerSlot] = caller
}

/** What an interceptor does: the handler runs where its caller is the current one. Nest keeps the context that `handle` is called in. */
export function goOnInContext(
  context: ExecutionContext,
  next: CallHandler,
): ReturnType<CallHandler['handle']> {
  const request = requestOf(context)
  const caller = request && findCaller(request)
  return caller === undefined ? next.handle() : enterContext(caller, () => next.handle())
}
