// What the owner is told to do about each refusal of Entra, by its number.
import { describe, expect, it } from 'vitest'
import { findRemedy } from '../../../src/grants/token-endpoint/remedies.ts'

const rows: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^grant consent/, [65001, 65002, 65004, 90008, 90094, 90095]],
  [/scopes that the downstream API defines/, [650053, 70011, 28000, 28002, 28003, 700022]],
  [/^with invalid_client .* the audience .* name the downstream API in the scopes/, [700023]],
  [/^add the permissions/, [650056, 650057]],
  [/satisfies the policy by signing in/, [50072, 50074, 50076, 50078, 50079, 50158]],
  [
    /Conditional Access policy that refuses/,
    [50097, 50131, 53000, 53001, 53002, 53003, 53004, 530032, 530035],
  ],
  [/^invite the user/, [50020, 50034, 51004, 90072]],
  [/changes the password/, [50055]],
  [/account is disabled/, [50057]],
  [/^assign the user/, [50105]],
  [/^assign this application/, [501051]],
  [/the person signs in again/, [50173, 70043, 50089, 50132, 50133, 70008, 700082, 700084]],
  [/asks in a loop/, [50196]],
  [/new client secret/, [7000215, 7000222]],
  [/^pass clientCredential/, [7000216, 7000218]],
  [/confidential client/, [700025]],
  [/^upload the certificate/, [700027]],
  [/^set the clock/, [700024]],
  [/names another client id/, [700021]],
  [/federated credential/, [70021, 700211, 700212, 700213]],
  [/application or a managed identity as the assertion/, [700229]],
  [/^check clientId/, [700016, 700038]],
  [/^enable the application/, [7000112]],
  [/no such tenant/, [90002]],
  [/neither a GUID nor a domain/, [900023]],
  [/^name the tenant/, [90019, 50059, 9001023, 90124, 90130]],
  [/register it for several tenants/, [50194]],
  [/^check the App ID URI/, [500011, 50001, 500013]],
  [/enable its service principal/, [5000224, 500014]],
  [/\/\.default: an application has no scopes/, [1002012]],
  [/by the GUID of the application/, [90009]],
  [/token of this API: scope/, [500131]],
  [/renew its token/, [500133]],
  [/^send an access token of this API/, [50027]],
  [/an ID token cannot be exchanged/, [240002]],
  [/an app-only token cannot be exchanged/, [7000114]],
]

describe('the remedy for a refusal', () => {
  it.each(rows.flatMap(([remedy, numbers]) => numbers.map((number) => [number, remedy] as const)))(
    'of AADSTS%i says %s',
    (number, remedy) => {
      expect(findRemedy([number])).toMatch(remedy)
    },
  )

  it('is that of the first number that has one', () => {
    expect(findRemedy([1, 50055, 65001])).toBe(findRemedy([50055]))
    expect(findRemedy([65001, 50055])).toBe(findRemedy([65001]))
  })

  it('does not exist for other numbers', () => {
    expect(findRemedy([])).toBeUndefined()
    expect(findRemedy([1])).toBeUndefined()
  })
})
