// Sign-in and consent: what a person does between the authorization request and its answer.

import { readBody, sendHtml } from './http.mjs';
import { consentPage, loginPage } from './pages.mjs';

const DENIED = { error: 'access_denied', error_description: 'End-User aborted interaction' };

export async function interact(provider, users, request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return show(details, response);
  const fields = new URLSearchParams(await readBody(request));
  if (fields.get('act') === 'deny') return finish(provider, request, response, DENIED);
  if (details.prompt.name === 'login') return signIn(provider, users, details, fields, request, response);
  return consent(provider, details, request, response);
}

const address = (details) => `/login/${details.uid}`;

function show(details, response) {
  const { prompt, params, session } = details;
  if (prompt.name === 'login') return sendHtml(response, loginPage(address(details), params.login_hint));
  const request = { client: params.client_id, scope: params.scope, user: session.accountId };
  return sendHtml(response, consentPage(address(details), request));
}

function signIn(provider, users, details, fields, request, response) {
  const user = (fields.get('login') ?? '').trim().toLowerCase();
  if (!users[user] || users[user] !== fields.get('password')) {
    return sendHtml(response, loginPage(address(details), user, 'Wrong user or password'), 403);
  }
  return finish(provider, request, response, { login: { accountId: user } });
}

async function consent(provider, details, request, response) {
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = details.prompt.details;
  const grant = await openGrant(provider, details);
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return finish(provider, request, response, { consent: { grantId: await grant.save() } });
}

async function openGrant(provider, { grantId, session, params }) {
  const existing = grantId && (await provider.Grant.find(grantId));
  return existing || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
}

function finish(provider, request, response, result) {
  const mergeWithLastSubmission = 'consent' in result;
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission });
}
