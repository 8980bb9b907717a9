// MSAL Browser against the emulator, cell by cell.
import { describeClient } from '../run-cells.ts'
import { msalBrowser } from './msal-browser.ts'

describeClient(msalBrowser)
