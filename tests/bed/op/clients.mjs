// The registered clients: one for each kind of registration that a mail provider hands out.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import secrets from './client_secrets.json' with { type: 'json' };

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

// A native client may use any port of a loopback redirect (RFC 8252, 7.3); the library sees to that.
// Any path as well, as Google and Microsoft allow it, is `isLoopbackRedirect` below.
const publicClient = {
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: LOOPBACK_HOSTS.map((host) => `http://${host}/`),
  grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE],
  response_types: ['code'],
};

const machineClient = { redirect_uris: [], response_types: [] };

// The public half of the key with which svc-certificate signs.
function certifiedKey() {
  const { client_certificate: path } = JSON.parse(process.env.BED_SERVER);
  return createPublicKey(readFileSync(path)).export({ format: 'jwk' });
}

export const clients = [
  { ...publicClient, client_id: 'public-rotating' },
  { ...publicClient, client_id: 'public-static' },
  { ...publicClient, client_id: 'public-opaque' },
  { ...publicClient, client_id: 'public-nodevice', grant_types: ['authorization_code', 'refresh_token'] },
  { ...publicClient, client_id: 'public-norefresh', grant_types: ['authorization_code'] },
  // The library refuses https loopback redirects to native clients, hence 'web'.
  {
    ...publicClient,
    client_id: 'public-https',
    application_type: 'web',
    redirect_uris: ['https://localhost/'],
  },
  // Like Yahoo's: nothing listens on its redirect URI, and no other one is accepted.
  {
    ...publicClient,
    client_id: 'public-exact',
    application_type: 'web',
    redirect_uris: ['https://127.0.0.1'],
  },
  // Its id and its secret have characters that Basic must encode (RFC 6749 section 2.3.1).
  {
    ...publicClient,
    client_id: 'basic:secret+%/',
    client_secret: secrets['basic:secret+%/'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
  // Like Google's clients for desktop programs: there is a secret, though it can't be kept.
  {
    ...publicClient,
    client_id: 'desktop-secret',
    client_secret: secrets['desktop-secret'],
    token_endpoint_auth_method: 'client_secret_post',
  },
  {
    ...machineClient,
    client_id: 'svc-client',
    client_secret: secrets['svc-client'],
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  },
  {
    ...machineClient,
    client_id: 'svc-certificate',
    jwks: { keys: [certifiedKey()] },
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',  // Microsoft's
  },
  // The resource server's own, for introspection.
  {
    ...machineClient,
    client_id: 'dovecot',
    client_secret: secrets.dovecot,
    grant_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
  },
];

export const rotatesRefreshTokens = (clientId) => clientId === 'public-rotating';

export const getsOpaqueTokens = (clientId) => clientId === 'public-opaque';

// A client that signs in as itself opens this mailbox.
const SERVICES = ['svc-client', 'svc-certificate'];
export const mailboxOf = (clientId) => (SERVICES.includes(clientId) ? 'bob@example.test' : undefined);

export function isLoopbackRedirect(client, uri) {
  const url = URL.parse(uri);
  if (!url || url.hash || client.redirectUris.length === 0) return false;
  if (client.clientId === 'public-exact') return false;
  const scheme = client.clientId === 'public-https' ? 'https:' : 'http:';
  return url.protocol === scheme && LOOPBACK_HOSTS.includes(url.hostname);
}
