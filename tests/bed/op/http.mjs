// Reading a request's body and writing an answer, for what is not the library's.

import { text } from 'node:stream/consumers';

export const readBody = (request) => text(request);

export function sendJson(response, content, status = 200, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(content));
}

export function sendHtml(response, content, status = 200, headers = {}) {
  const noStore = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, { ...noStore, ...headers });
  response.end(content);
}
