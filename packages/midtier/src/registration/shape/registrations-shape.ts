// The shape of a file of registrations, member by member: types are not all that may come, for files are JavaScript and JSON, too.
import { isGuidInAnyCase } from '../../kernel/guid.ts'
import { either, flag, list, maybe, members, named, oneOf, text, type Shape } from './shape.ts'

const guid = text(36, { test: isGuidInAnyCase }, 'is not a GUID, as in c0000000-0000-4000-8000-000000000001')
const displayName = text(256)
const description = text(1024)
const uri: Shape = (at, value) => {
  text(2048, /^[a-z][a-z\d+.-]*:\S+$/i, "must be an absolute URI: 'https://…'")(at, value)
}
const noName = 'is no name: letters, digits and _ alone, a letter first'
const name: Shape = (at, value) => {
  text(60, /^[A-Za-z]\w*$/, noName)(`${at}.${String(value)}`, value)
}
const claim = text(120, /^\S+$/, "must be the name of a claim: 'acrs'")

/** What Entra takes as value of a scope or an app role: no space, no quotation mark, no backslash, no line end. */
const permissionName = text(
  120,
  /^(?!\.)[\w!#$%&'()*+,\-./:;=?@[\]^`{|}~]{1,120}$/,
  'holds a name that Entra does not take for a scope or an app role: letters, digits, dots and most signs, no space',
)
const permissionNames = list(permissionName)

function exposed(more: Readonly<Record<string, Shape>>): Shape {
  const full = members({ description, id: guid, ...more }, ['description'])
  return named(
    either((value) => typeof value === 'string', description, full),
    permissionName,
  )
}

const application: Shape = members(
  {
    displayName,
    clientId: guid,
    signInAudience: oneOf('AzureADMyOrg', 'AzureADMultipleOrgs'),
    identifierUris: list(uri),
    tokenVersion: oneOf(1, 2),
    scopes: exposed({ adminOnly: flag }),
    appRoles: exposed({}),
    optionalClaims: members({ accessToken: list(claim), idToken: list(claim) }),
    groupClaims: oneOf('SecurityGroup', 'DirectoryRole', 'ApplicationGroup', 'All'),
    redirectUris: members({ spa: list(uri), web: list(uri), publicClient: list(uri) }),
    idTokenIssuance: flag,
    publicClientFlows: flag,
    downstream: named(
      maybe(
        either(Array.isArray, permissionNames, members({ scopes: permissionNames, roles: permissionNames })),
      ),
    ),
    knownClients: list(text(100)),
    preAuthorizedClients: named(maybe(permissionNames)),
    agents: named(members({ displayName, clientId: guid }, ['displayName']), name),
  },
  ['displayName'],
)

/** @throws ConfigurationError naming the path of the first value that cannot be meant */
export const checkRegistrationsShape: Shape = members(
  {
    name: text(60, /^[A-Za-z][\w-]*$/, 'is no name: letters, digits, _ and - alone, a letter first'),
    tenantId: either(
      (value) => typeof value === 'string' && value.includes('.'),
      // An application of the real tenant is found by its GUID alone; domains change.
      text(
        0,
        /^$/,
        'is not a GUID; write that of the tenant in place of its domain: az account show --query tenantId',
      ),
      guid,
    ),
    applications: named(application, name),
  },
  ['tenantId', 'applications'],
)
