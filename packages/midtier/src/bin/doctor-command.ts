// `midtier doctor`: what is wrong with the set-up of an API, from a module, the environment or options.
import { readFile } from 'node:fs/promises'
import { examine, misconfigured } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import type { Runtime } from '../doctor/subject.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { AnyWebApiOptions } from '../options.ts'
import type { CommandLine, Flags } from './command-line.ts'
import { formatFindings } from './format-findings.ts'
import { findVersion } from './installed.ts'
import { loadOptions } from './load-options.ts'
import { readOptions, readRequirements } from './read-options.ts'
import { readToken } from './read-token.ts'
import { signIn } from './sign-in.ts'
import { pageStyle, type CommandStreams } from './streams.ts'

/** @returns the exit code. @throws UsageError */
export async function runDoctor({ words, values }: CommandLine, streams: CommandStreams): Promise<number> {
  const findings = await findAll(words[0], values, streams)
  const isSound = findings.every(({ verdict }) => verdict !== 'failed')
  const text =
    values.json === true
      ? `${JSON.stringify({ verdict: isSound ? 'sound' : 'faulty', findings }, null, 2)}\n`
      : formatFindings(findings, { ...pageStyle(streams), all: values.all === true })
  streams.output.write(text)
  return isSound ? 0 : 1
}

async function findAll(
  module: string | undefined,
  values: Flags,
  streams: CommandStreams,
): Promise<readonly Finding[]> {
  let options: AnyWebApiOptions
  try {
    options = await optionsFor(module, values, streams)
  } catch (error) {
    if (hasCode(error, 'configuration_invalid')) return [misconfigured(error)]
    throw error
  }
  const requirements = readRequirements(values)
  const circumstances = {
    requirements,
    userToken: await userTokenFor(options, values, streams),
    graphToken: streams.environment['MIDTIER_GRAPH_TOKEN'],
    graphUrl: values['graph-url'],
    url: values.url,
    runtime: runtimeOf(streams),
  }
  return examine(options, circumstances)
}

/** A module; else options on the command line; else the environment. */
async function optionsFor(
  module: string | undefined,
  values: Flags,
  { environment }: CommandStreams,
): Promise<AnyWebApiOptions> {
  if (module !== undefined) return loadOptions(module)
  const { fromEnvironment } = await import('../client-auth/from-environment.ts')
  const { readBinaryFile } = await import('../client-auth/read-text-file.node.ts')
  const isNamed = values.tenant !== undefined || values['client-id'] !== undefined
  if (!isNamed) return { ...fromEnvironment(environment, { readFile: readBinaryFile }) }
  const given = readOptions(values)
  const isWithCredential = [
    'AZURE_CLIENT_SECRET',
    'AZURE_CLIENT_CERTIFICATE_PATH',
    'AZURE_FEDERATED_TOKEN_FILE',
  ].some((name) => (environment[name] ?? '') !== '')
  if (!isWithCredential) return given
  const { clientId, tenantId } = given
  const variables = { ...environment, AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId }
  return {
    ...given,
    clientCredential: fromEnvironment(variables, { readFile: readBinaryFile }).clientCredential,
  }
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
