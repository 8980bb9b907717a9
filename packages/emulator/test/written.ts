// Compares markup with the file in which it is written down, in lines that people can read.
import { format, resolveConfig } from 'prettier'
import { expect } from 'vitest'

/** Expects the markup of a file; a new file is written. */
export async function expectWritten(markup: string, path: string): Promise<void> {
  const config = await resolveConfig(path)
  await expect(await format(markup, { ...config, filepath: path })).toMatchFileSnapshot(path)
}
