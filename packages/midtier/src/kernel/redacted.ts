// A secret that can be used but not printed: logs, JSON and inspection all see the same placeholder.

const placeholder = '[redacted]'

/**
 * Holds a token, an assertion or a client secret so that it cannot reach a log by accident.
 *
 * `String(value)`, `JSON.stringify`, template literals and inspection show none of it;
 * only {@link Redacted.reveal} gives the text, which makes every use of a secret findable by name.
 */
export class Redacted {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The text itself, for the one line that puts it on the wire. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return placeholder
  }

  toJSON(): string {
    return placeholder
  }
}
