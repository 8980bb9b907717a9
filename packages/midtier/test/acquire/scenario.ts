// A whole acquisition under the control of a test: a hand-moved clock, a stub authority, callers, and the events that were seen.
import { createHash } from 'node:crypto'
import { createAuthority } from '../../src/authority/authority.ts'
import {
  createTokenRequests,
  type AcquireForClientOptions,
  type AcquireOptions,
  type CallerFacts,
  type TokenRequests,
} from '../../src/acquire/request/requests.ts'
import {
  createMemoryTokens,
  createTokenSource,
  type ComposedTokenSource,
  type TokenSourcePorts,
  type TokenSourceSettings,
} from '../../src/acquire/create-token-source.ts'
import { createSharedStore } from '../../src/acquire/shared/shared-store.ts'
import type { AccessToken, TokenRequest } from '../../src/acquire/token-source.ts'
import type { ResilienceOptions } from '../../src/options.ts'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { createCallContext, type CallContext, type ObservedEvent } from '../../src/kernel/observer.ts'
import { Redacted } from '../../src/kernel/redacted.ts'
import type { Principal } from '../../src/protect/principal.ts'
import type { SealedTokenStore } from '../../src/token-cache/store.ts'
import { give } from '../../src/web-api/caller-home.ts'
import { createStubAuthority, type StubAuthority } from '../grants/stub-authority.ts'
import { memoryBounds, requestLimits } from './limits.ts'

const clientId = '11111111-1111-1111-1111-111111111111'
export const tenantId = '22222222-2222-2222-2222-222222222222'
const secret = 'not~a~real~secret.but.long'

export class HandClock {
  ms = 1_800_000_000_000
  nowMs(): number {
    return this.ms
  }
  advanceSeconds(seconds: number): void {
    this.ms += seconds * 1000
  }
}

/** A validated caller; `session` stands for the token of one sign-in. */
export function createCaller(
  clock: HandClock,
  name = 'alice',
  session = '1',
  overrides: Partial<Principal> = {},
): CallerFacts {
  const token = `assertion-of-${name}-${session}`
  const objectId = `oid-${name}`
  const principal: Principal = {
    kind: 'user',
    agent: undefined,
    tenantId,
    objectId,
    subject: `sub-${name}`,
    clientId: '33333333-3333-3333-3333-333333333333',
    scopes: ['access_as_user'],
    roles: [],
    issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    version: '2.0',
    expiresAtMs: clock.ms + 4_500_000,
    claims: {},
    ...overrides,
  }
  const digest = createHash('sha256').update(token).digest('base64url')
  return {
    principal,
    assertion: { token: new Redacted(token), digest },
    account: { id: `${objectId}.${principal.tenantId}` },
  }
}

export interface Scenario {
  readonly clock: HandClock
  readonly authority: StubAuthority
  readonly requests: TokenRequests
  readonly source: ComposedTokenSource
  readonly events: ObservedEvent[]
  readonly context: CallContext
  onBehalfOf(caller: CallerFacts, options?: Partial<AcquireOptions>): Promise<AccessToken>
  silent(caller: CallerFacts, options?: Partial<AcquireOptions>): Promise<AccessToken>
  forClient(options?: Partial<AcquireForClientOptions>): Promise<AccessToken>
}

export const todoScopes = ['api://todolist/Todos.Read']

interface ScenarioSettings extends Partial<Omit<TokenSourceSettings, 'resilience'>> {
  readonly resilience?: ResilienceOptions
  /** Default 500 ms. */
  readonly storeTimeoutMs?: number
}

interface StorePort {
  /** The store that is shared. Default: none. */
  readonly l2?: SealedTokenStore
}

/** Everything through one moved clock: waiting moves the hand, chance always gives the least. Retries only where a test asks for them. */
export function createScenario(
  { storeTimeoutMs = 500, resilience = { maxRetries: 0 }, ...settings }: ScenarioSettings = {},
  { l2, ...ports }: Partial<TokenSourcePorts> & StorePort = {},
  authority = createStubAuthority(),
): Scenario {
  const clock = (ports.clock as HandClock | undefined) ?? new HandClock()
  const events: ObservedEvent[] = []
  const context = createCallContext(
    (event) => events.push(event),
    () => clock.ms,
    undefined,
  )
  const shared = { clientId, clientCapabilities: ['cp1'] }
  const requests = createTokenRequests({ clientId, authority: createAuthority({ tenantId }), tenantId })
  const tokenEndpoint = (tenant: string): string =>
    `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`
  const random = (): number => 0
  const store = l2 && createSharedStore(l2, { timeoutMs: storeTimeoutMs }, { clock, random })
  const source = createTokenSource(
    {
      ...shared,
      clientCredential: clientSecret(secret),
      tokenEndpoint,
      ...requestLimits(resilience, settings.requestTimeoutMs),
      ...settings,
    },
    {
      fetch: authority.fetch,
      clock,
      random,
      sleep: async (ms) => void (clock.ms += ms),
      shared: store,
      l1: createMemoryTokens(clock, memoryBounds),
      ...ports,
    },
  )
  /** As the web API does it. */
  const acquire = async (request: TokenRequest): Promise<AccessToken> => give(source, request)
  return {
    clock,
    authority,
    requests,
    source,
    events,
    context,
    onBehalfOf: async (caller, options) =>
      acquire(requests.onBehalfOf(caller, { scopes: todoScopes, ...options }, context)),
    silent: async (caller, options) =>
      acquire(requests.silent(caller, { scopes: todoScopes, ...options }, context)),
    forClient: async (options) =>
      acquire(requests.forClient({ scopes: ['api://todolist/.default'], ...options }, context)),
  }
}

/** Lets everything that can go on without a timer go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
