// The few pages that a person sees: sign-in, consent, device code, error. The ids are what
// the tests' walker and Chromium look for.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text) => String(text ?? '').replace(/[&<>"]/g, (character) => ENTITIES[character]);

const page = (title, body) => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body></html>`;

const form = (action, fields) => `<form method="post" action="${escape(action)}">${fields}</form>`;

export const loginPage = (action, user, problem = '') => page('Sign-in', `
  <p id="problem">${escape(problem)}</p>
  ${form(action, `
    <label>User <input id="login" name="login" value="${escape(user)}"></label>
    <label>Password <input id="password" name="password" type="password"></label>
    <button id="submit" name="act" value="login">Sign in</button>`)}`);

export const consentPage = (action, { client, scope, user }) => page('Consent', `
  <p>${escape(client)} asks for <code id="scope">${escape(scope)}</code> of ${escape(user)}.</p>
  ${form(action, `
    <button id="allow" name="act" value="allow">Allow</button>
    <button id="deny" name="act" value="deny">Deny</button>`)}`);

export const errorPage = ({ error, description }) => page('Error', `
  <p id="error">${escape(error)}</p><p id="error_description">${escape(description)}</p>`);

// The library brings the forms of the device flow along; the buttons are ours.
export const deviceCodePage = (codeForm, problem) => page('Device sign-in', `
  <p id="problem">${problem ? 'wrong code' : ''}</p>${codeForm}
  <button id="go" form="op.deviceInputForm">Continue</button>`);

export const deviceConfirmPage = (confirmForm, client, userCode) => page('Confirm device', `
  <p>${escape(client)}: <code id="code">${escape(userCode)}</code></p>${confirmForm}
  <button id="go" form="op.deviceConfirmForm">Continue</button>`);

export const deviceDonePage = () => page('Signed in', '<p id="done">You can close this page.</p>');
