// Everything that the endpoints share: one object, made at the start and handed in.
import type { Faults } from '../faults/faults.ts'
import type { GrantingAuthority } from '../grants/granting-authority.ts'
import type { Changes } from '../kernel/changes.ts'
import type { LastForm } from '../kernel/last-form.ts'
import type { SignedInClients } from './authorize/signed-in-clients.ts'
import type { RequestLog } from '../kernel/request-log.ts'

/** The emulator's shared parts. */
export interface Emulation extends GrantingAuthority {
  readonly faults: Faults
  readonly requests: RequestLog
  readonly signedInClients: SignedInClients
  /** What was changed by hand, so that it can be undone. */
  readonly changes: Changes
  /** The form of the portal that was posted last. */
  readonly lastForm: LastForm
  /** Made anew at every start: what an earlier start gave to a browser opens nothing any more. */
  readonly startId: string
  /** The CA that https clients have to trust (PEM); absent without https. */
  readonly caCertificate?: string | undefined
  /** The file in which it stands as well, in the state directory. */
  readonly caFile?: string | undefined
  /** Told about requests that failed inside the emulator. */
  readonly log: (message: string) => void
}
