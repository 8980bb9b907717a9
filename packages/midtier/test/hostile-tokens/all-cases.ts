// Every hostile case there is, grouped by what is attacked, and how many each group holds.
import { algorithmCases } from './algorithm.ts'
import { claimCases } from './claims.ts'
import { formatCases } from './format.ts'
import { headerCases } from './header.ts'
import type { HostileCase } from './hostile-case.ts'
import { issuerCases } from './issuer.ts'
import { jsonCases } from './json.ts'
import { keyCases } from './keys.ts'
import { kindCases } from './kind.ts'
import { signatureCases } from './signature.ts'

export const groups: Readonly<Record<string, readonly HostileCase[]>> = {
  algorithm: [...algorithmCases, ...signatureCases],
  keys: keyCases,
  format: [...formatCases, ...jsonCases],
  claims: claimCases,
  issuer: issuerCases,
  kind: kindCases,
  header: headerCases,
}

/** What is told of the suite elsewhere: a case that is lost, or a table that is emptied, does not go unnoticed. */
export const caseCounts = {
  algorithm: 95,
  keys: 83,
  format: 132,
  claims: 139,
  issuer: 126,
  kind: 96,
  header: 88,
}
