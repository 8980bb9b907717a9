// Where failures are written: a logger that was handed in, the console, or nowhere.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { AuditLogger } from '../kernel/log/audit-log.ts'
import { consoleLogger, type FullLogger, type Logger } from '../kernel/log/logger.ts'
import { resolveFlag } from './values.ts'

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

/** Where refusals are written: to the logger, if it was asked for. @throws ConfigurationError where that cannot be. */
export function resolveRefusalLogger(
  logRefusals: boolean | undefined,
  logger: Logger | undefined,
): FullLogger | undefined {
  if (!resolveFlag('logRefusals', logRefusals)) return undefined
  if (logger === undefined)
    throw new ConfigurationError('logRefusals', 'has nowhere to write to: leave out logger: false')
  if (isWritable(logger, 'info')) return logger as FullLogger
  throw new ConfigurationError('logRefusals', 'needs a logger that has info(fields, message) as well')
}

/** @throws ConfigurationError for what cannot write a line. */
export function resolveAuditLogger(logger: AuditLogger | undefined): AuditLogger | undefined {
  if (logger === undefined) return undefined
  const given: unknown = logger
  if (given === globalThis.console) return consoleLogger
  if (typeof given === 'object' && given !== null && isWritable(given, 'info')) return logger
  throw new ConfigurationError(
    'auditLogger',
    'has to have the method info(fields, message), as a logger of pino has; leave it out to switch it off',
  )
}

function isWritable(logger: object, method: 'error' | 'warn' | 'info'): boolean {
  return typeof Reflect.get(logger, method) === 'function'
}
