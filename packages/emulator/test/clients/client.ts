// One unmodified client: for every flow how it runs there, or why the client has none, as its own public API shows.
import type { Json } from '../scenario.ts'
import type { FlowName } from './flows.ts'
import type { World } from './world.ts'

/** Runs one flow; gives the claims of what the client holds in the end. */
export type Run = (world: World) => Promise<Json>

/** No such flow: nothing in the client's public API is named so. */
export interface Absence {
  readonly because: string
  /** What the names of the API would match if there were one. */
  readonly lacks: RegExp
}

/** A flow that runs in another way than the column says. */
export interface Noted {
  readonly run: Run
  readonly note: string
  /** What the client holds instead of what the column says. */
  readonly holds?: Json
}

export type Cell = Run | Noted | Absence

export interface Client {
  readonly name: string
  readonly version: string
  /** How it reaches the emulator. */
  readonly reach: string
  /** The names of everything that its users can call. */
  readonly names: () => readonly string[] | Promise<readonly string[]>
  readonly cells: Readonly<Record<FlowName, Cell>>
  /** Ends what the client was started in. */
  readonly stop?: () => Promise<void>
}

export const isAbsent = (cell: Cell): cell is Absence => typeof cell === 'object' && 'because' in cell

/** How a cell runs. */
export const runOf = (cell: Run | Noted): Run => (typeof cell === 'function' ? cell : cell.run)

/** The names of a module: its exports, and the members of its classes. */
export function namesOf(module: object): readonly string[] {
  const names = new Set<string>(Object.keys(module))
  for (const value of Object.values(module) as unknown[]) {
    const prototype = typeof value === 'function' ? (value.prototype as unknown) : undefined
    for (const name of membersOf(prototype)) names.add(name)
  }
  return [...names]
}

function membersOf(prototype: unknown): readonly string[] {
  if (prototype === undefined || prototype === null || prototype === Object.prototype) return []
  return [...Object.getOwnPropertyNames(prototype), ...membersOf(Object.getPrototypeOf(prototype))]
}
