// A fault as a sentence: whom it hits, and how their requests end.
import type { Fault, FaultCondition, FaultEffect } from './fault.ts'

const endpoints: Readonly<Record<string, string>> = {
  discovery: 'Discovery requests',
  keys: 'Requests for the signing keys',
  instance: 'Instance discovery requests',
  authorize: 'Authorization requests',
  interaction: 'Forms of the sign-in pages',
  token: 'Token requests',
  logout: 'Sign-outs',
  userinfo: 'Userinfo requests',
  graph: 'Graph requests',
}

/** How directory names are said; default: as they stand. */
export type Naming = (id: string) => string

/** The whole sentence, without its full stop. */
export function describeFault({ when, then }: Fault, nameOf: Naming = String): string {
  return `${describeCondition(when, nameOf)} ${describeEffect(then)}${describeCount(when)}`
}

function describeCondition(when: FaultCondition, nameOf: Naming): string {
  const { endpoint, grantType, clientId, user, resource } = when
  return [
    endpoint === undefined ? 'All requests' : (endpoints[endpoint] ?? endpoint),
    grantType !== undefined && `of the grant ${shortGrant(grantType)}`,
    clientId !== undefined && `by ${nameOf(clientId)}`,
    user !== undefined && `of ${user}`,
    resource !== undefined && `for ${nameOf(resource)}`,
  ]
    .filter((part) => part !== false)
    .join(' ')
}

function shortGrant(grantType: string): string {
  return grantType.replace('urn:ietf:params:oauth:grant-type:', '')
}

function describeEffect(then: FaultEffect): string {
  const parts = [
    then.delayMs !== undefined && `wait ${String(then.delayMs / 1000)} s`,
    describeAnswer(then),
    then.headers !== undefined && `get ${Object.keys(then.headers).join(', ')} as well`,
    then.truncate === true && 'are cut after half of the answer',
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'go on as usual' : parts.join(' and ')
}

function describeAnswer(then: FaultEffect): string | false {
  if (then.drop === true) return 'are cut off'
  if (then.hang === true) return 'are never answered'
  if (then.aadsts !== undefined) return `are refused with AADSTS${String(then.aadsts)}`
  if (then.status !== undefined || then.body !== undefined)
    return `are answered ${String(then.status ?? 200)}${then.body === undefined ? '' : ' with a body of their own'}`
  return false
}

function describeCount({ nth, times }: FaultCondition): string {
  if (nth !== undefined) return `, only the request number ${String(nth)}`
  if (times === undefined) return ''
  return times === 1 ? ', only the next one' : `, only the next ${String(times)}`
}
