// The options of the command line, each refusal naming the option and the fix, and none repeating what may be a token.
import { parseArgs } from 'node:util'
import { nearestName } from '../kernel/known-options.ts'
import { UsageError } from './usage-error.ts'

const flags = {
  tenant: { type: 'string' },
  'client-id': { type: 'string' },
  instance: { type: 'string' },
  audience: { type: 'string', multiple: true },
  resource: { type: 'string' },
  'allowed-tenant': { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  version: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What was asked for, by the names of the options. */
export type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

/** @throws UsageError for anything that cannot be meant. */
export function parseCommandLine(args: readonly string[]): Flags {
  refuseToken(args)
  const line = { args: [...args], options: flags, allowPositionals: true, tokens: true } as const
  // Loosely first, so that every refusal is in our words: those of the parser may repeat a value.
  for (const token of parseArgs({ ...line, strict: false }).tokens)
    if (token.kind === 'option') checkOption(token.name, token.rawName, token.value, token.inlineValue)
  const { values, positionals } = parseArgs({ ...line, strict: true })
  if (values.help === true || values.version === true) return values
  if (positionals[0] !== 'explain') throw new UsageError('say what to do: midtier explain')
  if (positionals.length > 1) throw new UsageError(`explain takes options alone. ${howToPass}`)
  return values
}

const howToPass =
  'Pipe the token in (… < token.txt, or from the clipboard: see --help), or run the command without and paste it at the prompt, which does not show it'

/** Before anything else looks at the arguments, so that no message can repeat one. */
function refuseToken(args: readonly string[]): void {
  if (args.some((arg) => arg.includes('eyJ') || /^--?(?:access-?)?token/i.test(arg) || arg.length > 2_000))
    throw new UsageError(
      `a token must not be an argument, and this one was not read: arguments stay in the history of the shell and show in the list of processes. ${howToPass}. What was typed may be known to others now: let it expire`,
    )
}

function checkOption(
  name: string,
  rawName: string,
  value: string | undefined,
  isInline: boolean | undefined,
): void {
  if (!isKnown(name)) {
    const nearest = nearestName(name, Object.keys(flags))
    const hint = nearest === undefined ? 'see midtier --help' : `did you mean --${nearest}?`
    // A name is repeated; anything else may be a secret that was pasted.
    const shown = /^--?[a-z][a-z-]{0,30}$/i.test(rawName) ? rawName : 'what begins with a dash'
    throw new UsageError(`${shown} is no option; ${hint}`)
  }
  if (flags[name].type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name}: takes no value; give --${name} alone`)
  } else if (value === undefined || (isInline !== true && value.startsWith('-')))
    throw new UsageError(`--${name}: its value is missing; give --${name} <value>`)
}

function isKnown(name: string): name is keyof typeof flags {
  return Object.hasOwn(flags, name)
}
