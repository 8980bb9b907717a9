// MSAL Python against the emulator, cell by cell.
import { msalPython } from './all/msal-python.ts'
import { describeClient } from './run-cells.ts'

describeClient(msalPython)
