// Whether the platform's `fetch` is as Node made it and connects directly: else it was replaced or configured, and is to be obeyed.

/** What the global `fetch` does that Node's own http client would not. */
export interface Detour {
  /** A stand-in answers, in a test as a rule, and the network may never be asked. */
  readonly isStandIn: boolean
  /** What stands between us and an authority, for messages; `undefined` when that is not known. */
  readonly via: string | undefined
}

/** Where every copy of undici, Node's own included, keeps the global dispatcher; the second since version 7.29. */
const dispatcherSymbols = [
  Symbol.for('undici.globalDispatcher.1'),
  Symbol.for('undici.globalDispatcher.2'),
] as const

interface Seen {
  readonly fetch: unknown
  readonly dispatchers: readonly [unknown, unknown]
  readonly detour: Detour | undefined
}

let seen: Seen | undefined

/** What the global `fetch` of this moment does otherwise; `undefined` when it sends directly, or when there is none. */
export function findDetour(): Detour | undefined {
  const { fetch } = globalThis
  const dispatchers = dispatcherSymbols.map((symbol) => Reflect.get(globalThis, symbol) as unknown)
  const [first, second] = dispatchers
  if (seen?.fetch !== fetch || seen.dispatchers[0] !== first || seen.dispatchers[1] !== second)
    seen = { fetch, dispatchers: [first, second], detour: describe(fetch, dispatchers) }
  return seen.detour
}

function describe(fetch: unknown, dispatchers: readonly unknown[]): Detour | undefined {
  if (fetch === undefined) return undefined
  const configured = dispatchers.find((dispatcher) => !isOrdinary(dispatcher))
  if (configured !== undefined) {
    const name = nameOf(configured)
    return { isStandIn: /^(?:Mock|Snapshot)/.test(name), via: `the global dispatcher ${name}` }
  }
  return isNodes(fetch) ? undefined : { isStandIn: true, via: undefined }
}

/**
 * By its text, not by what was there when this module was loaded: a test replaces `fetch` before that as often as after. A `fetch` whose
 * text is another is taken for a replaced one, and works as well.
 */
function isNodes(fetch: unknown): boolean {
  return (
    typeof fetch === 'function' &&
    Function.prototype.toString.call(fetch).includes("'internal/deps/undici/undici'")
  )
}

/** An `Agent` of undici as it is made without options, by any of its versions; a wrapper of one for older versions says nothing new. */
function isOrdinary(dispatcher: unknown): boolean {
  if (dispatcher === undefined) return true
  if (typeof dispatcher !== 'object' || dispatcher === null) return false
  const name = nameOf(dispatcher)
  if (name === 'Dispatcher1Wrapper') return Reflect.get(globalThis, dispatcherSymbols[1]) !== undefined
  if (name !== 'Agent') return false
  const { options, factory } = membersOf(dispatcher)
  return (
    typeof options === 'object' &&
    options !== null &&
    Object.values(options).every((value) => value === undefined || value === Infinity) &&
    typeof factory === 'function' &&
    factory.name === 'defaultFactory' &&
    !isComposed(dispatcher)
  )
}

/** What undici keeps under symbols of its own, by their descriptions. */
function membersOf(dispatcher: object): Readonly<Record<string, unknown>> {
  const symbols = Object.getOwnPropertySymbols(dispatcher)
  return Object.fromEntries(
    symbols.map((symbol) => [symbol.description ?? '', Reflect.get(dispatcher, symbol) as unknown]),
  )
}

/** `agent.compose(…)` looks like the agent, but for its `dispatch`. */
function isComposed(dispatcher: object): boolean {
  const { prototype } = dispatcher.constructor as { readonly prototype: object }
  return Reflect.get(dispatcher, 'dispatch') !== Reflect.get(prototype, 'dispatch')
}

function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value
}
