// The addresses of the sign-in log, and of the requests for programs.
import type { Emulation } from '../../endpoints/emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { logAction, logEntry, logList, logLive } from './log.tsx'
import { requests } from './requests.ts'

type Handler = (c: EmulatorContext, emulation: Emulation) => Response | Promise<Response>

/** Method, path and handler. */
export const logRoutes: readonly (readonly [methods: string, path: string, handler: Handler])[] = [
  ['GET', '/_emulator/requests', requests],
  ['GET', '/_emulator/log', logList],
  ['GET', '/_emulator/log/live', logLive],
  ['GET', '/_emulator/log/:id', logEntry],
  ['POST', '/_emulator/log/:id', logAction],
]
