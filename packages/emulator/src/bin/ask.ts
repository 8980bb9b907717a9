// Asks an emulator that runs, as the commands beside it do.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { parseObject } from '../kernel/base64url.ts'

/** Where an emulator is that was told nothing else. */
export const defaultUrl = 'http://localhost:8444'

/**
 * What one of its own endpoints answers; with a body it is posted.
 * @throws {EmulatorOptionsError} when no emulator answers
 */
export async function ask(
  url: string,
  path: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  let text: string
  try {
    text = await (await fetch(new URL(path, url), { ...init, signal: AbortSignal.timeout(10_000) })).text()
  } catch {
    throw new EmulatorOptionsError('--url', `no emulator answers at ${url}: start one, or say where it is`)
  }
  return parseObject(text) ?? {}
}
