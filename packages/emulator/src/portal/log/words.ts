// What requests, checks and claims are called on the pages of the sign-in log.
import type { RequestRecord } from '../../kernel/request-log.ts'
import { flowOf, resultOf } from './flow.ts'

const grantTitles: Readonly<Record<string, string>> = {
  code: 'Code redeemed',
  refresh: 'Refresh',
  'app-only': 'Client credentials',
  'on-behalf-of': 'On-behalf-of',
  'agent-user': 'Agent’s user account',
  'device-code': 'Device code',
  password: 'Password grant',
}

const formTitles: Readonly<Record<string, string>> = {
  login: 'Name and password',
  account: 'Account picked',
  consent: 'Consent',
  approve: 'Second step',
  register: 'Second step registered',
}

/** What a request was, in a few words: `On-behalf-of → To Do API`. */
export function titleOf(record: RequestRecord): string {
  const { endpoint, path, method, resource, parameters } = record
  if (endpoint === 'token') {
    const flow = flowOf(record)
    const title = Object.hasOwn(grantTitles, flow) ? (grantTitles[flow] ?? flow) : flow
    return resource === undefined ? title : `${title} → ${resource}`
  }
  if (endpoint === 'authorize') return parameters?.['prompt'] === 'none' ? 'Authorize, silent' : 'Authorize'
  if (endpoint === 'interaction') return formTitles[path.slice(path.lastIndexOf('/') + 1)] ?? 'Form'
  return `${method} ${endpoint === 'graph' ? path.replace(/^(\/graph)?\/v1\.0/, '') : path}`
}

/** How a request ended, in a few words: `50076`, `issued`, `sign-in page`. */
export function outcomeOf(record: RequestRecord): string {
  const { error = [], status, shown } = record
  const result = resultOf(record)
  if (error.length > 0) return error.join(', ')
  if (result === 'asked') return shown ?? 'asked'
  if (result === 'refused' || result === 'answered') return String(status)
  return result === 'cut' ? 'cut' : record.endpoint === 'token' ? 'issued' : 'code'
}

/** A check as it is read: `client_authentication` is “Client authentication”. */
export function checkTitle(name: string): string {
  const words = name.replaceAll('_', ' ')
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

/** The time of day by the emulator's clock, as UTC. */
export function timeOfDay({ time }: Pick<RequestRecord, 'time'>, withFraction = false): string {
  return time.slice(11, withFraction ? 23 : 19)
}

/** What people call a user: the part before the domain. */
export function shortUser(user: string): string {
  return user.split('@')[0] ?? user
}
