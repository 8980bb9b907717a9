// Acts as somebody who is no caller of a request, the application itself or an agent of its: tokens, and the downstream APIs by name.
import type { AcquireOptions, TokenRequests } from '../acquire/request/requests.ts'
import type { AccessToken, TokenRequest } from '../acquire/token-source.ts'
import { orLeave } from '../answer/exit-note.ts'
import type { Exit } from '../answer/outgoing-errors.ts'
import { AnsweredChallenges } from '../call/claims-challenge.ts'
import { createDownstreamApi, createDownstreamFetch, type DownstreamApi } from '../call/downstream-api.ts'
import type { DownstreamSettings } from '../call/downstream-settings.ts'
import type { CallPorts } from '../call/send-with-token.ts'
import type { CallContext, Operation } from '../kernel/observer.ts'
import { systemRandom } from '../kernel/crypto/random.ts'
import { systemSleep } from '../kernel/time/sleep.ts'
import type { Settings } from '../settings/settings.ts'
import type { Slot } from '../token-cache/store.ts'
import { type CallerHome, unknownApi } from './caller.ts'
import { give } from './caller-home.ts'
import { type Acquirer, demandAcquirer } from './create-acquirer.ts'
import { watch } from './watch.ts'

/** Acts as somebody who is no caller: tokens, and the downstream APIs by name. May be kept and shared. */
export interface Acting<Api extends string = string> {
  /**
   * A token, from the cache or the authority.
   *
   * @throws AcquisitionError, TokenRequestError (our registration, the agent or its permissions are at fault), AuthorityUnavailableError
   */
  acquireToken(options: AcquireOptions): Promise<AccessToken>
  /** The downstream API of that name, whatever `token` it is configured with. @throws AcquisitionError when none is configured. */
  downstream(name: Api): DownstreamApi
  /** A `fetch` bound to the downstream API of that name. */
  fetch(name: Api): DownstreamApi['fetch']
}

/** What is handed in. */
export interface ActingPorts {
  readonly acquirer: Acquirer | undefined
  readonly exit: Exit
  readonly home: CallerHome
}

/** Who acts, as far as tokens are asked for. */
export interface Actor {
  readonly request: (requests: TokenRequests, options: AcquireOptions, context: CallContext) => TokenRequest
  /** Where a token lies that was asked for before; `undefined` leaves it to the request. */
  readonly slot: (requests: TokenRequests, options: AcquireOptions) => Slot | undefined
  /** What a downstream API is called with, of the scopes that it is configured with. */
  readonly scopes: (configured: readonly string[]) => readonly string[]
}

/** Binds tokens and downstream APIs to somebody who acts without a request. */
export function createActing(settings: Settings, ports: ActingPorts, actor: Actor): Acting {
  const { home } = ports
  const acquire = async (options: AcquireOptions, context: CallContext): Promise<AccessToken> => {
    const { requests, source } = demandAcquirer(ports.acquirer)
    return give(source, actor.request(requests, options, context))
  }
  /** What this process has already, for a call that nobody observes: asked before anything is built. */
  const atHand = (options: AcquireOptions): AccessToken | undefined => {
    if (ports.acquirer === undefined || settings.observer !== undefined) return undefined
    const { requests, source } = ports.acquirer
    try {
      const slot = actor.slot(requests, options)
      return slot && source.atHand.inSlot(slot)
    } catch {
      return undefined // what throws when it is looked at throws again where it is told
    }
  }
  const bind = (name: string): [DownstreamSettings, CallPorts] => {
    const context = watch(settings)
    const leave = (error: unknown): unknown =>
      ports.exit.leave(error, { operation: 'call_downstream', context, api: name })
    const api = home.downstreamApis.get(name)
    if (api === undefined) throw leave(unknownApi(name, [...home.downstreamApis.keys()]))
    const { fetch, nowMs, passedMs, within } = home
    const bound: CallPorts = {
      ...{ context, fetch, nowMs, passedMs, within, sleep: systemSleep, random: systemRandom },
      tokenKind: 'app',
      acquire: (options) => acquire({ ...options, scopes: actor.scopes(options.scopes) }, context),
      challenges: new AnsweredChallenges(),
      leaving: (work) => orLeave(work, leave),
      letOut: (error) => error,
    }
    return [api, bound]
  }
  return {
    acquireToken(options) {
      const token = atHand(options)
      if (token !== undefined) return Promise.resolve(token)
      return leaving(ports.exit, settings, 'acquire_token', (context) => acquire(options, context))
    },
    downstream: (name) => createDownstreamApi(...bind(name)),
    fetch: (name) => createDownstreamFetch(...bind(name)),
  }
}

/** Does work that belongs to no request: what it throws has left. */
export function leaving<Result>(
  exit: Exit,
  settings: Settings,
  operation: Operation,
  work: (context: CallContext) => Promise<Result>,
): Promise<Result> {
  const context = watch(settings)
  return orLeave(
    () => work(context),
    (error) => exit.leave(error, { operation, context }),
  )
}
