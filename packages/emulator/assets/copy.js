// Shows the copy buttons and lets each put its value on the clipboard.
/* global document, navigator */

const confirmationMs = 1600
const announcement = document.createElement('p')
announcement.className = 'visually-hidden'
announcement.setAttribute('role', 'status')
document.body.append(announcement)

// The clipboard exists only in a secure context; localhost is one, another plain-http name is not.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = false
    button.addEventListener('click', () => copy(button))
  }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy)
    confirm(button, 'Copied')
  } catch (error) {
    // The browser refuses when the page has no focus or the user said no.
    confirm(button, error.name === 'NotAllowedError' ? 'The browser did not allow copying' : 'Copying failed')
  }
}

function confirm(button, message) {
  announcement.textContent = message
  button.classList.toggle('is-copied', message === 'Copied')
  setTimeout(() => {
    button.classList.remove('is-copied')
    announcement.textContent = ''
  }, confirmationMs)
}
