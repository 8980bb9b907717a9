// Names in a template. Azure Resource Manager tells names apart by more than their case, and Bicep has words of its own.

const reserved =
  'true false null if for in resource module param var output type func import extension using metadata existing targetScope filter sys az microsoftGraphV1'

/** Hands out names, none of them twice. */
export class BicepNames {
  readonly #taken = new Set(reserved.toLowerCase().split(' '))

  /** The wanted name, or the next one of this kind that is free. */
  take(wanted: string): string {
    let name = wanted
    for (let number = 2; this.#taken.has(name.toLowerCase()); number += 1)
      name = `${wanted}_${String(number)}`
    this.#taken.add(name.toLowerCase())
    return name
  }
}
