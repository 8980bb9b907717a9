// The drawings: the emulator's mark and a few line icons, all decoration that assistive technology skips.
import type { JSX } from 'hono/jsx/jsx-runtime'

/** The mark: three tiers, of which the middle one is ours. */
export function TierMark(): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect class="tier" x="5" y="3" width="14" height="4" rx="2" />
      <rect class="tier tier-middle" x="1" y="10" width="22" height="4" rx="2" />
      <rect class="tier" x="5" y="17" width="14" height="4" rx="2" />
    </svg>
  )
}

const paths = {
  alert: 'M12 8v5m0 3.5v.01M10.3 4.2 2.9 17a2 2 0 0 0 1.7 3h14.8a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0Z',
  arrow: 'M5 12h14m-6-6 6 6-6 6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  copy: 'M9 9h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM4 15V5a2 2 0 0 1 2-2h9',
  plus: 'M12 5v14M5 12h14',
  shield: 'm9 11.5 2.2 2.2L15.5 9.5M12 3l7.5 2.8v5.4c0 4.6-3 8.2-7.5 9.8-4.5-1.6-7.5-5.2-7.5-9.8V5.8Z',
} as const

/** A line icon in the colour of the text around it. */
export function Icon({ name }: { readonly name: keyof typeof paths }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
