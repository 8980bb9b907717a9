// Options are read from where they may not be: TypeScript's `exactOptionalPropertyTypes`, which `tsc --init` switches on, must not be in the way.
import { describe, expect, it } from 'vitest'
import { clientSecret, ConfigurationError, createWebApi, type WebApiOptions } from '../../src/index.ts'
import { protect } from '../../src/adapters/express.ts'

const registration = {
  tenantId: 'a0000000-0000-4000-8000-000000000000',
  clientId: 'a0000000-0000-4000-8000-000000000002',
}
const setting = (name: string): string | undefined => process.env[`MIDTIER_NOBODY_SETS_${name}`]

describe('an option that is undefined', () => {
  it('is one that is absent', async () => {
    const options: WebApiOptions = {
      ...registration,
      clientCredential: clientSecret('for-nobody-to-see'),
      instance: setting('INSTANCE'),
      audience: setting('AUDIENCE'),
      allowedTenants: setting('TENANTS')?.split(','),
      consentRedirectUri: setting('CONSENT'),
      proxy: setting('PROXY'),
      tokenCache: undefined,
      resource: undefined,
      logger: undefined,
      logRefusals: undefined,
      auditLogger: undefined,
      clockToleranceSeconds: undefined,
    }
    const clientCredential = clientSecret('for-nobody-to-see')
    const [given, bare] = [createWebApi(options), createWebApi({ ...registration, clientCredential })]
    expect(given.health()).toEqual(bare.health())
    await Promise.all([given.close(), bare.close()])
  })
})

describe('a requirement that is undefined', () => {
  it.each([
    'scopes',
    'roles',
    'allowedTenants',
    'deniedTenants',
    'allowedClients',
    'groups',
    'caller',
    'check',
  ])('is refused, for it would demand nothing: %s', (name) => {
    const requirements = { [name]: undefined }
    const defining = (): unknown => protect(createWebApi(registration), requirements)
    expect(defining).toThrow(ConfigurationError)
    expect(defining).toThrow(`requirements.${name}: is undefined`)
  })

  it('does not compile either where that is looked at', () => {
    // @ts-expect-error -- leave it out, or say what is demanded
    expect(() => protect(createWebApi(registration), { scopes: undefined })).toThrow(ConfigurationError)
  })
})
