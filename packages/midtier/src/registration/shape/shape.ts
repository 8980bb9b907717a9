// What the values of a file have to look like, as data: each refusal names the path of the value and says what belongs there.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'

/** @throws ConfigurationError naming `at` */
export type Shape = (at: string, value: unknown) => void

function refuse(at: string, must: string): never {
  throw new ConfigurationError(at, must)
}

/** A text of this form; default: one that is not empty. */
export function text(
  most: number,
  form?: Pick<RegExp, 'test'>,
  must = "must be a text that is not empty: '…'",
): Shape {
  return (at, value) => {
    if (typeof value !== 'string' || !(form ?? /\S/).test(value)) refuse(at, must)
    if (value.length > most) refuse(at, `is longer than ${String(most)} characters: shorten it`)
  }
}

export const flag: Shape = (at, value) => {
  if (typeof value !== 'boolean') refuse(at, 'must be true or false')
}

export function oneOf(...values: readonly (string | number)[]): Shape {
  const known = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  return (at, value) => {
    if (!values.some((each) => each === value)) refuse(at, `must be ${known.join(' or ')}`)
  }
}

/** Texts, each of them once. */
export function list(of: Shape): Shape {
  return (at, value) => {
    if (!Array.isArray(value)) refuse(at, "must be a list of texts: ['…']")
    // An index at a time: holes are skipped by the methods of lists.
    for (let index = 0; index < value.length; index += 1) of(`${at}[${String(index)}]`, value[index])
    const twice = value.findIndex((each, index) => value.indexOf(each) !== index)
    if (twice !== -1) refuse(`${at}[${String(twice)}]`, 'stands there twice: leave one out')
  }
}

/** Anything by name. @param name Checks a name, given the path of the object. */
export function named(of: Shape, name: Shape = (): void => undefined): Shape {
  return (at, value) => {
    checkKnownOptions(value, Object.keys(value ?? {}), at)
    for (const [key, each] of Object.entries(value as object)) {
      name(at, key)
      of(`${at}.${key}`, each)
    }
  }
}

/** An object with these members, and no others; those that are not `required` may be left out or `undefined`. */
export function members(shapes: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape {
  return (at, value) => {
    checkKnownOptions(value, Object.keys(shapes), at)
    const given = new Map<string, unknown>(Object.entries(value as object))
    for (const [name, shape] of Object.entries(shapes)) {
      const path = at === '' ? name : `${at}.${name}`
      if (given.get(name) !== undefined) shape(path, given.get(name))
      else if (required.includes(name)) refuse(path, 'is missing')
    }
  }
}

/** What may be there with nothing in it. */
export function maybe(of: Shape): Shape {
  return (at, value) => {
    if (value !== undefined) of(at, value)
  }
}

/** One shape for what `is`, another for the rest. */
export function either(is: (value: unknown) => boolean, first: Shape, other: Shape): Shape {
  return (at, value) => {
    ;(is(value) ? first : other)(at, value)
  }
}
