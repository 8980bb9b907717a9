// Goes on to the application when every other one has been told: the page has loaded when its frames have.
/* global document, location, window */

const link = document.getElementById('continue')
if (link) window.addEventListener('load', () => location.replace(link.href))
