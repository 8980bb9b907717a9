// What is done with an event, by its type.
import type { ObservedEvent, Observer } from '../kernel/observer.ts'

export type EventOf<Type extends ObservedEvent['type']> = Extract<ObservedEvent, { type: Type }>

/** Of the types that matter to somebody, what is done with such an event. */
export type ByType = {
  readonly [Type in ObservedEvent['type']]?: (event: EventOf<Type>) => unknown
}

/** An observer that does for each event what is done for its type. */
export function byType(table: ByType): Observer {
  return (event) => {
    const act = table[event.type] as ((event: ObservedEvent) => unknown) | undefined
    act?.(event)
  }
}
