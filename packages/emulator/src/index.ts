// The public surface of the emulator.
export { createEmulator, type Emulator } from './emulator/emulator.ts'
export type { EmulatorOptions } from './emulator/options.ts'
export { EmulatorOptionsError, PortInUseError } from './kernel/errors.ts'

export { defaultDirectory } from './directory/default-directory.ts'
export type {
  AgentBlueprint,
  AgentIdentity,
  Application,
  AppRole,
  AppRoleAssignment,
  ClientSecret,
  Consent,
  DirectoryData,
  ExposedScope,
  FederatedCredential,
  Group,
  InheritablePermission,
  ManagedIdentity,
  OptionalClaim,
  Platform,
  RequiredResourceAccess,
  Tenant,
  User,
} from './directory/model.ts'
export type { Account, Directory } from './directory/directory.ts'
export type { Consents } from './directory/consents.ts'

export type { Policy, PolicyDefinition, PolicyKind } from './directory/policy.ts'
export type { AddedPolicy, Policies } from './policies/policies.ts'

export type { Clock, EmulatorClock } from './kernel/clock.ts'
export type { TokenLifetime } from './tokens/lifetime.ts'
export type { SigningKey, SigningKeys } from './tokens/signing-keys.ts'
export type { ResourceIndicators } from './grants/granting-authority.ts'
export type { Registration, RegistrationOptions, SecretCredential } from './connect/registration.ts'
export type { MintRequest } from './tokens/mint.ts'
export type {
  Endpoint,
  NewRequestRecord,
  RequestFilter,
  RequestLog,
  RequestRecord,
} from './kernel/request-log.ts'
export type { RequestCheck } from './kernel/request-check.ts'
export type { Masked } from './kernel/masked.ts'
export type { PolicyResult } from './kernel/policy-result.ts'
export type { Fault, FaultCondition, FaultEffect } from './faults/fault.ts'
export type { Faults } from './faults/faults.ts'
