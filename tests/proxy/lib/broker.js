// What a portal with single sign-on puts between the proxy and BIG-IQ. It holds the token of a service account, renews it before
// it expires, and adds it to every call. It doesn't check who sends the call; the sign-on in front of the proxy does.

import { createServer, request } from "node:https";

/** Renew a token this long before it expires, in milliseconds. */
const SPARE = 60_000;

/** Starts a broker for the duration of the test: `{port}`. `account` is a BIG-IQ user whose password equals its name. */
export async function startBroker(t, { cert, key }, { port, ca }, account) {
  const ask = (options, body) => new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", servername: "localhost", port, ca, agent: false, ...options }, resolve);
    asked.on("error", reject);
    asked.end(body);
  });
  const text = async (answer) => {
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  let held = { token: "", until: 0 };
  const token = async () => {
    if (Date.now() + SPARE > held.until) {
      const body = JSON.stringify({ username: account, password: account, loginProviderName: "local" });
      const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
      const reply = JSON.parse(await text(await ask({ method: "POST", path: "/mgmt/shared/authn/login", headers }, body)));
      held = { token: reply.token.token, until: Date.now() + 300_000 };
    }
    return held.token;
  };
  const server = createServer({ cert, key }, async (incoming, outgoing) => {
    try {
      const body = await text(incoming);
      const headers = { accept: "application/json", "x-f5-auth-token": await token() };
      if (body.length > 0) Object.assign(headers, { "content-type": incoming.headers["content-type"], "content-length": body.length });
      const answer = await ask({ method: incoming.method, path: incoming.url, headers }, body);
      outgoing.writeHead(answer.statusCode, { "content-type": answer.headers["content-type"], date: answer.headers.date });
      outgoing.end(await text(answer));
    } catch {
      outgoing.destroy();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: server.address().port };
}
