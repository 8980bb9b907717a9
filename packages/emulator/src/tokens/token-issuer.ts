// What every token is made with: one object, made at the start and handed in.
import type { Directory } from '../directory/directory.ts'
import type { EmulatorClock } from '../kernel/clock.ts'
import type { Origins } from '../kernel/origins.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { TokenLifetime } from './lifetime.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Who issues tokens: under which names, about whom, signed by what, and for how long. */
export interface TokenIssuer {
  readonly origins: Origins
  readonly directory: Directory
  readonly keys: SigningKeys
  readonly clock: EmulatorClock
  readonly sealer: Sealer
  readonly lifetime: TokenLifetime
}
