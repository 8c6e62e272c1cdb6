// oidc-provider, set up to look like a mail provider's authorization server.
// All settings: https://github.com/panva/node-oidc-provider/tree/main/docs

import { Provider } from 'oidc-provider';

import {
  clients, getsOpaqueTokens, isLoopbackRedirect, mailboxOf, rotatesRefreshTokens,
} from './clients.mjs';
import { knobs, watch } from './controls.mjs';
import { deviceCodePage, deviceConfirmPage, deviceDonePage, errorPage } from './pages.mjs';
import { MemoryStore } from './store.mjs';

const IMAP = 'urn:bed:imap';
const IMAP_SCOPES = [
  'imap',
  'https://mail.google.com/',
  'https://outlook.office.com/IMAP.AccessAsUser.All',
  'https://outlook.office365.com/IMAP.AccessAsUser.All',
  'https://outlook.office.com/.default',
  'https://outlook.office365.com/.default',
].join(' ');
const DAY = 86400;

export function createProvider(issuer, jwks, users) {
  const provider = new Provider(issuer, {
    adapter: MemoryStore,
    clients,
    jwks,
    clockTolerance: 0,
    cookies: { keys: ['only for tests'] },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: {
      openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'],
    },
    conformIdTokenClaims: false, // address and name stand in the ID token, as Google and Microsoft do
    pkce: { required: (ctx, client) => client.clientAuthMethod === 'none' },
    ttl: lifetimes(),
    findAccount: (ctx, sub) => findAccount(users, sub),
    // Google gives one without the scope offline_access, which the library's default asks for.
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: (ctx) => rotatesRefreshTokens(ctx.oidc.client.clientId),
    extraTokenClaims: (ctx, token) => ({ email: token.accountId ?? mailboxOf(token.clientId) }),
    interactions: { url: (ctx, interaction) => `/login/${interaction.uid}` },
    features: features(),
    formats: { customizers: { jwt: asDovecotWantsIt } },
    renderError(ctx, { error, error_description: description }) {
      ctx.type = 'html';
      ctx.body = errorPage({ error, description });
    },
  });
  allowAnyLoopbackPath(provider);
  takeAssertionsForAlias(provider);
  watch(provider);
  logFaults(provider);
  return provider;
}

const lifetimes = () => ({
  AccessToken: () => knobs.at_ttl,
  ClientCredentials: () => knobs.at_ttl,
  RefreshToken: () => knobs.rt_ttl,
  DeviceCode: () => knobs.device_ttl,
  AuthorizationCode: 60,
  IdToken: 3600,
  Interaction: 3600,
  Session: DAY,
  Grant: 14 * DAY,
});

const features = () => ({
  devInteractions: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  registration: { enabled: true },  // without a token, as Stalwart offers it (RFC 7591)
  clientCredentials: { enabled: true },
  introspection: { enabled: true, allowedPolicy: () => true },
  revocation: { enabled: true, allowedPolicy: () => true },
  deviceFlow: {
    enabled: true,
    charset: 'digits',
    mask: '***-***-***',
    userCodeInputSource(ctx, form, out, error) { ctx.body = deviceCodePage(form, error); },
    userCodeConfirmSource(ctx, form, client, info, userCode) {
      ctx.body = deviceConfirmPage(form, client.clientId, userCode);
    },
    successSource(ctx) { ctx.body = deviceDonePage(); },
  },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => IMAP,
    useGrantedResource: () => true,
    getResourceServerInfo: (ctx, resource, client) => ({
      scope: IMAP_SCOPES,
      audience: 'imap',
      accessTokenTTL: knobs.at_ttl,
      accessTokenFormat: getsOpaqueTokens(client?.clientId) ? 'opaque' : 'jwt',
      jwt: { sign: { alg: 'RS256' } },
    }),
  },
});

function findAccount(users, sub) {
  if (!users[sub]) return undefined;
  const [name] = sub.split('@');
  const claims = { sub, email: sub, email_verified: true, name, preferred_username: sub };
  return { accountId: sub, claims: () => claims };
}

// Dovecot 2.3 finds no 'typ' in the 'at+jwt' of RFC 9068 and refuses the token; it wants 'JWT'.
function asDovecotWantsIt(ctx, token, parts) {
  parts.header = { ...parts.header, typ: 'JWT' };
  return parts;
}

// An assertion is for the endpoint under which the client knows it (RFC 7523), here Microsoft's.
function takeAssertionsForAlias({ OIDCContext }) {
  const usual = OIDCContext.prototype.clientJwtAuthExpectedAudience;
  OIDCContext.prototype.clientJwtAuthExpectedAudience = function expectedAudience() {
    return usual.call(this).add(`${this.issuer}/oauth2/v2.0/token`);
  };
}

function allowAnyLoopbackPath({ Client }) {
  const exact = Client.prototype.redirectUriAllowed;
  Client.prototype.redirectUriAllowed = function redirectUriAllowed(uri) {
    return exact.call(this, uri) || isLoopbackRedirect(this, uri);
  };
}

function logFaults(provider) {
  for (const event of ['server_error', 'authorization.error', 'grant.error', 'introspection.error']) {
    provider.on(event, (ctx, error) => {
      console.error(event, error.error ?? error, error.error_description ?? '', error.error_detail ?? '');
    });
  }
}
