// Registrations as code: one typed file, and from it the emulator's directory and the options of createWebApi. The command makes the rest of it.
export { defineRegistrations } from './define-registrations.ts'
export { emulatorDirectory, type EmulatorDirectoryOptions } from './emulator-directory.ts'
export { webApiOptions, type RegisteredOptions } from './web-api-options.ts'
export type {
  AgentDefinition,
  AppRoleDefinition,
  ApplicationDefinition,
  DownstreamName,
  DownstreamPermissions,
  Registrations,
  ScopeDefinition,
} from './definition.ts'
