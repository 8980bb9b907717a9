// Microsoft Graph from the directory: /me, /users (chosen, in pages) and /users/{id}.
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { answer } from './answer.ts'
import { sendEntity, sendPage } from './collection.ts'
import type { NeededPermissions } from './graph-caller.ts'
import { findAccount, toGraphUser, userKind, visibleUser } from './user-entity.ts'

const readMe: NeededPermissions = {
  scopes: ['User.Read', 'User.Read.All', 'Directory.Read.All'],
  roles: 'any',
}
const readUsers: NeededPermissions = {
  scopes: ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All'],
  roles: ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All'],
}

/** GET v1.0/me */
export function me(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, readMe, (caller) =>
    sendEntity(c, authority, userKind, toGraphUser(findAccount(c, authority, caller), authority.directory)),
  )
}

/** GET v1.0/users */
export function users(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, readUsers, (caller) => {
    const { directory } = authority
    return sendPage(c, authority, userKind, {
      items: directory.accountsOf(caller.tenant),
      toEntity: (account) => visibleUser(account, caller, directory),
    })
  })
}

/** GET v1.0/users/{id or userPrincipalName} */
export function user(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, readUsers, (caller) => {
    const account = findAccount(c, authority, caller)
    return sendEntity(c, authority, userKind, visibleUser(account, caller, authority.directory))
  })
}
