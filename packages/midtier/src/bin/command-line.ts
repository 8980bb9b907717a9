// The options of the command line, each refusal naming the option and the fix, and none repeating what may be a token.
import { parseArgs } from 'node:util'
import { nearestName } from '../kernel/known-options.ts'
import { planFlags, planNumberNames } from './plan-flags.ts'
import { UsageError } from './usage-error.ts'

const ownFlags = {
  tenant: { type: 'string' },
  'client-id': { type: 'string' },
  instance: { type: 'string' },
  audience: { type: 'string', multiple: true },
  resource: { type: 'string' },
  'allowed-tenant': { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  url: { type: 'string' },
  'graph-url': { type: 'string' },
  'user-token': { type: 'boolean' },
  'sign-in': { type: 'string' },
  store: { type: 'string' },
  sticky: { type: 'boolean' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  version: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
} as const

const flags: typeof ownFlags & typeof planFlags = { ...ownFlags, ...planFlags }

type FlagName = keyof typeof flags

/** What was asked for, by the names of the options. */
export type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

export type CommandName = 'explain' | 'doctor' | 'registration' | 'plan'

interface Command {
  readonly flags: readonly FlagName[]
  readonly words: number
}

/** The commands: the options of each, beside those of all of them, and how many words may follow. */
const commands: Readonly<Record<CommandName, Command>> = {
  explain: {
    flags: [
      'tenant',
      'client-id',
      'instance',
      'audience',
      'resource',
      'allowed-tenant',
      'scope',
      'role',
      'all',
      'json',
    ],
    words: 0,
  },
  doctor: {
    flags: [
      'tenant',
      'client-id',
      'instance',
      'audience',
      'resource',
      'allowed-tenant',
      'scope',
      'role',
      'url',
      'graph-url',
      'user-token',
      'sign-in',
      'all',
      'json',
    ],
    words: 1,
  },
  registration: { flags: ['graph-url', 'json'], words: 2 },
  plan: { flags: [...planNumberNames, 'store', 'sticky', 'json'], words: 0 },
}

/** A command line that was understood. */
export interface CommandLine {
  /** `undefined` when help or the version was asked for, by nothing else. */
  readonly command: CommandName | undefined
  /** What follows the command without dashes. */
  readonly words: readonly string[]
  readonly values: Flags
}

/** @throws UsageError for anything that cannot be meant. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  refuseToken(args)
  const line = { args: [...args], options: flags, allowPositionals: true, tokens: true } as const
  const loose = parseArgs({ ...line, strict: false })
  const [name = '', ...words] = loose.positionals
  const command = isCommand(name) ? name : undefined
  const known: readonly string[] =
    command === undefined ? Object.keys(flags) : [...commands[command].flags, 'version', 'help']
  // Loosely first, so that every refusal is in our words: those of the parser may repeat a value.
  for (const token of loose.tokens)
    if (token.kind === 'option')
      checkOption(known, token.name, token.rawName, token.value, token.inlineValue, helpOf(command))
  const { values } = parseArgs({ ...line, strict: true })
  if (values.help === true || values.version === true) return { command, words, values }
  if (command === undefined)
    throw new UsageError(
      'say what to do: midtier explain, midtier doctor, midtier registration or midtier plan',
    )
  if (words.length > commands[command].words) throw new UsageError(tooMany[command])
  return { command, words, values }
}

/** The command that was meant, also where the rest could not be understood. */
export function commandOf(args: readonly string[]): CommandName | undefined {
  return args.find(isCommand)
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}

/** How the options of a command are listed. */
export function helpOf(command: CommandName | undefined): string {
  return command === undefined || command === 'explain' ? 'midtier --help' : `midtier ${command} --help`
}

const howToPass =
  'Pipe the token in (… < token.txt, or from the clipboard: see --help), or run the command without and paste it at the prompt, which does not show it'

const tooMany: Readonly<Record<CommandName, string>> = {
  explain: `explain takes options alone. ${howToPass}`,
  doctor: 'doctor takes one module, the one that exports the options of the API, or the API',
  registration: 'registration takes what to make (script, bicep or diff) and one file',
  plan: 'plan takes options alone',
}

/** Before anything else looks at the arguments, so that no message can repeat one. */
function refuseToken(args: readonly string[]): void {
  if (
    args.some(
      (arg) =>
        arg.includes('eyJ') ||
        /^--?(?:access-?)?token(?!-(?:bytes|lifetime)\b)/i.test(arg) ||
        arg.length > 2_000,
    )
  )
    throw new UsageError(
      `a token must not be an argument, and this one was not read: arguments stay in the history of the shell and show in the list of processes. ${howToPass}. What was typed may be known to others now: let it expire`,
    )
}

function checkOption(
  known: readonly string[],
  name: string,
  rawName: string,
  value: string | undefined,
  isInline: boolean | undefined,
  help: string,
): void {
  if (!isFlag(name) || !known.includes(name)) {
    const nearest = nearestName(name, known)
    const hint = nearest === undefined ? `see ${help}` : `did you mean --${nearest}?`
    // A name is repeated; anything else may be a secret that was pasted.
    const shown = /^--?[a-z][a-z-]{0,30}$/i.test(rawName) ? rawName : 'what begins with a dash'
    throw new UsageError(`${shown} is no option; ${hint}`)
  }
  if (flags[name].type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name}: takes no value; give --${name} alone`)
  } else if (value === undefined || (isInline !== true && value.startsWith('-')))
    throw new UsageError(`--${name}: its value is missing; give --${name} <value>`)
}

function isFlag(name: string): name is FlagName {
  return Object.hasOwn(flags, name)
}
