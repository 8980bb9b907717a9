// Where the emulator is reached, and the issuers that are made of it.

/** Where the emulator is reached. */
export interface Origins {
  /** What issuers, and `emulator.origin`, are made of. */
  readonly issuer: string
  readonly http: string
  readonly https: string | undefined
  /** Whether a proxy stands in front: then documents name its origin only. */
  readonly isFixed: boolean
}

/** Issuer of v2 tokens of a tenant. */
export function issuerV2({ issuer }: Pick<Origins, 'issuer'>, tenant: { readonly id: string }): string {
  return `${issuer}/${tenant.id}/v2.0`
}

/** Issuer of v1 tokens of a tenant; Entra's own is `https://sts.windows.net/{tid}/`. */
export function issuerV1({ issuer }: Pick<Origins, 'issuer'>, tenant: { readonly id: string }): string {
  return `${issuer}/${tenant.id}/`
}
