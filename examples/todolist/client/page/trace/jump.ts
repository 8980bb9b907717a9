// A way from the click to what it did: on a small or enlarged screen the drawing may lie outside of what is seen.
import { find } from '../element.ts'

/** The link to the drawing. */
export interface Jump {
  /** Says what there is to see now. */
  offer(text: string): void
}

/** Binds it to its place; it shows itself only while no part of the drawing is in sight. */
export function createJump(drawing: HTMLElement): Jump {
  const place = find('jump', HTMLElement)
  const said = find('jump-said', HTMLElement)
  let isInSight = true
  const show = (): void => {
    place.hidden = isInSight || said.textContent === ''
  }
  new IntersectionObserver((entries) => {
    isInSight = entries.at(-1)?.isIntersecting ?? true
    show()
  }).observe(drawing)
  return {
    offer: (text) => {
      said.textContent = text
      show()
    },
  }
}
