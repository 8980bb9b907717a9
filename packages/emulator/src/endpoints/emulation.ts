// Everything that the endpoints share: one object, made at the start and handed in.
import type { Faults } from '../faults/faults.ts'
import type { GrantingAuthority } from '../grants/granting-authority.ts'
import type { RequestLog } from '../kernel/request-log.ts'

/** The emulator's shared parts. */
export interface Emulation extends GrantingAuthority {
  readonly faults: Faults
  readonly requests: RequestLog
  /** Told about requests that failed inside the emulator. */
  readonly log: (message: string) => void
}
