// A token request of the middle tier, and what the authority answered: for a person, or for an agent that acts.
import type { ObservedEvent } from 'midtier'
import { answer, nameRefusal, newToken, request, type Audience, type Hop } from './hop.ts'

type Exchange = Extract<ObservedEvent, { readonly type: 'token_requested' }>

/** Tells it. @param audience The token that was asked for. */
export function tellExchange(event: Exchange, audience: Audience): readonly Hop[] {
  const { status, durationMs, errorNumbers, error } = event
  return [
    { ...(event.agentId === undefined ? ask(event) : askAsAgent(event, audience)), tone: 'exchange' },
    status === 200
      ? newToken('middleTier', audience, durationMs)
      : {
          ...answer('authority', 'middleTier', status, durationMs),
          label: nameRefusal(errorNumbers) ?? error ?? 'no answer',
        },
  ]
}

function ask({ grant }: Exchange): Hop {
  return request('middleTier', 'authority', nameGrant(grant), 'middleTier')
}

/** An agent has no credential: its blueprint gets a proof for it, and with that it asks for everything else. */
function askAsAgent({ grant }: Exchange, audience: Audience): Hop {
  if (audience === 'agentProof') return request('middleTier', 'authority', 'let the agent act')
  if (grant !== 'on_behalf_of') return request('middleTier', 'authority', 'the agent itself', 'agentProof')
  return { ...request('middleTier', 'authority', 'on behalf of', 'assistant'), proof: 'agentProof' }
}

function nameGrant(grant: Exchange['grant']): string {
  return grant === 'on_behalf_of' ? 'on behalf of' : grant.replaceAll('_', ' ')
}
