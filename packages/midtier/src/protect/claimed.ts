// The claims behind a principal: hidden from whoever prints it, and no heavier than they have to be while it is remembered.
import { parseStrictJson } from '../jwt/strict-json.ts'
import { packText, unpackText } from '../jwt/packed-text.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Principal } from './principal.ts'
import { readTraits, type Traits } from './traits.ts'

/** Names and addresses are for who asks for claims: a log, JSON, a copy of the caller or the closest inspection does not. */
export class Claimed {
  /** Inspection lists the getters of a class, but for those by the name of one of the language's own; this one is printed as a plain object. */
  static readonly name: string = 'Object'
  #claims: JsonObject | undefined
  #text: string | undefined
  #packed: string | undefined
  readonly #traits: Traits

  /** `text` is the JSON of the claims, where it is at hand. */
  constructor(claims: JsonObject, traits: Traits, text?: string) {
    this.#claims = claims
    this.#text = text
    this.#traits = traits
  }

  get claims(): JsonObject {
    return (this.#claims ??= parseStrictJson(unpackText(this.#packed ?? '')) as JsonObject)
  }

  static packClaims(principal: Principal): void {
    if (!(#claims in principal) || principal.#text === undefined) return
    principal.#packed = packText(principal.#text)
    principal.#text = undefined
    principal.#claims = undefined
  }

  static traitsOf(principal: Principal): Traits {
    if (#traits in principal) return principal.#traits
    return readTraits(principal.claims, principal.issuer, principal.version)
  }
}

/**
 * Lets a principal keep its claims as packed text, until somebody asks for them: thirty groups take a quarter of the room then. What
 * {@link traitsOf} and the principal itself say takes no reading. One whose text is not known keeps them as they are.
 */
export function packClaims(principal: Principal): void {
  Claimed.packClaims(principal)
}

/** What requirements and revocations are measured by. Does not read the claims again. */
export function traitsOf(principal: Principal): Traits {
  return Claimed.traitsOf(principal)
}
