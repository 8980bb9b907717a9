// What one call through the Graph SDK asked for and failed by: kept with that call, since the provider is everybody's who uses the client.
import { AsyncLocalStorage } from 'node:async_hooks'
import { AcquisitionFailures } from './graph-relay.ts'

const mostAsked = 8

/** One call in progress. */
export class GraphCall {
  readonly failures: AcquisitionFailures = new AcquisitionFailures()
  readonly #asked = new Map<string, readonly string[]>()

  /** Notes the scopes that a request of the call is sent with. */
  ask(scopes: readonly string[]): void {
    if (this.#asked.size < mostAsked) this.#asked.set(scopes.join(' '), scopes)
  }

  /** Each list of scopes that was asked for, once. */
  get asked(): readonly (readonly string[])[] {
    return [...this.#asked.values()]
  }
}

interface Running {
  readonly provider: object
  readonly call: GraphCall
  /** The call of another provider that this one is made in. */
  readonly outer: Running | undefined
}

const running = new AsyncLocalStorage<Running>()

/** Does work as a call of one provider. */
export function runAsCall<Result>(
  provider: object,
  call: GraphCall,
  work: () => Promise<Result>,
): Promise<Result> {
  return running.run({ provider, call, outer: running.getStore() }, work)
}

/** The call of this provider that the code runs in; `undefined` outside of one. */
export function currentCall(provider: object): GraphCall | undefined {
  for (let each = running.getStore(); each !== undefined; each = each.outer)
    if (each.provider === provider) return each.call
  return undefined
}
