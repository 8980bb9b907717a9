// An emulator at a port that it finds free again after a restart.
import { createEmulator, PortInUseError, type Emulator, type EmulatorOptions } from '../src/index.ts'

// Outgoing connections come from 32 768 on (Linux) or 49 152 on (macOS, Windows), and so do ports that are given for 0.
const first = 11_000
const end = 31_800
const perProcess = 40

/** Other processes begin elsewhere, so that hardly ever two of them want one port. */
let next = first + ((process.pid * perProcess) % (end - first))

/** Starts it at the next port that nobody has. */
export async function createEmulatorOnKeptPort(options: EmulatorOptions): Promise<Emulator> {
  for (;;) {
    const port = next
    next = next + 1 < end ? next + 1 : first
    try {
      return await createEmulator({ ...options, port })
    } catch (error) {
      if (!(error instanceof PortInUseError)) throw error
    }
  }
}
