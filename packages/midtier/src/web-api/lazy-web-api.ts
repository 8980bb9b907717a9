// A web API whose options are read when it is first used: it can stand at module level where secrets are not there yet, as in a build.
import type { Acting } from './acting.ts'
import { type Agent, type AgentUser, checkAgentId } from './agent.ts'
import type { Caller } from './caller.ts'
import type { AgentUserAccount } from '../grants/user-fic.ts'
import type { WebApi } from './web-api.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { hasMark, lazyMark, webApiMark } from '../kernel/errors/marks.ts'
import { isPromise } from '../kernel/errors/other-realms.ts'
import type { AnyWebApiOptions } from '../options.ts'
import { resolveRequirements } from '../protect/requirements/requirements.ts'

/** What gives the wired API behind a lazy one, by a mark, for another copy of the package. */
interface Lazy {
  readonly [lazyMark]: () => WebApi
}

/** The API itself, wired now if it was not yet. @throws ConfigurationError */
export function wireNow(api: WebApi): WebApi {
  return hasMark(api, lazyMark) ? (api as WebApi & Lazy)[lazyMark]() : api
}

/**
 * Gives every call on to the API that `wire` makes of the options, which are read at the first call and never again; when that fails,
 * the next call tries once more.
 */
export function createLazyWebApi(
  read: () => AnyWebApiOptions,
  wire: (options: AnyWebApiOptions) => WebApi,
): WebApi {
  let ready: WebApi | undefined
  const use = (): WebApi => (ready ??= wire(checkRead(read())))
  const api: WebApi & Lazy = {
    [lazyMark]: use,
    authenticate: async (...request) => use().authenticate(...request),
    // What needs no options is checked where the route is defined, and all of it with the first request.
    checkRequirements(requirements) {
      if (ready === undefined) resolveRequirements(requirements)
      else ready.checkRequirements(requirements)
    },
    acquireTokenForClient: async (options) => use().acquireTokenForClient(options),
    application: (...options) => lazyActing(() => use().application(...options)),
    agent: (...agent) => lazyAgent(() => use().agent(...agent), agent[0]),
    longRunning: {
      start: async (...session) => use().longRunning.start(...session),
      acquire: async (...session) => use().longRunning.acquire(...session),
      stop: async (sessionKey) => use().longRunning.stop(sessionKey),
    },
    revocations: {
      revokeUser: async (...user) => use().revocations.revokeUser(...user),
      revokeTenant: async (...tenant) => use().revocations.revokeTenant(...tenant),
      revokeSession: async (...session) => use().revocations.revokeSession(...session),
    },
    forget: async (account) => use().forget(account),
    warmUp: async () => use().warmUp(),
    health: () => use().health(),
    resourceMetadata: () => use().resourceMetadata(),
    close: async () => ready?.close(),
  }
  // What stands beside it may not be the first to use it.
  return Object.defineProperty(api, webApiMark, {
    get: () => (ready === undefined ? undefined : (Reflect.get(ready, webApiMark) as unknown)),
  })
}

function lazyActing(find: () => Acting): Acting {
  return {
    acquireToken: async (options) => find().acquireToken(options),
    downstream: (name) => find().downstream(name),
    fetch: (name) => find().fetch(name),
  }
}

/** Which agent it is is checked where it is named, and everything else when it first acts. */
function lazyAgent(use: () => Agent, agentId: string): Agent {
  return Object.freeze({
    id: checkAgentId(agentId),
    ...lazyActing(use),
    forget: async () => use().forget(),
    onBehalfOf: (caller: Caller) => use().onBehalfOf(caller),
    asUser: (user: AgentUserAccount) => {
      const find = (): AgentUser => use().asUser(user)
      return Object.freeze({ ...lazyActing(find), forget: async () => find().forget() })
    },
  })
}

function checkRead(options: unknown): AnyWebApiOptions {
  if (isPromise(options)) {
    Promise.resolve(options).catch(() => undefined) // nobody else waits for it
    throw new ConfigurationError(
      'options',
      'is a promise: the function has to give the options themselves, so wait for secrets before, or fetch them inside a credential',
    )
  }
  return options as AnyWebApiOptions
}
