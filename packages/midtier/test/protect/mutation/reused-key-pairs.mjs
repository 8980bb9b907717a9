// RSA keys are slow to make: here every run of the suites gets the pairs of the run before, each of them once.
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import '../gate.ts' // loads once for all runs: its key is made before, so that no run gets it a second time

const generate = crypto.generateKeyPairSync
const made = new Map()
let taken = new Map()

crypto.generateKeyPairSync = (...parameters) => {
  const kind = JSON.stringify(parameters)
  const pairs = made.get(kind) ?? []
  const index = taken.get(kind) ?? 0
  pairs[index] ??= generate(...parameters)
  made.set(kind, pairs)
  taken.set(kind, index + 1)
  return pairs[index]
}
syncBuiltinESMExports()

/** Begins another run, which gets the same pairs in the same order. */
export function reuseKeyPairs() {
  taken = new Map()
}
