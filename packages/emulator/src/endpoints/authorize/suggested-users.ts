// Whom the sign-in page offers: the first ones of the directory, and whoever was hinted at.
import type { Directory } from '../../directory/directory.ts'
import type { Tenant, User } from '../../directory/model.ts'
import { maximumSuggestions } from '../../ui/sign-in-page.tsx'

/** People with a password, of a tenant or of all; no more than a page lists. */
export function suggestUsers(
  directory: Directory,
  tenant: Tenant | undefined,
  hint: string | undefined,
): readonly User[] {
  const isListed = (user: User): boolean =>
    user.password !== undefined && (tenant === undefined || directory.findAccount(user, tenant) !== undefined)
  const hinted = directory.findUser(hint)
  const listed = hinted !== undefined && isListed(hinted) ? [hinted] : []
  for (const user of directory.users) {
    if (listed.length >= maximumSuggestions) break
    if (user !== hinted && isListed(user)) listed.push(user)
  }
  return listed
}
