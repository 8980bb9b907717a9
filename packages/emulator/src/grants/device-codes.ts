// The device codes that wait for their users (RFC 8628): in memory and bounded, each one good for one redemption.
import { randomBytes, randomInt } from 'node:crypto'
import type { Clock } from '../kernel/clock.ts'
import type { UserSession } from '../tokens/subject.ts'

/** What a device asked for. */
export interface DeviceRequest {
  readonly clientId: string
  /** The tenant segment of the path. */
  readonly segment: string
  readonly version: 1 | 2
  readonly scope: string
  readonly claims?: string | undefined
}

/** Who signed in for a device. */
export interface DeviceHolder {
  /** Home object id of the user. */
  readonly userId: string
  readonly tenantId: string
  readonly session: UserSession
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
}

/** A request of a device on its way. */
export interface DeviceCode {
  /** What the device polls with. */
  readonly deviceCode: string
  /** What the user types. */
  readonly userCode: string
  readonly request: DeviceRequest
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly state: 'pending' | 'approved' | 'declined' | 'redeemed'
  /** Who approved; absent until then. */
  readonly holder?: DeviceHolder
}

/** As Entra answers: a quarter of an hour, asked for every five seconds. */
export const deviceCodeLifetimeSeconds = 900
export const deviceCodeIntervalSeconds = 5

const maximumCodes = 1000
/** Without letters and digits that are taken for each other. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const userCodeLength = 9

/** The device codes of an emulator; beyond 1000 the oldest leaves. */
export class DeviceCodes {
  readonly #codes = new Map<string, DeviceCode>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Begins the request of a device. */
  begin(request: DeviceRequest): DeviceCode {
    const code: DeviceCode = {
      deviceCode: randomBytes(48).toString('base64url'),
      userCode: Array.from({ length: userCodeLength }, () => alphabet[randomInt(alphabet.length)]).join(''),
      request,
      expiresAt: this.#clock.now() + deviceCodeLifetimeSeconds * 1000,
      state: 'pending',
    }
    this.#codes.set(code.deviceCode, code)
    for (const oldest of this.#codes.keys()) {
      if (this.#codes.size <= maximumCodes) break
      this.#codes.delete(oldest)
    }
    return code
  }

  /** A code by what the device has; whether it is still of use, its state and its time say. */
  find(deviceCode: string): DeviceCode | undefined {
    return this.#codes.get(deviceCode)
  }

  /** A code that still waits, by what a user typed: in any case, with blanks or hyphens. */
  findPending(typed: string): DeviceCode | undefined {
    const wanted = typed.replace(/[\s-]/g, '').toUpperCase()
    return [...this.#codes.values()].find((code) => code.userCode === wanted && this.isPending(code))
  }

  /** Whether a code still waits for its user. */
  isPending(code: DeviceCode): boolean {
    return code.state === 'pending' && !this.isExpired(code)
  }

  /** Whether the time of a code is over. */
  isExpired({ expiresAt }: DeviceCode): boolean {
    return this.#clock.now() >= expiresAt
  }

  /** Notes who signed in. */
  approve(code: DeviceCode, holder: DeviceHolder): void {
    this.#codes.set(code.deviceCode, { ...code, state: 'approved', holder })
  }

  /** Notes that the user refused. */
  decline(code: DeviceCode): void {
    this.#codes.set(code.deviceCode, { ...code, state: 'declined' })
  }

  /** Notes that the tokens were fetched. */
  redeem(code: DeviceCode): void {
    this.#codes.set(code.deviceCode, { ...code, state: 'redeemed' })
  }
}
