// Where the command line takes a token from: a pipe, or a prompt that shows nothing; never an argument.
import { UsageError } from './usage-error.ts'

/** Standard input, as far as it is used. */
export interface TokenInput extends AsyncIterable<unknown> {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/** Far more than any token: a file piped by mistake is not read to its end. */
const maxCharacters = 1_000_000

/**
 * Reads a token; `Authorization:`, `Bearer`, white space and quotes around it are taken off.
 *
 * @throws UsageError when none comes, or the person gives up.
 */
export async function readToken(input: TokenInput, prompt: (text: string) => void): Promise<string> {
  const text = input.isTTY === true ? await readHidden(input, prompt) : await readAll(input)
  const [, , bare = ''] = /^(["']?)(.*)\1$/s.exec(text.trim()) ?? []
  const token = bare.replace(/^(?:authorization:\s*)?(?:bearer\s+)?/i, '').trim()
  if (token === '')
    throw new UsageError('no token came; pipe one in (… < token.txt), or paste it at the prompt')
  return token
}

async function readAll(input: TokenInput): Promise<string> {
  try {
    return await readChunks(input)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError('standard input could not be read; pipe the token in: … < token.txt')
  }
}

async function readChunks(input: TokenInput): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += String(chunk)
    if (text.length > maxCharacters) throw new UsageError('what was piped in is far too long to be a token')
  }
  return text
}

const controlC = '\u0003'
const controlD = '\u0004'
const backspaces: readonly string[] = ['\u007f', '\b']

/** Raw, so that nothing is echoed and no terminal cuts the line at 4 096 characters. */
async function readHidden(input: TokenInput, prompt: (text: string) => void): Promise<string> {
  prompt('Paste the token (it is not shown), then Enter: ')
  input.setRawMode?.(true)
  try {
    return await readLine(input)
  } finally {
    input.setRawMode?.(false)
    prompt('\n')
  }
}

async function readLine(input: TokenInput): Promise<string> {
  let line = ''
  for await (const chunk of input) {
    for (const key of String(chunk)) {
      if (key === '\r' || key === '\n' || key === controlD) return line
      if (key === controlC) throw new UsageError('given up')
      line = backspaces.includes(key) ? line.slice(0, -1) : line + key
    }
    if (line.length > maxCharacters) throw new UsageError('what was pasted is far too long to be a token')
  }
  return line
}
