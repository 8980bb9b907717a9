// What a failed check leaves nothing to measure: rows that would fail by the same fault, or pass by chance.
import { keyChecks } from './checks.ts'
import { requirementChecks } from '../requirements/requirement-checks.ts'

/** Made by hand: it is no {@link Check} of the ordered lists. */
export const signature = 'signature'
/** The step-up, whose refusal carries a challenge. */
export const authenticationContext = 'authentication_context'

const key = [...keyChecks.map(({ name }) => name), signature]
const permissions = ['permissions', 'token_kind', 'object_id']
const requirements = [...requirementChecks.map(({ name }) => name), authenticationContext]

/** All that is measured against what the issuer selects: its keys, its kind of claims, the audience of our registration with it. */
const ofIssuer = [signature, 'lifetime', 'audience', 'client', ...permissions, ...requirements]

/** By the name of the failed check; every name comes later in the order of the checks. */
export const consequences: Readonly<Record<string, readonly string[]>> = {
  algorithm: ['key_algorithm', signature],
  key_id: key,
  issuer: ['version', 'tenant_allowed', ...key, ...ofIssuer],
  version: ['client'], // which claim names it depends on the version
  issuer_of_metadata: [...key.filter((name) => name !== 'issuer_of_metadata'), ...ofIssuer],
  key_known: ['key_algorithm', 'key_issuer', signature],
  key_algorithm: [signature],
  lifetime: ['expired', 'not_yet_valid'],
  audience: requirements, // scopes and roles of another API, whose names mean something else there
  id_token: ['client', ...permissions, ...requirements],
  permissions: ['token_kind', 'object_id', ...requirements],
  token_kind: requirements,
}
