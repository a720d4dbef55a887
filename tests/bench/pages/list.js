// A handwritten list of devices: one key per device, made once; a filter by words; only the visible rows in the
// document, drawn in the event handler. Same rows, roles and style sheet as Curfew's.

const ROW = 40;
const SPARE = 8;

function makeRow(device, place, all) {
  const row = document.createElement("div");
  row.className = "list-row";
  row.role = "option";
  row.ariaChecked = "false";
  row.ariaPosInSet = String(place + 1);
  row.ariaSetSize = String(all);
  row.style.top = `${place * ROW}px`;
  row.style.height = `${ROW}px`;
  const part = (name, text) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    row.append(span);
  };
  part("list-tick", "");
  part("row-name", device.hostname);
  part("row-more", `${device.address} · ${device.version}`);
  part("row-aside", device.properties.clusterName ?? "");
  part("badge badge-good", "ready");
  return row;
}

// Called with BIG-IQ's items as received.
globalThis.start = (items) => {
  const keys = items.map((item) => [item.hostname, item.address, item.managementAddress, item.version, item.properties.clusterName, item.machineId].join(" ").toLowerCase());
  const filter = document.querySelector("#filter");
  const status = document.querySelector("[role=status]");
  const list = document.querySelector(".list");
  const space = document.querySelector(".list-space");
  let shown = items;
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - SPARE);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + innerHeight) / ROW) + SPARE);
    space.replaceChildren(...shown.slice(first, last).map((item, index) => makeRow(item, first + index, shown.length)));
  };
  const narrow = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = items.filter((_, index) => words.every((word) => keys[index].includes(word)));
    space.style.height = `${shown.length * ROW}px`;
    status.textContent = `${shown.length.toLocaleString()} of ${items.length.toLocaleString()} shown`;
    draw();
  };
  filter.addEventListener("input", narrow);
  list.addEventListener("scroll", draw);
  narrow();
};
