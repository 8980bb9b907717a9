// Unmodified clients against the emulator, cell by cell; docs/clients.md is the table of it.
import { clients, elsewhere } from './all/all.ts'
import { describeClient } from './run-cells.ts'

for (const client of clients) if (!elsewhere.includes(client)) describeClient(client)
