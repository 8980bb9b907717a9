// An assertion that is at hand already, for one exchange: where it comes from and when it is renewed is the business of who has it.
import type { Redacted } from '../../kernel/redacted.ts'
import type { ClientCredential } from '../client-credential.ts'
import { writeAssertion } from './assertion-parameters.ts'

/** Shows an assertion as it is. Does not check what it says. */
export function shownAssertion(assertion: Redacted): ClientCredential {
  return {
    kind: 'shown_assertion',
    addTo(parameters) {
      writeAssertion(parameters, assertion.reveal())
    },
  }
}
