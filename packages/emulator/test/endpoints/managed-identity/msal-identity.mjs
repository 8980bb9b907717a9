// Unmodified @azure/msal-node as one managed identity; in a process of its own, because it chooses its endpoint once.
import { ManagedIdentityApplication } from '@azure/msal-node'

const { resource, clientId } = JSON.parse(process.argv[2])
const managedIdentityIdParams = clientId === undefined ? {} : { userAssignedClientId: clientId }
const identity = new ManagedIdentityApplication({ managedIdentityIdParams })
const { accessToken } = await identity.acquireToken({ resource })
const { fromCache } = await identity.acquireToken({ resource })
console.log(JSON.stringify({ accessToken, fromCache }))
