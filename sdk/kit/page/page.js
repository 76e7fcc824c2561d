// Sorting and filtering. The rows stand in the document already; this takes them out and shows a part of them, so that
// ten thousand rows cost no more than the two hundred that are seen.
"use strict";
for (const figure of document.querySelectorAll(".table")) {
  const STEP = 200, heads = [...figure.querySelectorAll("th")], body = figure.querySelector("tbody");
  const all = [...body.rows].map((row, place) => ({ row, place, text: "" }));
  const chosen = new Map(), field = document.createElement("input"), count = document.createElement("output");
  const tools = document.createElement("div"), more = document.createElement("button");
  let rows = all, limit = STEP, column = -1, down = false;

  const cell = (row, at) => row.cells[at] ? row.cells[at].dataset.sort ?? row.cells[at].textContent : "";
  const chip = (row, at) => row.cells[at] ? (row.cells[at].querySelector(".label") ?? row.cells[at]).textContent : "";
  const number = text => { const value = parseFloat(text); return Number.isNaN(value) ? -Infinity : value; };

  function show() {
    const shown = rows.slice(0, limit);
    for (const { row } of shown)
      for (let i = 0; i < row.cells.length; i++) row.cells[i].dataset.title = heads[i].textContent;
    body.replaceChildren(...shown.map(item => item.row));
    count.textContent = rows.length === all.length ? `${all.length.toLocaleString()} rows`
      : `${rows.length.toLocaleString()} of ${all.length.toLocaleString()} rows`;
    more.hidden = rows.length <= limit;
    more.textContent = `Show ${Math.min(STEP, rows.length - limit).toLocaleString()} more of ${(rows.length - limit).toLocaleString()}`;
  }
  function select() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows = all.filter(item => {
      for (const [at, values] of chosen) if (values.size && !values.has(chip(item.row, at))) return false;
      if (!words.length) return true;
      item.text ||= item.row.textContent.toLowerCase();
      return words.every(word => item.text.includes(word));
    });
    if (column >= 0) {
      const numeric = heads[column].classList.contains("number"), sign = down ? -1 : 1;
      const keys = new Map(rows.map(item => [item, numeric ? number(cell(item.row, column)) : cell(item.row, column).toLowerCase()]));
      rows.sort((a, b) => {
        const x = keys.get(a), y = keys.get(b);
        return x < y ? -sign : x > y ? sign : a.place - b.place;
      });
    }
    limit = STEP;
    show();
  }
  function sort(at) {
    if (column === at && down !== heads[at].classList.contains("number")) column = -1;
    else down = column === at ? !down : heads[at].classList.contains("number"), column = at;
    if (column < 0) down = false;
    heads.forEach((head, i) => i === column ? head.setAttribute("aria-sort", down ? "descending" : "ascending") : head.removeAttribute("aria-sort"));
    select();
  }
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.title = "Sort";
    button.onclick = () => sort(at);
    head.append(button);
  });

  tools.className = "tools";
  field.type = "search";
  field.placeholder = "Filter";
  field.setAttribute("aria-label", "Filter the rows");
  field.oninput = select;
  tools.append(field);
  heads.forEach((head, at) => {
    const values = new Map();
    if (!head.hasAttribute("data-chips")) return;
    for (const { row } of all) values.set(chip(row, at), (values.get(chip(row, at)) ?? 0) + 1);
    if (values.size < 2 || values.size > 16) return;
    chosen.set(at, new Set());
    for (const [value, times] of values) {
      const button = document.createElement("button"), tally = document.createElement("small");
      tally.textContent = times.toLocaleString();
      button.type = "button";
      button.className = "chip";
      button.append(value || "(none)", " ", tally);
      button.setAttribute("aria-pressed", "false");
      button.onclick = () => {
        const set = chosen.get(at), on = !set.has(value);
        if (on) set.add(value); else set.delete(value);
        button.setAttribute("aria-pressed", String(on));
        select();
      };
      tools.append(button);
    }
    tools.append(Object.assign(document.createElement("span"), { className: "gap" }));
  });
  tools.append(count);
  figure.prepend(tools);
  more.type = "button";
  more.className = "more";
  more.onclick = () => { limit += STEP; show(); };
  figure.append(more);
  addEventListener("beforeprint", () => body.replaceChildren(...rows.map(item => item.row)));
  addEventListener("afterprint", show);
  select();
}
