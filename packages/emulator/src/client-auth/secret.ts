// Client secrets: several may be valid at once, and each may expire.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Clock } from '../kernel/clock.ts'
import { isEqualText } from '../kernel/equal-text.ts'
import type { Application, ClientSecret } from '../directory/model.ts'

/** @throws {AadstsError} 7000215 no such secret, 7000222 the secret has expired */
export function checkSecret({ id, secrets = [] }: Application, presented: string, clock: Clock): void {
  const matching = secrets.filter(({ value }) => isEqualText(value, presented))
  if (matching.length === 0) throw new AadstsError(7000215, { app: id })
  if (!matching.some((secret) => isValid(secret, clock))) throw new AadstsError(7000222, { app: id })
}

function isValid({ expires }: ClientSecret, clock: Clock): boolean {
  return expires === undefined || Date.parse(expires) > clock.now()
}
