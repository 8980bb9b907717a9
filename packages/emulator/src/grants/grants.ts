// The grant types that the token endpoint knows: to add one, write its file and add a line.
import { redeemAuthorizationCode } from './authorization-code.ts'
import { grantClientCredentials } from './client-credentials.ts'
import { redeemDeviceCode } from './device-code.ts'
import { grantOnBehalfOf } from './on-behalf-of.ts'
import { grantPassword } from './password.ts'
import { redeemRefreshToken } from './refresh-token.ts'
import { grantUserFederatedCredential } from './user-federated-credential.ts'
import type { Grant } from './token-request.ts'

export const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ['authorization_code', redeemAuthorizationCode],
  ['refresh_token', redeemRefreshToken],
  ['client_credentials', grantClientCredentials],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', grantOnBehalfOf],
  ['user_fic', grantUserFederatedCredential],
  ['urn:ietf:params:oauth:grant-type:device_code', redeemDeviceCode],
  // What MSAL sends.
  ['device_code', redeemDeviceCode],
  ['password', grantPassword],
])
