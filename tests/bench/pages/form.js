// A handwritten sign-in form: the minimum that a browser needs.

const form = document.querySelector("form");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ username: form.querySelector("#user").value, password: form.querySelector("#password").value });
  const answer = await fetch("mgmt/shared/authn/login", { method: "POST", headers: { "content-type": "application/json" }, body });
  form.querySelector("[role=status]").textContent = answer.ok ? "Signed in" : "Refused";
});
