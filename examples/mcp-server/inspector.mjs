// MCP Inspector, told where the server is and which client of the tenant it is.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export async function openInspector(url, clientId) {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-inspector-'))
  const config = join(folder, 'servers.json')
  const server = { type: 'streamable-http', url, oauth: { clientId } }
  await writeFile(config, JSON.stringify({ mcpServers: { 'to-do list': server } }))
  const args = ['--yes', '@modelcontextprotocol/inspector@2', '--config', config]
  await once(spawn('npx', args, { stdio: 'inherit', shell: process.platform === 'win32' }), 'exit')
  await rm(folder, { recursive: true })
}
