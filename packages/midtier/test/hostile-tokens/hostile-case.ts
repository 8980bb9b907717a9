// What a hostile case is: an attack by name, what it would have won, what is sent, and which check has to stop it.
import type { Requirements } from '../../src/index.ts'
import type { TokenBuilder } from './token-forge.ts'
import type { TargetName } from './targets.ts'

/** A request that is more than one token in one well-formed field. */
export interface HostileRequest {
  /** Every value of the Authorization field, as a server hands them over. */
  readonly fields: readonly string[]
  /** Header lines as they stand on the wire; default: one Authorization line for each field. */
  readonly lines?: readonly string[]
  /** Method and target; default `GET /`. */
  readonly start?: string
  readonly body?: string
}

/** A token, sent after `Bearer `, or a whole request. */
export type Sent = string | HostileRequest

export type Make = (forge: TokenBuilder) => Sent

/** What the cases of one family have in common. */
export interface Family {
  /** What the attacker would have gained. */
  readonly wouldHaveWon: string
  /** Name of the check that has to stop it: a refusal by accident does not count. */
  readonly refusedBy: string
  /** Advisories and specifications. */
  readonly references?: readonly string[]
  /** The API that is attacked; default `single`. */
  readonly against?: TargetName
  /** Default 401. */
  readonly status?: 400 | 401 | 403
  /** What the route demands, and a token that it lets in. */
  readonly route?: { readonly requirements: Requirements; readonly admits: (forge: TokenBuilder) => string }
  /** The HTTP server itself refuses the request, before any of our code sees it. */
  readonly stoppedByServer?: boolean
}

export interface HostileCase extends Family {
  readonly name: string
  readonly make: Make
}

/** One case for each name of a family. */
export function family(shared: Family, cases: Readonly<Record<string, Make>>): readonly HostileCase[] {
  return Object.entries(cases).map(([name, make]) => ({ ...shared, name, make }))
}

/** One case for each value that is tried in the same place. */
export function variants<Value>(
  shared: Family,
  place: string,
  values: readonly Value[],
  make: (forge: TokenBuilder, value: Value) => Sent,
): readonly HostileCase[] {
  const named = values.map((value): [string, Make] => [
    `${place} ${describe(value)}`,
    (forge) => make(forge, value),
  ])
  return family(shared, Object.fromEntries(named))
}

/** A value as part of a name: JSON, cut where it is long. */
function describe(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 60)}… of ${text.length} characters` : text
}
