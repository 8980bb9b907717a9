// Who calls in a test, as the test says it.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'

/** Who calls a {@link FakeWebApi}: a person, or an application by itself. */
export interface FakeCaller {
  /** A person, by whatever name the test has for one: the same name is the same account. Default: `alice`, unless `app` is given. */
  readonly user?: string
  /** Instead of a person: an application that calls by itself. */
  readonly app?: string
  /**
   * An Entra agent identity, by its client id or any name: with `user` it acts on behalf of that person, with `agentUser` through its user
   * account, else by itself. Not beside `app`.
   */
  readonly agent?: string
  /** The user account of `agent`, by any name. */
  readonly agentUser?: string
  /** Delegated permissions of a person. Default `['access_as_user']`. */
  readonly scopes?: readonly string[]
  /** Roles of a person, or permissions of an application or an agent by itself; of those by default `['access_as_app']`. */
  readonly roles?: readonly string[]
  /** The tenant (GUID) of the caller. Default: that of the API. */
  readonly tenantId?: string
  /** The application (GUID) that the caller uses. */
  readonly clientId?: string
  /** Further claims of the token; one of the token's own is replaced, and `undefined` removes it: `{ acrs: ['c1'] }`, `{ exp: 0 }`. */
  readonly claims?: Readonly<Record<string, unknown>>
}

const callerOptions = [
  'user',
  'app',
  'agent',
  'agentUser',
  'scopes',
  'roles',
  'tenantId',
  'clientId',
  'claims',
] as const satisfies readonly (keyof FakeCaller)[]

/** @throws ConfigurationError for a caller whom no token can be about. */
export function checkCaller(who: FakeCaller, at: string): void {
  checkKnownOptions(who, callerOptions, at)
  const { user, app, agent, agentUser } = who
  if (app !== undefined && [user, agent, agentUser].some((other) => other !== undefined))
    throw new ConfigurationError(`${at}.app`, 'calls by itself: leave out user, agent and agentUser')
  if (agentUser === undefined) return
  if (agent === undefined)
    throw new ConfigurationError(`${at}.agentUser`, 'is the account of an agent: name the agent, too')
  if (user !== undefined)
    throw new ConfigurationError(`${at}.agentUser`, 'is whom the agent acts through: leave out user')
}
