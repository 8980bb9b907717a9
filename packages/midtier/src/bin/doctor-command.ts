// `midtier doctor`: what is wrong with the set-up of an API, from a module, the environment or options.
import { readFile } from 'node:fs/promises'
import { examine, misconfigured } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import type { Runtime } from '../doctor/subject.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import { printableJson } from '../kernel/printable.ts'
import type { AnyWebApiOptions } from '../options.ts'
import type { CommandLine, Flags } from './command-line.ts'
import { optionsFor } from './doctor-options.ts'
import { formatFindings } from './format-findings.ts'
import { findVersion } from './installed.ts'
import { readRequirements } from './read-options.ts'
import { readToken } from './read-token.ts'
import { signIn } from './sign-in.ts'
import { pageStyle, type CommandStreams } from './streams.ts'

/** @returns the exit code. @throws UsageError */
export async function runDoctor(line: CommandLine, streams: CommandStreams): Promise<number> {
  const { values } = line
  const findings = await findAll(line, streams)
  const isSound = findings.every(({ verdict }) => verdict !== 'failed')
  const text =
    values.json === true
      ? `${printableJson({ verdict: isSound ? 'sound' : 'faulty', findings })}\n`
      : formatFindings(findings, { ...pageStyle(streams), all: values.all === true })
  streams.output.write(text)
  return isSound ? 0 : 1
}

async function findAll(line: CommandLine, streams: CommandStreams): Promise<readonly Finding[]> {
  const { words, values } = line
  const requirements = readRequirements(values)
  let options: AnyWebApiOptions | undefined
  try {
    options = await optionsFor(line, streams)
    const circumstances = {
      requirements,
      userToken: await userTokenFor(options, values, streams),
      graphToken: streams.environment['MIDTIER_GRAPH_TOKEN'],
      graphUrl: values['graph-url'],
      url: values.url,
      runtime: runtimeOf(streams),
    }
    return await examine(options, circumstances)
  } catch (error) {
    if (!hasCode(error, 'configuration_invalid')) throw error
    return [options === undefined && words.length === 0 ? unset(error) : misconfigured(error)]
  }
}

/** A variable that is missing: most who see this gave nothing at all. */
function unset(error: { readonly message: string; readonly option: string }): Finding {
  const mend = `set ${error.option}, or name the module that exports the API: midtier doctor ./api.js`
  return { ...misconfigured(error), mend }
}

async function userTokenFor(
  options: AnyWebApiOptions,
  values: Flags,
  streams: CommandStreams,
): Promise<string | undefined> {
  const say = (text: string): void => void streams.errors.write(text)
  if (values['user-token'] === true) return readToken(streams.input, say)
  const client = values['sign-in']
  return client === undefined ? undefined : signIn(options, client, values.scope ?? [], say)
}

function runtimeOf({ environment, nodeVersion, supported }: CommandStreams): Runtime {
  return {
    environment,
    nodeVersion,
    supported,
    installed: findVersion,
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
  }
}
