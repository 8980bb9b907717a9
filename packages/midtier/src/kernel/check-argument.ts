// Arguments of public calls that types would have refused: JavaScript, `any` and `undefined` get past them, and are told plainly.
import { AcquisitionError } from './errors/errors.ts'

/** What is wrong with an argument. The value itself is not told: it may be a secret in the wrong place. */
export function refuseArgument(name: string, what: string): AcquisitionError {
  return new AcquisitionError('argument_invalid', `${name} ${what}`)
}

/** @throws AcquisitionError `argument_invalid` */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw refuseArgument('The options', 'must be an object')
}

/** @throws AcquisitionError `argument_invalid` for anything but a list of texts. */
export function checkScopes(scopes: unknown): void {
  if (typeof scopes === 'string') throw refuseArgument('scopes', 'must be a list: write [scope]')
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string'))
    throw refuseArgument('scopes', 'must be a list of texts')
}

/** Lets `undefined` through. @throws AcquisitionError `argument_invalid` */
export function checkText(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') throw refuseArgument(name, 'must be a text')
}

/** Lets `undefined` through. @throws AcquisitionError `argument_invalid` for anything but a number that is not negative. */
export function checkAmount(name: string, value: unknown): void {
  if (value !== undefined && !(typeof value === 'number' && value >= 0))
    throw refuseArgument(name, 'must be a number, 0 or more')
}

/** Lets `undefined` and `null` through. @throws AcquisitionError `argument_invalid` */
export function checkSignal(value: unknown): void {
  if (value != null && !(value instanceof AbortSignal))
    throw refuseArgument('signal', 'must be an AbortSignal')
}
