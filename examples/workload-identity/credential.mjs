// @ts-check
// How this API proves itself: by what the platform that it runs on vouches for.
import {
  appServiceEndpoint,
  createManagedIdentity,
  federatedManagedIdentity,
  federatedTokenFile,
  imdsEndpoint,
} from 'midtier'
import { readTextFile } from 'midtier/node'

const { AZURE_FEDERATED_TOKEN_FILE, IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env

export const clientCredential =
  AZURE_FEDERATED_TOKEN_FILE === undefined
    ? federatedManagedIdentity(createManagedIdentity({ endpoint: findEndpoint() }))
    : federatedTokenFile({ path: AZURE_FEDERATED_TOKEN_FILE, readFile: readTextFile }) // Kubernetes

function findEndpoint() {
  if (IDENTITY_ENDPOINT === undefined) return imdsEndpoint() // virtual machines
  return appServiceEndpoint({ endpoint: IDENTITY_ENDPOINT, header: IDENTITY_HEADER }) // App Service, Functions, Container Apps
}
