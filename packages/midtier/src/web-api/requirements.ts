// What a route of a web API demands: its own check is handed the caller.
import type { RequirementsOf } from '../protect/requirements/requirements.ts'
import type { Caller } from './caller.ts'

/** What a route demands. Everything given has to be met; nothing given means that any valid token will do. */
export type Requirements<Api extends string = string> = RequirementsOf<Caller<Api>>
