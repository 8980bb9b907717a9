// What comes to its end by the clock: secrets of the directory, and the tokens that the log remembers.
import type { Emulation } from '../../endpoints/emulation.ts'

/** Something that ends. */
export interface Expiry {
  readonly what: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** How many are told, those that end soonest from now first. */
const told = 20

/** What ended already, and what ends next. */
export function whatExpires({ directory, requests, clock }: Emulation): readonly Expiry[] {
  const now = clock.now()
  const secrets = directory.applications.flatMap(({ displayName, secrets: each = [] }) =>
    each.flatMap(({ expires }) =>
      expires === undefined ? [] : [{ what: `A secret of ${displayName}`, at: Date.parse(expires) }],
    ),
  )
  const tokens = requests.list().flatMap(({ issued, user, resource }) => {
    const expires = issued?.['exp']
    const whose = user === undefined ? '' : ` for ${user}`
    return typeof expires === 'number'
      ? [{ what: `A token of ${resource ?? 'an API'}${whose}`, at: expires * 1000 }]
      : []
  })
  return [...secrets, ...tokens]
    .sort((a, b) => Math.abs(a.at - now) - Math.abs(b.at - now))
    .slice(0, told)
    .sort((a, b) => a.at - b.at)
}
