// A process of the simulation, as midtier behaves: its memory, one flight for each token, the store and its leases, the gate before the authority.

/** A look into the store: long enough that what comes at once waits for the same one. */
const storeSeconds = 0.0005
const expiryBufferSeconds = 300
const renewalPauseSeconds = 30
const longestLeaseSeconds = 3
const maxRetries = 2
const retryBudgetSeconds = 8
const probeEverySeconds = 1
const callersToOpen = 3

/** What a token is good for. */
function usability(token, now) {
  if (token === undefined || now >= token.expires) return 'over'
  if (now >= token.expires - expiryBufferSeconds) return 'last minutes'
  return now >= token.due ? 'due' : 'fresh'
}

const serves = (good, renewal) => good === 'fresh' || (good === 'due' && !renewal)

export class Process {
  #world
  #region
  #memory = new Map()
  #flights = new Map()
  #gate

  constructor(world, region) {
    this.#world = world
    this.#region = region
    this.restart()
  }

  /** Everything that it had in memory is gone. */
  restart() {
    this.#memory = new Map()
    this.#flights = new Map()
    this.#gate = new Gate(this.#world)
  }

  get entries() {
    return this.#memory.size
  }

  /** Tells `done` where the token came from. */
  ask(token, done) {
    const { events } = this.#world
    const kept = this.#memory.get(token.id)
    const good = usability(kept, events.nowSeconds)
    if (good !== 'fresh' && good !== 'due') {
      if (good === 'over') this.#memory.delete(token.id)
      return this.#join(token, false, done)
    }
    this.#memory.delete(token.id) // used last
    this.#memory.set(token.id, kept)
    done('l1')
    if (good === 'fresh') return
    this.#memory.set(token.id, { ...kept, due: events.nowSeconds + renewalPauseSeconds })
    this.#join(token, true, () => {})
  }

  #join(token, renewal, done) {
    const flying = this.#flights.get(token.id)
    if (flying !== undefined) return void flying.push(done)
    const waiting = [done]
    const flights = this.#flights
    flights.set(token.id, waiting)
    this.#fetch(token, renewal, (origin, found) => {
      flights.delete(token.id)
      if (found !== undefined && flights === this.#flights) this.#keep(token.id, found)
      for (const each of waiting) each(origin)
    })
  }

  #keep(id, token) {
    this.#memory.delete(id)
    this.#memory.set(id, token)
    if (this.#memory.size > this.#world.settings.entries)
      this.#memory.delete(this.#memory.keys().next().value)
  }

  #fetch(token, renewal, land) {
    const { events } = this.#world
    events.after(storeSeconds, () => this.#look(token, renewal, land))
  }

  #look(token, renewal, land) {
    const { store } = this.#region
    const found = store.get(token.id)
    const now = this.#world.events.nowSeconds
    if (serves(usability(found, now), renewal)) {
      store.reads += 1
      return land('l2', found)
    }
    const last = usability(found, now) === 'last minutes' ? found : undefined
    const answer = (origin, fresh) => {
      if (origin === 'refused' && last !== undefined) land('l2', last)
      else land(origin, fresh)
    }
    if (store.isUp) this.#takeTurns(token, renewal, answer)
    else this.#fill(token, answer)
  }

  #takeTurns(token, renewal, land) {
    const { events, random } = this.#world
    const { store } = this.#region
    const begun = events.nowSeconds
    const look = (nth) => {
      const isMine = store.takeLease(token.id, longestLeaseSeconds)
      const found = store.get(token.id)
      if (serves(usability(found, events.nowSeconds), renewal)) {
        if (isMine) store.giveBack(token.id)
        return land('l2', found)
      }
      const fill = () =>
        this.#fill(token, (origin, fresh) => {
          if (fresh !== undefined) store.set(token.id, fresh)
          if (isMine) store.giveBack(token.id)
          land(origin, fresh)
        })
      if (isMine || !store.isUp || events.nowSeconds - begun >= longestLeaseSeconds) return fill()
      events.after((Math.min(20 * 2 ** nth, 250) / 1000) * (1 + random() / 2), () => look(nth + 1))
    }
    look(0)
  }

  #fill(token, land) {
    const { events, settings, random, authority } = this.#world
    const begun = events.nowSeconds
    const attempt = (retry) => {
      const fail = (waitSeconds) => {
        const pause = waitSeconds + (random() * 250 * 2 ** retry) / 1000
        if (retry >= maxRetries || events.nowSeconds - begun + pause >= retryBudgetSeconds)
          return land('refused')
        events.after(pause, () => attempt(retry + 1))
      }
      const waitSeconds = this.#gate.waitSeconds(token.user)
      if (waitSeconds > 0) return retry === 0 ? land('refused') : fail(waitSeconds)
      const sentAt = events.nowSeconds
      this.#gate.sent(token.user)
      const { retryAfter } = authority.ask()
      events.after(settings.exchangeSeconds, () => {
        if (retryAfter === undefined) {
          this.#gate.succeeded(token.user)
          return land('authority', this.#issue(sentAt))
        }
        this.#gate.throttled(token.user, sentAt, Math.max(retryAfter, probeEverySeconds))
        fail(Math.max(retryAfter, this.#gate.waitSeconds(token.user)))
      })
    }
    attempt(0)
  }

  #issue(sentAt) {
    const { settings, random } = this.#world
    const expires = sentAt + settings.tokenSeconds
    return { due: sentAt + settings.refreshSeconds * (1 - 0.1 * random()), expires }
  }
}

/** Who was told to wait waits; when three were, with no success between them, everybody of this process does, and then one tries. */
class Gate {
  #world
  #callers = new Map()
  #told = new Set()
  #leastTold = Infinity
  #pausedUntil = 0
  #probeAt
  #succeededAt = -1

  constructor(world) {
    this.#world = world
  }

  get #now() {
    return this.#world.events.nowSeconds
  }

  waitSeconds(user) {
    return (
      Math.max(this.#pausedUntil, this.#probeAt ?? 0, this.#callers.get(user) ?? 0, this.#now) - this.#now
    )
  }

  sent(user) {
    const next = this.#now + probeEverySeconds * (1 + this.#world.random() / 2)
    if (this.#probeAt !== undefined) this.#probeAt = next
    if (this.#callers.has(user)) this.#callers.set(user, next)
  }

  succeeded(user) {
    this.#callers.delete(user)
    this.#succeededAt = this.#now
    this.#told.clear()
    this.#leastTold = Infinity
    if (this.#pausedUntil <= this.#now) this.#probeAt = undefined
  }

  throttled(user, sentAt, seconds) {
    this.#callers.set(user, this.#now + seconds)
    if (sentAt < this.#succeededAt) return
    this.#told.add(user)
    this.#leastTold = Math.min(this.#leastTold, seconds)
    if (this.#told.size < callersToOpen) return
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now + this.#leastTold)
    this.#probeAt = Math.max(this.#probeAt ?? 0, this.#pausedUntil)
  }
}
