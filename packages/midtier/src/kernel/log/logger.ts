// Where the owner reads what went wrong: a logger of pino's shape, or by default one line on the console.

/** A logger of pino's shape: the facts first, then the message. Neither ever holds a token, a secret, or a person. */
export interface Logger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  /** Needed for `logRefusals` alone. */
  info?(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** One that takes what is no failure, too. */
export type FullLogger = Logger & Required<Pick<Logger, 'info'>>

/** One line each. The console is looked up at each line, so that what replaces it later is not missed. */
export const consoleLogger: FullLogger = {
  /* eslint-disable no-console -- the one place that is meant to write there */
  error(fields, message) {
    console.error(`midtier: ${message} ${JSON.stringify(fields)}`)
  },
  warn(fields, message) {
    console.warn(`midtier: ${message} ${JSON.stringify(fields)}`)
  },
  info(fields, message) {
    console.info(`midtier: ${message} ${JSON.stringify(fields)}`)
  },
  /* eslint-enable no-console */
}
