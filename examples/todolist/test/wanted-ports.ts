// Ports to begin the search with: other ones in each process, and none that the system hands out for outgoing connections.
import type { Ports } from '../scenario/ports.ts'

// Outgoing connections come from 32 768 on (Linux) or 49 152 on (macOS, Windows): a program that is started again finds its port free.
const first = 11_000
const blocks = 520
const blockSize = 40

/** Where `findPorts` is to begin; a port that is taken all the same is passed over. */
export function wantedPorts(): Ports {
  const from = first + (process.pid % blocks) * blockSize
  return { emulator: from, todoApi: from + 10, middleTier: from + 20, client: from + 30 }
}
