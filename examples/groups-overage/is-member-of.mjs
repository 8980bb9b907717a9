// @ts-check
// Whether the caller is in a group: by the token where it lists the groups, by Microsoft Graph where they are too many for it.
import { isMidtierError } from 'midtier'

/**
 * A `check` for the requirements of a route.
 * @param {string} groupId
 * @returns {NonNullable<import('midtier').Requirements['check']>}
 */
export const isMemberOf =
  (groupId) =>
  async ({ claims }, caller) => {
    if (Array.isArray(claims['groups'])) return claims['groups'].includes(groupId)
    return isOverage(claims) && (await askGraph(caller, groupId))
  }

/** Beyond 200 groups a token has a pointer in their place. It is of a Graph that was retired, so it is not followed. */
function isOverage(/** @type {Readonly<Record<string, unknown>>} */ claims) {
  const names = claims['_claim_names']
  return claims['hasgroups'] === true || (typeof names === 'object' && names !== null && 'groups' in names)
}

/** Nested groups count. @param {import('midtier').Caller} caller @param {string} groupId */
async function askGraph(caller, groupId) {
  try {
    const body = { groupIds: [groupId] }
    /** @type {{ value: string[] }} */
    const { value } = await caller.downstream('graph').postJson('me/checkMemberGroups', body)
    return value.includes(groupId)
  } catch (error) {
    // What Graph failed with says nothing of this route; a challenge to the caller does, and goes on.
    if (isMidtierError(error) && error.code === 'downstream_failed')
      throw new Error('Microsoft Graph did not say who is a member', { cause: error })
    throw error
  }
}
