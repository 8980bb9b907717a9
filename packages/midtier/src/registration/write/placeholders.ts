// What a tenant alone knows stands in a text by a mark until the text is escaped. No text of the file can hold that mark.
import type { Registrations } from '../definition.ts'

/** Expressions of the language that is written, each by a mark that may stand anywhere in a text. */
export class Placeholders {
  readonly #mark: string
  readonly #expressions: string[] = []

  /** The mark is one that the file does not hold: whatever a file says stays text. */
  constructor(registrations: Registrations) {
    const file = JSON.stringify(registrations)
    let index = 0
    while (file.includes(`midtier${String(index)}<`)) index++
    this.#mark = `midtier${String(index)}<`
  }

  /** A text that stands for an expression. */
  for(expression: string): string {
    const found = this.#expressions.indexOf(expression)
    const index = found === -1 ? this.#expressions.push(expression) - 1 : found
    return `${this.#mark}${String(index)}>`
  }

  /** The expression, where the text is nothing else. */
  whole(text: string): string | undefined {
    const [before, expression, ...after] = this.#split(text)
    return before === '' && after.length === 1 && after[0] === '' ? expression : undefined
  }

  /** The text with its parts in the language that is written. */
  render(
    text: string,
    literal: (part: string) => string,
    expression: (expression: string) => string,
  ): string {
    return this.#split(text)
      .map((part, index) => (index % 2 === 0 ? literal(part) : expression(part)))
      .join('')
  }

  /** Text and expressions by turns; text is first and last. */
  #split(text: string): readonly string[] {
    const [first = '', ...others] = text.split(this.#mark)
    return [
      first,
      ...others.flatMap((other) => {
        const end = other.indexOf('>')
        return [this.#expressions[Number(other.slice(0, end))] ?? '', other.slice(end + 1)]
      }),
    ]
  }
}
