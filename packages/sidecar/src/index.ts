// The public surface of @midtier/sidecar: the command is what most use, and this is for programs and tests that start one themselves.
export { type RunningSidecar, type SidecarOptions, startSidecar } from './server/start-sidecar.ts'
export { SettingError } from './kernel/refusals.ts'
