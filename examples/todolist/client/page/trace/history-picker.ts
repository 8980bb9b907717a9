// Chooses one of the last stories.
import { element, find } from '../element.ts'
import type { Told } from './history.ts'

/** Shows what there is to choose from. */
export interface HistoryPicker {
  /** The newest is chosen. */
  offer(stories: readonly Told[]): void
}

/** Binds it to its place, which stays hidden while there is nothing to choose. */
export function createHistoryPicker(choose: (told: Told) => void): HistoryPicker {
  const place = find('history', HTMLElement)
  const select = find('history-choice', HTMLSelectElement)
  let offered: readonly Told[] = []
  select.addEventListener('change', () => {
    const chosen = offered[select.selectedIndex]
    if (chosen !== undefined) choose(chosen)
  })
  return {
    offer: (stories) => {
      offered = stories
      place.hidden = stories.length < 2
      select.replaceChildren(
        ...stories.map((told) => element('option', {}, `${sayTime(told)}  ${told.what}`)),
      )
      select.selectedIndex = 0
    },
  }
}

/** The time of day, to the second. */
export function sayTime({ atMs }: Told): string {
  return new Date(atMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}
