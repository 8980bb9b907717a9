// Submits the form of response_mode=form_post as soon as it is there.
/* global document */

const form = document.getElementById('form-post')
// requestSubmit would fail on a field named "submit"; the prototype's method cannot be shadowed.
if (form) Object.getPrototypeOf(form).submit.call(form)
