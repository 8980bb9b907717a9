// The name by which a tenant finds an application again before its client id is known.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import type { Registrations } from '../definition.ts'

/**
 * `todo-api`. Unique names are those of the whole tenant: by the bare name of a file, the `api` of one project would be written over
 * that of another.
 *
 * @throws ConfigurationError when the file has no name
 */
export function uniqueNameOf({ name }: Registrations, application: string): string {
  if (name === undefined)
    throw new ConfigurationError(
      'name',
      `is missing, and applications are found again by it: give the file a name that no other project in the tenant has, as in name: 'todo'`,
    )
  return `${name}-${application}`
}
