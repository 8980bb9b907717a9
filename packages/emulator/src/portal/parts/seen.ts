// What a form was filled in from: a record that somebody else has changed since is not written over.
import { createHmac, randomBytes } from 'node:crypto'
import { EmulatorOptionsError } from '../../kernel/errors.ts'

// Without it nobody can try out on a mark what a record holds, its secrets among it.
const key = randomBytes(32)

/** Stands for a record as it is now. */
export function markOf(item: object): string {
  return createHmac('sha256', key).update(JSON.stringify(item)).digest('base64url').slice(0, 16)
}

/** @throws {EmulatorOptionsError} when the form was shown for a record that is another by now */
export function checkSeen(form: URLSearchParams, item: object): void {
  const seen = form.get('seen')
  if (seen !== null && seen !== markOf(item))
    throw new EmulatorOptionsError('form', 'it was changed since this page was shown: load the page again')
}
