// What both commands need first: a Node that is new enough, the dependencies, and a build. Node's own modules only.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isInstalled } from './installed.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Prints a step; on a terminal with a mark in front. */
export function say(text) {
  process.stdout.write(`${process.stdout.isTTY ? '\u001b[36m›\u001b[0m ' : ''}${text}\n`)
}

/** Runs a command; resolves to its exit code and what it printed when `capture` is set. */
export function run(command, args, { capture = false, env = process.env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    })
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve({ code: code ?? (signal === null ? 0 : 1), output }))
  })
}

/** Stops with one clear line. */
export function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

/** Checks Node, installs what the lockfile says unless that was done already, and builds. */
export async function setUp() {
  checkNode()
  await install()
  await build()
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node ${process.versions.node} is too old: midtier needs 20.19 or newer (https://nodejs.org)`)
}

async function install() {
  if (isInstalled(root)) return
  say('Installing dependencies (npm ci; a minute or two the first time) …')
  const { code } = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])
  if (code !== 0) fail('npm ci failed: see above. Is the package registry reachable?')
}

async function build() {
  say('Building …')
  const { code } = await run(process.execPath, ['scripts/build.mjs'])
  if (code !== 0) process.exit(1)
}
