// What decorators said of a handler and of its controller: which requirements have to be met, or that it is for everybody.
import type {} from '@nestjs/common' // and with it the types of its metadata
import type { Requirements } from '../../web-api/requirements.ts'

const requirementsKey = 'midtier:requirements'
const publicKey = 'midtier:public'

/** A handler, or a controller. */
type Decorated = object

/** Adds to what is said already: a class has what its base class has. */
export function addRequirements(target: Decorated, requirements: Requirements): void {
  Reflect.defineMetadata(requirementsKey, [...requirementsAt(target), requirements], target)
}

export function makePublic(target: Decorated): void {
  Reflect.defineMetadata(publicKey, true, target)
}

/**
 * What a request to a handler has to meet; `undefined` where it is for everybody.
 *
 * What the handler says is met beside what its controller says, so that nothing said in one place opens what another one closed. Where
 * both are silent, the guard is one of the whole application: any valid token will do.
 */
export function requirementsOf(handler: Decorated, controller: Decorated): Found {
  const ofController = known.get(controller)
  if (ofController?.has(handler) === true) return ofController.get(handler)
  const requirements = findRequirements(handler, controller)
  known.set(controller, new Map(ofController).set(handler, requirements))
  return requirements
}

/** By controller and handler, which it may have from a base class: decorators have spoken before the first request comes. */
const known = new WeakMap<Decorated, Map<Decorated, Found>>()

type Found = readonly Requirements[] | undefined

function findRequirements(handler: Decorated, controller: Decorated): Found {
  const ofHandler = requirementsAt(handler)
  if (ofHandler.length === 0 && isPublic(handler)) return undefined
  const all = [...requirementsAt(controller), ...ofHandler]
  if (all.length > 0) return all
  return isPublic(controller) ? undefined : [{}]
}

/** Everything that a controller and its handlers say. */
export function requirementsIn(controller: { readonly prototype: unknown }): readonly Requirements[] {
  const found = [...requirementsAt(controller)]
  for (
    let proto: unknown = controller.prototype;
    proto instanceof Object;
    proto = Object.getPrototypeOf(proto)
  )
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(proto)))
      if (typeof value === 'function') found.push(...requirementsAt(value as Decorated))
  return found
}

function requirementsAt(target: Decorated): readonly Requirements[] {
  return (Reflect.getMetadata(requirementsKey, target) as readonly Requirements[] | undefined) ?? []
}

function isPublic(target: Decorated): boolean {
  return Reflect.hasMetadata(publicKey, target)
}
