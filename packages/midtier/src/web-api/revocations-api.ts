// Revocation as an API offers it: tokens issued before an instant are refused, in every process that shares the store.
import type { SharedStore } from '../acquire/shared/shared-store.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { eachStep } from '../kernel/errors/each-step.ts'
import { Revocations } from '../protect/revocations/revocations.ts'
import { sessionSubject, tenantSubject, userSubject } from '../protect/revocations/revocation-subjects.ts'
import { createRevocationStore } from './revocation-store.ts'
import type { Settings } from '../settings/settings.ts'
import type { Account } from '../token-cache/account.ts'
import { watch } from './watch.ts'

/** Details of a revocation. */
export interface RevokeOptions {
  /** Tokens issued before this instant are refused. A `Date`, or milliseconds since the epoch; default now, never in the future. */
  readonly notBefore?: Date | number
}

/**
 * Refuses tokens that are still valid: of somebody who left, of a device that was lost, of a tenant that is no customer any more.
 *
 * A caller that understands claims challenges is asked to sign in again; whoever may no longer sign in is out. Each call throws
 * TokenStoreError when the store did not take it or the other processes were not told. This one refuses nonetheless, and so does each that
 * heard of it; what the store did not take nobody knows who begins later, so call again.
 */
export interface RevocationsApi {
  /** Refuses the tokens of a user (or of an application by its object id), and forgets what was acquired on their behalf. */
  revokeUser(account: Pick<Account, 'objectId' | 'tenantId'>, options?: RevokeOptions): Promise<void>
  /** Refuses the tokens of everybody in a tenant. */
  revokeTenant(tenantId: string, options?: RevokeOptions): Promise<void>
  /** Refuses the tokens of one session, by their `sid`; tokens without one are not affected. */
  revokeSession(sid: string, options?: RevokeOptions): Promise<void>
}

/** What is revoked, for the token gate; `undefined` without the option `revocations`. */
export function createRevocations(
  settings: Settings,
  shared: SharedStore | undefined,
): Revocations | undefined {
  const { revocations, clock, waitUntil } = settings
  if (revocations === undefined) return undefined
  return new Revocations(revocations, {
    clock,
    observe: watch(settings).observe,
    waitUntil,
    store: shared && createRevocationStore(settings, shared),
  })
}

/** @param forget Forgets what was acquired on behalf of an account. */
export function createRevocationsApi(
  revocations: Revocations | undefined,
  { clock }: Settings,
  forget: (account: Pick<Account, 'objectId' | 'tenantId'>) => Promise<void>,
): RevocationsApi {
  if (revocations === undefined)
    return { revokeUser: notSwitchedOn, revokeTenant: notSwitchedOn, revokeSession: notSwitchedOn }
  const revoke = async (subject: string, options: RevokeOptions | undefined): Promise<void> =>
    revocations.revoke(subject, readInstant(options, clock.nowMs()))
  return {
    async revokeUser(account, options) {
      const given = account as Partial<Account> | undefined
      checkText('account.objectId', given?.objectId)
      checkText('account.tenantId', given?.tenantId)
      const instant = readInstant(options, clock.nowMs())
      await eachStep(
        () => revocations.revoke(userSubject(account), instant),
        () => forget(account),
      )
    },
    async revokeTenant(tenantId, options) {
      checkText('tenantId', tenantId)
      await revoke(tenantSubject(tenantId), options)
    },
    async revokeSession(sid, options) {
      checkText('sid', sid)
      await revoke(sessionSubject(sid), options)
    },
  }
}

function notSwitchedOn(): Promise<never> {
  return Promise.reject(
    new ConfigurationError(
      'revocations',
      'is not switched on: pass revocations: {} and, if there are several processes, a tokenCache with a store and a keyRing',
    ),
  )
}

/** Half an identifier would revoke nobody, and look as if it had. */
function checkText(option: string, value: unknown): void {
  if (typeof value !== 'string' || value.trim() === '')
    throw new ConfigurationError(option, 'must be a non-empty string')
}

/** Before an instant that is still to come, every new sign-in would be refused as well, again and again. */
function readInstant({ notBefore }: RevokeOptions = {}, nowMs: number): number {
  const instantMs = notBefore instanceof Date ? notBefore.getTime() : (notBefore ?? nowMs)
  if (Number.isFinite(instantMs) && instantMs >= 0 && instantMs <= nowMs) return Math.ceil(instantMs)
  throw new ConfigurationError(
    'notBefore',
    'must be a Date or milliseconds since the epoch, and not in the future',
  )
}
