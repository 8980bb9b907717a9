// The control endpoint of tokens: programs in other processes, and a shell, get them without a sign-in.
import type { EmulatorContext } from '../../http/exchange.ts'
import { mint, type MintRequest } from '../../tokens/mint.ts'
import type { Emulation } from '../emulation.ts'
import { change } from './change.ts'
import { readJson } from './own-client.ts'

/** POST /_emulator/mint: what `emulator.mint` makes, by the same members. */
export function mintToken(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async () => {
    const token = await mint(emulation, (await readJson(c)) as MintRequest) // which checks its shape
    c.header('cache-control', 'no-store')
    return c.json({ token })
  })
}
