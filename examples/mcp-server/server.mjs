// The MCP server, whose tools act for whoever's token came with the call, and the To Do API that it calls.
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { callerOf, protectMcp, renderErrors } from 'midtier/mcp'
import { protect, renderErrors as answerErrors } from 'midtier/node-http'
import { z } from 'zod'

const todos = (ctx) => callerOf(ctx).downstream('todolist')
const said = (text) => ({ content: [{ type: 'text', text }] })

function createTools() {
  const server = new McpServer({ name: 'to-do-list', version: '1.0.0' })
  const tool = (name, config, run) => server.registerTool(name, config, renderErrors(run))
  tool('whoami', {}, async (ctx) => said((await callerOf(ctx).downstream('graph').getJson('me')).displayName))
  tool('list_todos', {}, async (ctx) => said((await todos(ctx).getJson('todos')).join(', ')))
  tool('add_todo', { inputSchema: z.object({ title: z.string() }) }, async ({ title }, ctx) => {
    await todos(ctx).postJson('todos', { title })
    return said(`added ${title}`)
  })
  return server
}

/** Adding needs a scope of its own: clients that lack it are stepped up before the tool runs. */
export function createMcpListener(api) {
  const tools = { add_todo: { scopes: ['Todos.Write'] } }
  const mcp = protectMcp(api, { scopes: ['Todos.Read'], tools })
  return answerErrors(mcp.node(toNodeHandler(createMcpHandler(createTools))))
}

/** Keeps a list for each person. */
export function createTodoListener(api, lists = new Map()) {
  const serve = async (req, res, { account }) => {
    if (!lists.has(account.id)) lists.set(account.id, [])
    if (req.method === 'POST') lists.get(account.id).push(JSON.parse((await req.toArray()).join('')).title)
    res.setHeader('content-type', 'application/json').end(JSON.stringify(lists.get(account.id)))
  }
  return answerErrors(protect(api, { scopes: ['Tasks.ReadWrite'] }, serve))
}
