// The Conditional Access policies of an emulator, which can be changed and switched while it runs.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Policy, PolicyDefinition } from '../directory/policy.ts'
import { parsePolicies, parsePolicy, type PolicySubjects } from '../directory/policy-schema.ts'

/** What `policies.add` gives: the policy's id, and the ways to switch it. */
export interface AddedPolicy {
  readonly id: string
  enable(): void
  disable(): void
  remove(): void
}

const maximumPolicies = 200

/** The policies of an emulator. A policy is called by its id or by its name, in any case of letters. */
export class Policies {
  readonly #subjects: PolicySubjects
  #policies: readonly Policy[]
  /** Users who registered a second step while a policy asked for it, by the policy's id. */
  readonly #registered = new Map<string, Set<string>>()

  constructor(subjects: PolicySubjects, policies: readonly Policy[]) {
    this.#subjects = subjects
    this.#policies = policies
  }

  /** Every policy, switched off ones included. */
  list(): readonly Policy[] {
    return this.#policies
  }

  /** A policy by id or name. */
  find(idOrName: string): Policy | undefined {
    const wanted = idOrName.toLowerCase()
    return this.#policies.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
  }

  /**
   * Adds a policy, in place of the one of the same id if there is one; the result has `disable()` and `remove()`.
   * @throws {EmulatorOptionsError} naming the member that is wrong
   */
  add(definition: PolicyDefinition): AddedPolicy {
    const policy = parsePolicy(definition, this.#subjects, 'policy')
    const { id } = policy
    const others = this.#policies.filter((other) => other.id !== id)
    checkCount(others.length + 1)
    this.#policies = [...others, policy]
    this.#registered.delete(id)
    return {
      id,
      enable: () => void this.enable(id),
      disable: () => void this.disable(id),
      remove: () => void this.remove(id),
    }
  }

  /**
   * Replaces all policies.
   * @throws {EmulatorOptionsError} naming the member that is wrong; then nothing has changed
   */
  set(definitions: readonly PolicyDefinition[]): readonly Policy[] {
    checkCount(definitions.length)
    this.#policies = parsePolicies(definitions, this.#subjects, 'policies')
    this.#registered.clear()
    return this.#policies
  }

  /**
   * Switches a policy on, from the next request on. Users register anew for a `require_registration` policy.
   * @throws {EmulatorOptionsError} when there is no such policy
   */
  enable(idOrName: string): Policy {
    return this.#switch(idOrName, true)
  }

  /**
   * Switches a policy off, from the next request on.
   * @throws {EmulatorOptionsError} when there is no such policy
   */
  disable(idOrName: string): Policy {
    return this.#switch(idOrName, false)
  }

  /** Removes a policy; false when there is none of that id or name. */
  remove(idOrName: string): boolean {
    const gone = this.find(idOrName)
    if (gone === undefined) return false
    this.#policies = this.#policies.filter((policy) => policy !== gone)
    this.#registered.delete(gone.id)
    return true
  }

  /** Removes every policy. */
  clear(): void {
    this.#policies = []
    this.#registered.clear()
  }

  /** Whether a user (home object id) has registered a second step since the policy was switched on. */
  hasRegistered({ id }: Policy, userId: string): boolean {
    return this.#registered.get(id)?.has(userId) === true
  }

  /** Remembers that a user (home object id) registered the second step that these policies ask for. */
  register(policies: readonly Policy[], userId: string): void {
    for (const { id } of policies) {
      this.#registered.set(id, (this.#registered.get(id) ?? new Set()).add(userId))
    }
  }

  #switch(idOrName: string, enabled: boolean): Policy {
    const found = this.find(idOrName)
    if (found === undefined) throw unknownPolicy(idOrName, this.#policies)
    const switched = { ...found, enabled }
    this.#policies = this.#policies.map((policy) => (policy === found ? switched : policy))
    if (enabled) this.#registered.delete(found.id)
    return switched
  }
}

function checkCount(count: number): void {
  if (count > maximumPolicies)
    throw new EmulatorOptionsError('policies', `there can be at most ${String(maximumPolicies)}`)
}

function unknownPolicy(idOrName: string, policies: readonly Policy[]): EmulatorOptionsError {
  const names = policies.map(({ name }) => `"${name}"`).join(', ')
  const known = names === '' ? 'there are none' : `there are ${names}`
  return new EmulatorOptionsError('policies', `"${idOrName}" is not a policy; ${known}`)
}
