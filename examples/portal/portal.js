// The example portal's script: fills a report into Curfew's form and lists the job states that Curfew reports.

const curfew = document.querySelector("curfew-frame");
const jobs = document.getElementById("jobs");
const lines = new Map();

document.getElementById("report").addEventListener("submit", (event) => {
  event.preventDefault();
  curfew.prefill({
    users: [document.getElementById("user").value],
    reason: document.getElementById("ticket").value,
  });
});

curfew.addEventListener("curfew:job", ({ detail: { job, state } }) => {
  let line = lines.get(job);
  if (line === undefined) {
    line = document.createElement("li");
    lines.set(job, line);
    jobs.append(line);
  }
  line.textContent = `${job}: ${state}`;
});
