// The photo of a user: a square in a colour that follows from the object id. Agents' user accounts have none.
import type { Account } from '../directory/directory.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { sha256Bytes } from '../kernel/digest.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { answer, graphBase } from './answer.ts'
import type { NeededPermissions } from './graph-caller.ts'
import { GraphError } from './graph-error.ts'
import { drawSquare } from './png.ts'
import { findAccount } from './user-entity.ts'

const size = 48
const ofMe: NeededPermissions = {
  scopes: ['User.Read', 'User.ReadBasic.All', 'User.Read.All', 'ProfilePhoto.Read.All'],
  roles: 'any',
}
const ofUsers: NeededPermissions = {
  scopes: ['User.ReadBasic.All', 'User.Read.All', 'ProfilePhoto.Read.All'],
  roles: ['User.Read.All', 'ProfilePhoto.Read.All'],
}

/** GET v1.0/me/photo and v1.0/users/{id}/photo: what picture there is. */
export function photo(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return withPhoto(c, authority, () =>
    c.json({
      '@odata.context': `${graphBase(c, authority)}/$metadata#users('me')/photo/$entity`,
      '@odata.mediaContentType': 'image/png',
      id: `${String(size)}X${String(size)}`,
      height: size,
      width: size,
    }),
  )
}

/** GET v1.0/me/photo/$value and v1.0/users/{id}/photo/$value: the picture. */
export function photoValue(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return withPhoto(c, authority, ({ id }) => {
    const [red = 0, green = 0, blue = 0] = sha256Bytes(id)
    const body = Uint8Array.from(drawSquare(size, [red, green, blue]))
    return c.body(body, 200, { 'content-type': 'image/png' })
  })
}

function withPhoto(
  c: EmulatorContext,
  authority: TokenIssuer,
  send: (account: Account) => Response,
): Promise<Response> {
  return answer(c, authority, c.req.param('id') === undefined ? ofMe : ofUsers, (caller) => {
    const account = findAccount(c, authority, caller)
    if (account.user.agentIdentityId === undefined) return send(account)
    throw new GraphError('ImageNotFound', 'The specified image was not found.', 404)
  })
}
