// What the acquiring endpoints have in common: who calls, what the request asks for, and who acts.
import type { Caller } from 'midtier'
import { type Actor, chooseActor } from '../calls/actor.ts'
import { type Parameters, readParameters } from '../calls/parameters.ts'
import { mergePlan, type Plan } from '../calls/plan.ts'
import type { SwitchedRoute } from '../config/behaviour.ts'
import type { ApiDefinition } from '../config/downstream-apis.ts'
import { asRefusedName } from '../calls/refused-names.ts'
import type { Answer } from '../http/answer.ts'
import { authenticate, type Endpoint, type Exchange, type Sidecar } from '../http/exchange.ts'
import { Refusal } from '../kernel/refusals.ts'

/** What a route is: whether it takes a caller, and the switch of its overrides. */
export interface RouteFacts {
  readonly authenticated: boolean
  readonly overrides: SwitchedRoute
}

/** A request that may go on. */
export interface Prepared {
  readonly plan: Plan
  readonly actor: Actor
}

const correlationId = 'optionsOverride.AcquireTokenOptions.CorrelationId'

/** An endpoint that acquires. What the authority says of a name in the request comes out as a refusal of the request. */
export function prepared(
  route: RouteFacts,
  work: (sidecar: Sidecar, exchange: Exchange, ready: Prepared) => Promise<Answer>,
): Endpoint {
  return async (sidecar, exchange) => {
    const ready = await prepare(sidecar, exchange, route)
    try {
      return await work(sidecar, exchange, ready)
    } catch (error) {
      const refused = asRefusedName(error, ready.plan)
      if (refused !== error && error instanceof Error)
        sidecar.warnRarely(
          'names',
          { reason: error.message.slice(0, 300) },
          'A name in a request was refused',
        )
      throw refused
    }
  }
}

/** @throws Refusal, BearerError; the caller first, for a stranger is not told which APIs there are. */
async function prepare(sidecar: Sidecar, exchange: Exchange, route: RouteFacts): Promise<Prepared> {
  const isHonoured = sidecar.settings.behaviour.allowOverrides[route.overrides]
  // Read before the caller is known, for a correlation id goes with all that follows; what is wrong with it is told afterwards.
  const read = isHonoured ? attempt(() => readParameters(exchange.query)) : undefined
  const caller = route.authenticated
    ? await authenticate(sidecar, exchange, read?.value?.single(correlationId))
    : undefined
  if (read?.error !== undefined) throw read.error
  if (!isHonoured) warnOfIgnored(sidecar, exchange, route)
  const plan = mergePlan(findApi(sidecar, exchange.apiName), read?.value)
  if (plan.session !== undefined) checkSession(sidecar, caller)
  return { plan, actor: choose(sidecar, plan, caller) }
}

/** @throws Refusal 400 without a caller: as the application, a request would have other permissions than it means. */
function checkSession(sidecar: Sidecar, caller: Caller | undefined): void {
  if (caller === undefined)
    throw new Refusal(400, 'LongRunningWebApiSessionKey names a session of a caller, and no caller is here.')
  if (sidecar.sessions === undefined)
    sidecar.warnRarely(
      'sessions',
      { setting: 'Sidecar__TokenCache__Redis' },
      'LongRunningWebApiSessionKey begins no session without a shared cache: the token of the caller counts',
    )
}

function choose({ api, managedIdentity }: Sidecar, plan: Plan, caller: Caller | undefined): Actor {
  return chooseActor({ api, managedIdentity }, plan, caller)
}

interface Attempt {
  readonly value?: Parameters
  readonly error?: Refusal
}

function attempt(work: () => Parameters): Attempt {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof Refusal) return { error }
    throw error
  }
}

/** @throws Refusal 400 naming the API. */
export function findApi({ settings: { apis } }: Sidecar, name: string): ApiDefinition {
  const api = apis.get(name.toLowerCase())
  if (api !== undefined) return api
  throw new Refusal(
    400,
    `No scopes found for the API '${name.slice(0, 64)}' or in optionsOverride. Either the API is not configured or no scopes are specified.`,
  )
}

function warnOfIgnored(sidecar: Sidecar, { query }: Exchange, { overrides }: RouteFacts): void {
  if (![...new URLSearchParams(query).keys()].some((name) => /^(?:optionsoverride|agent)/i.test(name))) return
  sidecar.warnRarely(
    overrides,
    { setting: `Sidecar__AllowOverrides__${overrides}` },
    'Overrides were ignored on a route where they are switched off',
  )
}
