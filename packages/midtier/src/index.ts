// The public surface of midtier, in reading order.
export { createWebApi, explainToken } from './web-api/create-web-api.ts'
export type { WebApi } from './web-api/web-api.ts'
export type { ClientCredentialHealth, WebApiHealth } from './web-api/health.ts'
export type { SharedStoreHealth } from './acquire/shared/shared-store.ts'
export type { PausedTokenEndpoint } from './acquire/sources/gates.ts'
export type { Register, RegisteredCaller } from './web-api/register.ts'
export type { IncomingRequest } from './web-api/incoming-request.ts'
export type {
  AdditionalRegistration,
  AnyWebApiOptions,
  DownstreamApiOptions,
  EntraRegistrationOptions,
  OpenIdDownstreamApiOptions,
  OpenIdIssuerOptions,
  OpenIdRegistrationOptions,
  OpenIdWebApiOptions,
  ResilienceOptions,
  ResourceOptions,
  RevocationOptions,
  SigningKeysOptions,
  LongRunningOptions,
  TokenCacheOptions,
  WebApiOptions,
} from './options.ts'
export type { Caller, RunWithCaller } from './web-api/caller.ts'
export type { LongRunningApi } from './web-api/long-running-api.ts'
export type { RevocationsApi, RevokeOptions } from './web-api/revocations-api.ts'
export type { ContinueOptions, StartOptions } from './acquire/long-running.ts'
export type { Acting } from './web-api/acting.ts'
export type { Agent, AgentOptions, AgentUser } from './web-api/agent.ts'
export type { ApplicationOptions } from './web-api/application.ts'
export type { AgentUserAccount } from './grants/user-fic.ts'
export type { Principal } from './protect/principal.ts'
export type { AgentPrincipal } from './protect/agent.ts'
export type { AgentRule, Needed, RequirementsOf } from './protect/requirements/requirements.ts'
export type { Requirements } from './web-api/requirements.ts'
export { requireAuthContext } from './protect/requirements/require-auth-context.ts'
export type { ExplainedCheck } from './protect/checks/explained-check.ts'
export type { TokenExplanation } from './protect/explain.ts'
export type { TimesInWords } from './protect/times-in-words.ts'
export type { ResourceMetadata } from './bearer/resource-metadata.ts'
export type { SigningKeysHealth } from './authority/signing-keys.ts'

export { clientSecret } from './client-auth/secret.ts'
export { clientCertificate, type ClientCertificateOptions } from './client-auth/certificate/certificate.ts'
export {
  clientCertificateFile,
  type ClientCertificateFileOptions,
} from './client-auth/certificate/certificate-file.ts'
export {
  clientSigner,
  type ClientSignerOptions,
  type Sign,
  type SignContext,
} from './client-auth/assertion/signer.ts'
export {
  clientAssertion,
  type ClientAssertionContext,
  type ClientAssertionOptions,
} from './client-auth/assertion/assertion.ts'
export { federatedTokenFile, type FederatedTokenFileOptions } from './client-auth/federated-token-file.ts'
export {
  createManagedIdentity,
  type ManagedIdentity,
  type ManagedIdentityOptions,
  type ManagedIdentityTokenRequest,
} from './client-auth/managed-identity/managed-identity.ts'
export {
  appServiceEndpoint,
  imdsEndpoint,
  type AppServiceEndpointOptions,
  type ManagedIdentityEndpoint,
} from './client-auth/managed-identity/managed-identity-endpoint.ts'
export {
  federatedManagedIdentity,
  type FederatedManagedIdentityOptions,
} from './client-auth/managed-identity/federated-managed-identity.ts'
export { firstOf, type CredentialCandidate } from './client-auth/first-of.ts'
export {
  fromEnvironment,
  type Environment,
  type EnvironmentOptions,
  type EnvironmentPorts,
} from './client-auth/from-environment.ts'
export type { ReadFile, ReadTextFile } from './client-auth/read-text-file.ts'
export type { ClientCredential, ClientCredentialFacts } from './client-auth/client-credential.ts'

export {
  tokenExchangeProfiles,
  type TokenExchangeProfile,
  type TokenExchangeProfileName,
} from './grants/token-exchange-profiles.ts'
export type { AcquireForClientOptions, AcquireOptions } from './acquire/request/requests.ts'
export type { AccessToken } from './acquire/token-source.ts'
export type { DownstreamApi, DownstreamRelayInit } from './call/downstream-api.ts'
export type { DownstreamReadOptions } from './call/answer/redirects.ts'
export type { DownstreamCallOptions, DownstreamRequestInit } from './call/request/request.ts'
export type { ByteStream, DownstreamBody } from './call/request/request-body.ts'

export { getAccountId, type Account } from './token-cache/account.ts'
export type { KeyRingOptions } from './token-cache/key-ring.ts'
export type { Lease, Slot, Subscription, TokenStore } from './token-cache/store.ts'
export { parseChallenges, type Challenge } from './bearer/parse-challenges.ts'
export { findClaimsChallenge, type ClaimsChallenge } from './bearer/claims-challenge.ts'
export { isMidtierError, type AnyMidtierError } from './kernel/errors/known-errors.ts'
export { answer } from './answer/answer.ts'
export { render, type RenderedAnswer } from './answer/render.ts'

export {
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  MidtierError,
  TokenRequestError,
  TokenStoreError,
  type BearerErrorName,
  type ChallengeOrigin,
  type ChallengeStyle,
  type DownstreamFacts,
  type InteractionReason,
  type InteractionRequest,
  type OutageReason,
  type RefusalReason,
  type ResourceFacts,
  type TokenErrorFacts,
} from './kernel/errors/errors.ts'

export type {
  AcquisitionReason,
  GrantName,
  ObservedEvent,
  Observer,
  ObserverEvent,
  Operation,
  TokenKind,
  TokenOrigin,
} from './kernel/observer.ts'
export type { SignatureAlgorithm } from './kernel/crypto/signature-algorithm.ts'
export type { Clock } from './kernel/time/clock.ts'
export type { AuditLogger } from './kernel/log/audit-log.ts'
export type { Logger } from './kernel/log/logger.ts'
export type { Fetch } from './kernel/http/http.ts'
