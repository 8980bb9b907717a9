// What comes too late on Express 4 and on Express 5, in a process that ends at the first unheard rejection: it answers on.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { expressVersions } from './dependencies.ts'

const program = `
  const { once, EventEmitter } = require('node:events')
  const http = require('node:http')
  const express = require('express')
  const { createEmulator } = require('@midtier/emulator')
  const { clientSecret, createWebApi } = require('midtier')
  const { handle, protect, renderErrors } = require('midtier/express')

  /** A promise that is settled when the program says so. */
  function later() {
    const it = {}
    it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }))
    return it
  }
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  async function main() {
    const emulator = await createEmulator()
    const api = createWebApi({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      instance: emulator.origin,
      clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
      downstreamApis: { graph: { baseUrl: emulator.origin + '/v1.0/', scopes: ['User.Read'] } },
    })
    emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const needsMfa = (caller) => caller.acquireToken({ scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'] })

    const checks = new EventEmitter()
    const app = express()
    app.set('env', 'test')
    app.use((req, res, next) => {
      checks.on('time is up', () => {
        if (!res.headersSent) res.status(503).send('time is up')
      })
      next()
    })
    // A check that waits until the program says how it ends.
    const ends = {
      refuses: (slow) => slow.resolve(false),
      'lets in': (slow) => slow.resolve(true),
      fails: (slow) => slow.reject(new Error('the database of the customer is away')),
    }
    let slow
    const check = () => {
      slow = later()
      checks.emit('asked')
      return slow.promise
    }
    app.get('/slow', protect(api, { check }), (req, res) => void res.send('let in'))
    const signals = { begun: later(), over: later() }
    app.get('/begun', protect(api), handle(async (req, res) => {
      res.write('half')
      await signals.begun.promise
      await needsMfa(req.caller)
    }))
    app.get('/over', protect(api), handle(async (req, res) => {
      res.send('all')
      await signals.over.promise
      await needsMfa(req.caller)
    }))
    app.get('/me', protect(api), handle(async (req, res) => {
      await settled()
      if (req.query.mfa) await needsMfa(req.caller)
      res.send((await req.caller.downstream('graph').getJson('me')).displayName)
    }))
    app.use(renderErrors())
    const reached = []
    app.use((error, req, res, next) => {
      reached.push(req.path + ' ' + error.code)
      checks.emit('reached')
      next(error)
    })
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')

    const token = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: 'a0000000-0000-4000-8000-000000000001',
      audience: 'a0000000-0000-4000-8000-000000000002',
      scopes: ['access_as_user'],
    })
    // On a connection of its own: Express destroys that of an answer that fails, and no other request may wait on it.
    async function ask(path) {
      const headers = { authorization: 'Bearer ' + token }
      const [answer] = await once(http.get({ agent: false, port: server.address().port, path, headers }), 'response')
      return answer.setEncoding('utf8')
    }
    async function said(answer) {
      let text = ''
      try {
        for await (const part of answer) text += part
        return answer.statusCode + ' ' + text
      } catch (error) {
        return answer.statusCode + ' ' + error.code
      }
    }

    const found = {}
    for (const [how, end] of Object.entries(ends)) {
      const timedOut = ask('/slow')
      await once(checks, 'asked')
      checks.emit('time is up')
      found[how] = await said(await timedOut)
      end(slow)
      await settled()
    }

    const half = await ask('/begun')
    signals.begun.resolve()
    found.begun = await said(half)
    found.over = await said(await ask('/over'))
    if (reached.length < 1) await once(checks, 'reached')
    signals.over.resolve()
    if (reached.length < 2) await once(checks, 'reached')
    found.reached = reached
    found.mfa = (await ask('/me?mfa=1')).statusCode
    found.after = await said(await ask('/me'))
    server.close()
    await api.close()
    await emulator.stop()
    console.log(JSON.stringify(found))
  }
  main()
`

describe.each(expressVersions)('$name', ({ dependencies }) => {
  test('lives on when a slow check ends after a time limit, and when handlers fail late', async () => {
    const project = consumer({ dependencies, files: { 'index.js': program } })
    expect(JSON.parse(await project.run('node', ['index.js']))).toEqual({
      refuses: '503 time is up',
      'lets in': '503 time is up',
      fails: '503 time is up',
      begun: '200 ECONNRESET',
      over: '200 all',
      reached: ['/begun interaction_required', '/over interaction_required'],
      mfa: 401,
      after: '200 Alice Adams',
    })
  })
})
