// Ports that are taken: which option is at fault, and that nothing stays open.
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { createEmulator, PortInUseError } from '../../src/index.ts'
import { createEmulatorOnKeptPort } from '../kept-port.ts'

it('opens nothing where the https port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const httpsPort = (other.address() as AddressInfo).port
  const first = await createEmulatorOnKeptPort({})
  const port = Number(new URL(first.origin).port)
  await first.stop()
  const failing = createEmulator({ port, httpsPort })
  await expect(failing).rejects.toThrow(PortInUseError)
  await expect(failing).rejects.toMatchObject({ option: 'httpsPort' })
  await (await createEmulator({ port })).stop()
  other.close()
})
