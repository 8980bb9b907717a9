// Issuers with a place for the tenant: `https://login.microsoftonline.com/{tenantid}/v2.0` stands for one issuer per tenant.

const place = '{tenantid}'

/** Whether an issuer is a template. */
export function isIssuerTemplate(issuer: string): boolean {
  return issuer.includes(place)
}

/**
 * The issuer of one tenant.
 *
 * The tenant id must be known to be a GUID. It is put in by a function, so that `$&` in it could do nothing (CVE-2016-7191).
 */
export function issuerOfTenant(template: string, tenantId: string | undefined): string {
  return template.replaceAll(place, () => tenantId ?? '')
}

/** The tenant id for which a template gives this issuer; `undefined` when there is none. */
export function tenantOfIssuer(template: string, issuer: string): string | undefined {
  const found = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(issuer)?.[0]
  return found !== undefined && issuerOfTenant(template, found) === issuer ? found : undefined
}
