// The same form as React builds it, with a typed-in state and a request, in its production build.

import { useState } from "react";
import { createRoot } from "react-dom/client";

function SignIn() {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [status, setStatus] = useState("");
  async function submit(event) {
    event.preventDefault();
    const body = JSON.stringify({ username: user, password });
    const answer = await fetch("mgmt/shared/authn/login", { method: "POST", headers: { "content-type": "application/json" }, body });
    setStatus(answer.ok ? "Signed in" : "Refused");
  }
  return (
    <main className="sign-in">
      <p className="brand">Curfew</p>
      <p>Ends active APM access sessions on BIG-IP devices through BIG-IQ.</p>
      <h1>Sign in</h1>
      <form onSubmit={submit}>
        <label htmlFor="user">User name</label>
        <input id="user" type="text" autoComplete="username" required autoFocus value={user} onChange={(event) => setUser(event.target.value)} />
        <label htmlFor="password">Password</label>
        <input id="password" type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
        <button type="submit">Sign in</button>
        <p role="status">{status}</p>
      </form>
    </main>
  );
}

const root = document.createElement("div");
document.body.append(root);
createRoot(root).render(<SignIn />);
