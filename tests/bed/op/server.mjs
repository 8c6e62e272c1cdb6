// The bed's authorization server. Everything is https on `localhost`, as the issuer says; the plain
// http port answers Dovecot's introspection and nothing else.
//
// Settings come as one JSON object in the environment variable BED_SERVER:
//   { https_port, http_port, certificate, certificate_key, signing_key, client_certificate }
// where the last four are paths of PEM files.
// It ends when its standard input closes, so it can't outlive the tests that started it.

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

import { actFaulty, control, countRequest } from './controls.mjs';
import { sendHtml, sendJson } from './http.mjs';
import { interact } from './interaction.mjs';
import { errorPage } from './pages.mjs';
import { createProvider } from './provider.mjs';
import users from './users.json' with { type: 'json' };

// msal refuses an authority without a path segment.
const MOUNT = '/test';

// Where programs that know Microsoft look for these.
const ALIASES = {
  '/v2.0/.well-known/openid-configuration': '/.well-known/openid-configuration',
  '/oauth2/v2.0/authorize': '/auth',
  '/oauth2/v2.0/token': '/token',
  '/oauth2/v2.0/devicecode': '/device/auth',
};

const settings = JSON.parse(process.env.BED_SERVER);
const issuer = `https://localhost:${settings.https_port}${MOUNT}`;
const provider = createProvider(issuer, signingKeys(), users);
const callback = provider.callback();

process.stdin.resume().on('end', () => process.exit(0));
const tls = { cert: read(settings.certificate), key: read(settings.certificate_key) };
for (const address of ['127.0.0.1', '::1']) {
  listen(https.createServer(tls, guarded(serve)), settings.https_port, address);
}
listen(http.createServer(guarded(serveIntrospection)), settings.http_port, '127.0.0.1');

function read(path) {
  return readFileSync(path, 'utf8');
}

// Dovecot finds the public half of the key by this kid.
function signingKeys() {
  const key = createPrivateKey(read(settings.signing_key)).export({ format: 'jwk' });
  return { keys: [{ ...key, kid: 'bed', use: 'sig', alg: 'RS256' }] };
}

function listen(server, port, address) {
  server.on('error', (error) => {
    const noIPv6 = address === '::1' && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code);
    if (!noIPv6) throw error;
  });
  server.listen(port, address);
}

// An error in our own part becomes a page and a line in the log, not the end of the server.
function guarded(handler) {
  return async (request, response) => {
    try {
      await handler(request, response);
    } catch (error) {
      console.error(request.method, request.url.split('?')[0], error);
      if (response.headersSent) return;
      sendHtml(response, errorPage({ error: error.error ?? error.message }), error.statusCode ?? 500);
    }
  };
}

async function serve(request, response) {
  const path = request.url.split('?')[0];
  if (path.startsWith('/_test/')) return control(path, request, response);
  if (path.startsWith('/login/')) return interact(provider, users, request, response);
  if (!path.startsWith(`${MOUNT}/`)) return sendJson(response, { error: 'not found' }, 404);
  const endpoint = unmount(request);
  countRequest(endpoint, request.method);
  if (endpoint === '/token' && await actFaulty(request, response)) return undefined;
  return callback(request, response);
}

async function serveIntrospection(request, response) {
  if (request.url !== `${MOUNT}/token/introspection`) {
    return sendJson(response, { error: 'https only' }, 403);
  }
  countRequest(unmount(request), request.method);
  return callback(request, response);
}

// Strips the mount point, as a web framework would: the library finds it again in `originalUrl`.
function unmount(request) {
  const url = new URL(request.url.slice(MOUNT.length), issuer);
  const endpoint = ALIASES[url.pathname] ?? url.pathname;
  if (endpoint === '/auth') takePromptsOfMicrosoft(url.searchParams);
  request.url = endpoint + url.search;
  request.originalUrl = MOUNT + request.url;
  return endpoint;
}

// Two things that Microsoft takes and the library does not. It drops offline_access where
// prompt=consent is missing (OpenID Connect Core, 11), and a refresh that names the scope again, as
// msal's does, then fails. And it refuses select_account, which our sign-in page is good for anyway.
function takePromptsOfMicrosoft(parameters) {
  const prompts = new Set(parameters.get('prompt')?.split(' '));
  prompts.delete('select_account');
  const offline = parameters.get('scope')?.includes('offline_access');
  if (offline && !prompts.has('none')) prompts.add('consent');
  parameters.delete('prompt');
  if (prompts.size > 0) parameters.set('prompt', [...prompts].join(' '));
}
