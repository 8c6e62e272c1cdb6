// What a test may turn and read: the knobs, the counts, the secrets given out so far.

import secrets from './client_secrets.json' with { type: 'json' };
import { readBody, sendHtml, sendJson } from './http.mjs';
import { revokeAccount } from './store.mjs';

const DAY = 86400;

// token_fault: how the next `times` token requests are answered instead:
// { times, status, body, headers, delay_ms, drop, in_pieces }.
const DEFAULTS = { at_ttl: 3600, rt_ttl: 14 * DAY, device_ttl: 600, token_fault: null };
const NOTHING_COUNTED = { auth_requests: 0, token_requests: 0, refreshes: 0, introspections: 0 };

export const knobs = { ...DEFAULTS };
const counts = { ...NOTHING_COUNTED, grants: {}, clients: [] };
const issued = new Set();
const refreshes = []; // { committed_at, access_token, refresh_token }, the first one first
let committedAt = 0;

export function countRequest(path, method) {
  if (path === '/auth') counts.auth_requests += 1;
  if (path === '/token' && method === 'POST') counts.token_requests += 1;
  if (path === '/token/introspection') counts.introspections += 1;
}

// Listens to the library's events; they carry what is about to be sent.
export function watch(provider) {
  // From here on the old refresh token is worth nothing.
  provider.on('refresh_token.consumed', () => { committedAt = now(); });
  provider.on('authorization.success', (ctx, answer) => remember(answer?.code));
  provider.on('device_authorization.success', (ctx, answer) => remember(answer.device_code));
  provider.on('grant.error', (ctx) => noteClient(ctx));
  provider.on('grant.success', (ctx) => {
    const { access_token: access, refresh_token: refresh, id_token: id } = ctx.body;
    remember(access, refresh, id);
    noteClient(ctx);
    const type = ctx.oidc.params.grant_type;
    counts.grants[type] = (counts.grants[type] ?? 0) + 1;
    if (type !== 'refresh_token') return;
    counts.refreshes += 1;
    refreshes.push({ committed_at: committedAt, access_token: access, refresh_token: refresh });
  });
}

// Which client asked for tokens, and whose secret it sent: '' for none, '?' for an unknown one.
function noteClient(ctx) {
  const { client_id: client, client_secret: secret } = ctx.oidc.body ?? {};
  const owner = Object.keys(secrets).find((name) => secrets[name] === secret) ?? '?';
  counts.clients.push([client, secret ? owner : '']);
}

// Seconds since the epoch, to the microsecond: Date.now() has milliseconds only.
function now() {
  return (performance.timeOrigin + performance.now()) / 1000;
}

function remember(...secrets) {
  secrets.filter(Boolean).forEach((secret) => issued.add(secret));
}

// Answers instead of the token endpoint where a fault is set; says whether it did.
export async function actFaulty(request, response) {
  const fault = knobs.token_fault;
  if (!fault || fault.times < 1) return false;
  fault.times -= 1;
  if (fault.delay_ms) await new Promise((resume) => { setTimeout(resume, fault.delay_ms); });
  if (fault.drop) {
    request.socket.destroy();
    return true;
  }
  if (fault.in_pieces) sendHeadersFirst(response);
  if (!fault.status) return false; // the real answer, late or in pieces
  const body = fault.body ?? { error: 'temporarily_unavailable' };
  const send = typeof body === 'string' ? sendHtml : sendJson;
  send(response, body, fault.status, fault.headers);
  return true;
}

// Sends the headers in a TLS record of their own, before the body.
function sendHeadersFirst(response) {
  const end = response.end.bind(response);
  response.end = (...body) => {
    response.flushHeaders();
    return end(...body);
  };
}

function turn(change) {
  const unknown = Object.keys(change).filter((name) => !(name in DEFAULTS));
  if (unknown.length > 0) throw new Error(`no such knob: ${unknown}`);
  return Object.assign(knobs, change);
}

const actions = {
  '/_test/config': turn,
  '/_test/stats': () => counts,
  '/_test/issued': () => [...issued],
  '/_test/refreshes': ({ after }) => refreshes.slice(after),
  '/_test/revoke': ({ account }) => ({ removed: revokeAccount(account) }),
  '/_test/reset': () => {
    Object.assign(knobs, DEFAULTS);
    Object.assign(counts, NOTHING_COUNTED, { grants: {}, clients: [] });
    return {};
  },
};

export async function control(path, request, response) {
  const action = actions[path];
  if (!action) return sendJson(response, { error: 'no such control' }, 404);
  const body = request.method === 'POST' ? await readBody(request) : '';
  return sendJson(response, action(JSON.parse(body || '{}')));
}
