// Everything that oidc-provider keeps, in memory. The library's own development store forgets
// entries beyond 1000. Interface: the library's example/my_adapter.js.

const entries = new Map(); // 'Model:id' -> { payload, expiresAt }
const idByUid = new Map();
const idByUserCode = new Map();

const alive = (entry) => entry !== undefined && entry.expiresAt > Date.now();

export class MemoryStore {
  constructor(model) {
    this.model = model;
  }

  key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload, expiresIn) {
    const expiresAt = expiresIn ? Date.now() + expiresIn * 1000 : Infinity;
    entries.set(this.key(id), { payload, expiresAt });
    if (payload.uid) idByUid.set(payload.uid, id);
    if (payload.userCode) idByUserCode.set(payload.userCode, id);
  }

  async find(id) {
    const entry = entries.get(this.key(id));
    return alive(entry) ? entry.payload : undefined;
  }

  async findByUid(uid) {
    return this.find(idByUid.get(uid));
  }

  async findByUserCode(userCode) {
    return this.find(idByUserCode.get(userCode));
  }

  async consume(id) {
    const entry = entries.get(this.key(id));
    if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    entries.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    removeEntries((payload) => payload.grantId === grantId);
  }
}

// Takes back every grant of the account with all its tokens, as a person does on the provider's page.
export function revokeAccount(account) {
  return removeEntries((payload, key) => payload.accountId === account && !key.startsWith('Session:'));
}

function removeEntries(matches) {
  const keys = [...entries].filter(([key, { payload }]) => matches(payload, key)).map(([key]) => key);
  keys.forEach((key) => entries.delete(key));
  return keys.length;
}
