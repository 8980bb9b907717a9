// What a store is made with has to be there: a variable that is still empty is told by its name, where the store is made.
import { ConfigurationError } from '../kernel/errors/errors.ts'

/** @throws ConfigurationError for what is no object, naming what to pass. */
export function checkClient(client: unknown, name: string, wanted: string): void {
  const isObject = typeof client === 'object' || typeof client === 'function'
  if (isObject && client !== null) return
  const given = client === null ? 'null' : typeof client
  throw new ConfigurationError(name, `is ${given}: pass ${wanted}`)
}
