// Fills msal-node with as many users as it is asked to: the entries of one real exchange, written anew for each, through its own `deserialize`.
import { hash } from 'node:crypto'
import { createMsal, msalUser } from './acquire-contenders.mjs'
import { tenantId, userId } from './acquire-tokens.mjs'

/** Users that are handed over at once, so that no text grows past what a string can hold. */
const batch = 10_000

/** Only those whom `callers` names have an assertion that anybody holds. */
export async function seedMsal(users, count, callers, application = createMsal()) {
  await application.acquireTokenOnBehalfOf(msalUser(users.assertion(0)))
  const assertionOf = (index) => (callers.has(index) ? users.assertion(index) : userId(index))
  const model = JSON.parse(application.getTokenCache().serialize())
  for (let from = 1; from < count; from += batch)
    application
      .getTokenCache()
      .deserialize(writeUsers(model, assertionOf, from, Math.min(from + batch, count)))
  return { application, accounts: describeAccount }
}

function describeAccount(index) {
  const oid = userId(index)
  return {
    homeAccountId: `${oid}.${tenantId}`,
    environment: 'login.windows.net',
    tenantId,
    username: '',
    localAccountId: oid,
  }
}

function writeUsers(model, assertionOf, from, to) {
  const written = { Account: {}, IdToken: {}, AccessToken: {}, RefreshToken: {}, AppMetadata: {} }
  for (const kind of ['Account', 'IdToken', 'AccessToken'])
    for (const [key, entry] of Object.entries(model[kind]))
      for (let index = from; index < to; index++)
        Object.assign(written[kind], writeEntry(key, entry, assertionOf(index), userId(index)))
  return JSON.stringify(written)
}

const modelId = userId(0)

function writeEntry(key, entry, assertion, oid) {
  const copy = { ...entry }
  for (const [name, value] of Object.entries(copy))
    if (typeof value === 'string') copy[name] = value.replaceAll(modelId, oid)
  if ('userAssertionHash' in copy) copy.userAssertionHash = hash('sha256', assertion, 'base64url')
  return { [key.replaceAll(modelId, oid)]: copy }
}
