// What may be shown of a token: its header, and claims that say something about the token and nothing about a person.
import type { JsonObject } from '../kernel/json.ts'
import { quote } from './checks/check.ts'

/** `alg`, `kid` and `typ`, as they may stand in a log. */
export function showHeader(header: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['alg', 'kid', 'typ'].filter((name) => name in header).map((name) => [name, quote(header[name])]),
  )
}

const tellingNames: ReadonlySet<string> = new Set(
  'aud iss ver exp nbf iat tid azp azpacr appid appidacr scp roles idtyp acct acrs amr xms_cc xms_act_fct xms_sub_fct xms_par_app_azp'.split(
    ' ',
  ),
)

/** Most claims that are shown. */
const maxShownClaims = 64

/** In place of a claim that may tell about a person. */
export const masked = '[masked]'

/** Claims with those masked that may tell about a person. */
export function showClaims(claims: JsonObject): Readonly<Record<string, string>> {
  const names = Object.keys(claims).slice(0, maxShownClaims)
  return Object.fromEntries(
    names.map((name) => [quote(name), tellingNames.has(name) ? quote(claims[name]) : masked]),
  )
}
