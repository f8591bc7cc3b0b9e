// SPDX-License-Identifier: GPL-3.0-or-later
// Talks to a security key for a form with data-key="create" (register one) or "get" (show one): asks the
// server at data-options for what it wants, lets the browser and the key answer, and sends the
// form with that answer in its field "answer".
'use strict';

const bytesOf = (text) => Uint8Array.from(
  atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const withIds = (list) => (list ?? []).map((one) => ({ ...one, id: bytesOf(one.id) }));

async function create(options) {
  const made = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: withIds(options.excludeCredentials),
  } });
  return { clientDataJSON: textOf(made.response.clientDataJSON),
    attestationObject: textOf(made.response.attestationObject) };
}

async function get(options) {
  const shown = await navigator.credentials.get({ publicKey: {
    ...options, challenge: bytesOf(options.challenge),
    allowCredentials: withIds(options.allowCredentials),
  } });
  return { id: textOf(shown.rawId), clientDataJSON: textOf(shown.response.clientDataJSON),
    authenticatorData: textOf(shown.response.authenticatorData), signature: textOf(shown.response.signature) };
}

async function answerOf(form) {
  const asked = await fetch(form.dataset.options, {
    method: 'POST', body: new URLSearchParams({ csrf: form.elements.csrf.value }) });
  const options = await asked.json();
  if (!asked.ok) throw new Error(options.error);
  return form.dataset.key === 'create' ? create(options) : get(options);
}

function say(form, sentence) {
  const place = form.querySelector('[data-say]');
  place.textContent = sentence;
  place.hidden = !sentence;
}

for (const form of document.querySelectorAll('form[data-key]')) {
  const button = form.querySelector('button');
  if (!window.PublicKeyCredential) {
    say(form, form.dataset.unable);
    button.disabled = true;
    continue;
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(form, form.dataset.touch);
    try {
      form.elements.answer.value = JSON.stringify(await answerOf(form));
      form.submit();
    } catch (error) {
      // What the browser says of a key that was not shown is English and technical: say our own.
      say(form, error instanceof DOMException ? form.dataset.failed : error.message);
      button.disabled = false;
    }
  });
}
