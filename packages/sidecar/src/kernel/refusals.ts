// The two ways in which the sidecar says no: to who starts it, and to who asks it.

/** A setting that cannot work: one line that names it and the fix. */
export class SettingError extends Error {
  static override readonly name: string = 'SettingError'
  /** As an environment variable: `AzureAd__TenantId`. */
  readonly setting: string

  constructor(setting: string, message: string) {
    super(`${setting} ${message}`)
    this.setting = setting
  }
}

/** A request that is answered with a problem (RFC 9457). */
export class Refusal extends Error {
  static override readonly name: string = 'Refusal'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.status = status
    this.headers = headers
  }
}
