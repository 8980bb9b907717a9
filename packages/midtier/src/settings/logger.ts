// Where failures are written: a logger that was handed in, the console, or nowhere.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { consoleLogger, type Logger } from '../kernel/log/logger.ts'

/** @throws ConfigurationError for what cannot write a line. */
export function resolveLogger(logger: Logger | false | undefined): Logger | undefined {
  if (logger === false) return undefined
  // Handed in, the console would print the facts before the message, and over several lines.
  if (logger === undefined || logger === globalThis.console) return consoleLogger
  const given: unknown = logger
  if (typeof given === 'object' && given !== null && isWritable(given, 'error') && isWritable(given, 'warn'))
    return logger
  throw new ConfigurationError(
    'logger',
    'has to have the methods error(fields, message) and warn(fields, message), as one of pino has; false switches it off',
  )
}

function isWritable(logger: object, method: 'error' | 'warn'): boolean {
  return typeof Reflect.get(logger, method) === 'function'
}
