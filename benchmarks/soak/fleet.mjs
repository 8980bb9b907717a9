// The processes of the API behind a round robin: one that is killed is asked no more, and another takes its place.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('api-child.mjs', import.meta.url))

/** What a request in flight at a killed process ends with: it is sent again, to another. */
const connectionLost = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'])

/** `settings` are told to each process. The first of them is never killed. */
export async function createFleet(count, settings) {
  const members = await Promise.all(Array.from({ length: count }, () => startMember(settings)))
  let turn = 0
  let nextToKill = 1
  const pick = () => {
    do turn = (turn + 1) % members.length
    while (!members[turn].isUp)
    return members[turn]
  }
  return {
    /** What the API answers, and how often a process was killed under the request. */
    async ask(authorization) {
      for (let retries = 0; ; retries += 1) {
        const member = pick()
        try {
          return { ...(await get(member, authorization)), retries }
        } catch (error) {
          if (member.isUp || !connectionLost.has(error.code)) throw error
        }
      }
    },
    async weighFirst() {
      const [{ process: first }] = members
      first.send('weigh')
      const [weight] = await once(first, 'message')
      return weight
    },
    /** Each in turn but the first; its successor is there when this is over. */
    async killOne() {
      const index = nextToKill
      nextToKill = 1 + (nextToKill % (members.length - 1))
      stop(members[index])
      members[index] = await startMember(settings)
    },
    stop: () => members.forEach(stop),
  }
}

async function startMember(settings) {
  const server = fork(child, { execArgv: ['--expose-gc'] })
  server.send(settings)
  const [{ port }] = await once(server, 'message')
  return { process: server, port, isUp: true, agent: new Agent({ keepAlive: true }) }
}

function stop(member) {
  member.isUp = false
  member.process.kill('SIGKILL')
  member.agent.destroy()
}

function get({ port, agent }, authorization) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent, headers: { authorization } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk))
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode, body }))
    })
    sent.on('error', reject).end()
  })
}
