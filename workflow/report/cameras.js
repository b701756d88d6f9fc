// The page of cameras. What a person says goes to the program at once; the page then shows what the table says.
let state, open = null, films = [], marks = [], clock = null, shown = 0, compared = Infinity, isLooking = false, isHeld = false, isStale = false, armed = null;
// What was found right or was corrected on this page: a time of the first film is used again when the last one is corrected.
const seen = new Map();
const images = new Map();
// What was refused, by the field's id: what was typed, and why.
const refused = new Map();
const FIELDS = [["site", "Site"], ["begin", "Begin"], ["end", "End"], ["place", "Latitude, longitude"], ["timezone", "Time zone"], ["clock", "Added to the clock"], ["camera", "Camera"], ["note", "Note"]];
const HINTS = { begin: "such as 2024-05-17", end: "such as 2024-06-10 18:00", place: "such as -26.9786, 21.8323", timezone: "such as +02:00", clock: "such as +1:00:00" };
const camera = () => state.cameras.find(one => one.folder === open);
const called = one => one.site || one.folder || "all films";
const minutes = text => Date.parse(`${text.replace(" ", "T")}Z`) / 6e4;
const day = text => new Date(`${text.slice(0, 10)}T00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
function image(address, alt) {
  if (!images.has(address)) images.set(address, element("img", { src: address, alt, loading: "lazy" }));
  return images.get(address);
}
function svg(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// The time line: films by day, or one by one, above the periods.
function timeLine(from, to, bars, bands, label) {
  const line = svg("svg", { class: "line", viewBox: "0 0 1000 40", preserveAspectRatio: "none", role: "img", "aria-label": label });
  const at = time => Math.max(0, Math.min(1000, 1000 * (time - from) / Math.max(1, to - from)));
  for (const [kind, begin, end] of bands) line.append(svg("rect", { class: kind, x: at(begin), width: Math.max(2, at(end) - at(begin)), y: 0, height: 40 }));
  for (const [kind, time, height] of bars) line.append(svg("rect", { class: kind, x: Math.min(997, at(time)), width: 3, y: 38 - 34 * height, height: 2 + 34 * height }));
  return line;
}
function ofSeason(one) {
  const [from, to] = state.span.map(minutes);
  const most = Math.max(1, ...one.days.map(([, number]) => number));
  const bands = one.rows.map(row => ["period", row.cells.begin ? minutes(row.cells.begin) : from, row.cells.end ? minutes(row.cells.end) + 1440 * (row.cells.end.length < 11) : to + 1440]);
  return timeLine(from, to + 1440, one.days.map(([date, number]) => ["film", minutes(date) + 720, Math.sqrt(number / most)]), bands, `Films of ${called(one)} by day`);
}
function ofCamera(one) {
  const timed = films.filter(film => film.time && !film.isFar);
  if (!timed.length) return element("p", { className: "soft", textContent: "The program does not know when these films begin. If their names contain the time, write videos: start_pattern; docs/cameras.md shows how. If not, type the time below the picture of each film." });
  const times = timed.map(film => minutes(film.time)), [first, last] = [Math.min(...times), Math.max(...times)];
  const begins = one.rows.map(row => row.cells.begin ? minutes(row.cells.begin) : first), ends = one.rows.map(row => row.cells.end ? minutes(row.cells.end) + 1440 * (row.cells.end.length < 11) : last);
  // A begin or an end far away would press the films together.
  const reach = Math.max(1440, last - first), from = Math.max(first - reach, Math.min(first, ...begins)), to = Math.min(last + reach, Math.max(last, ...ends));
  const time = number => minutes(films.find(film => film.number === number).time);
  const bands = [...one.rows.map((_, place) => ["period", begins[place], ends[place]]), ...marks.filter(mark => hasFilms(mark) && !["reset", "timeless"].includes(mark.kind)).map(mark => mark.kind === "silent" ? ["silent", time(mark.before), time(mark.after)] : [mark.kind, time(mark.first), time(mark.last)])];
  const line = timeLine(from, to, timed.map(film => [film.line ? "film" : "outside", minutes(film.time), .6]), bands, `Films of ${called(one)}`);
  line.classList.add("large");
  if (films[shown]?.time) line.append(svg("rect", { class: "now", x: 1000 * (minutes(films[shown].time) - from) / Math.max(1, to - from) - 1, width: 2, y: 0, height: 40 }));
  line.onclick = event => {
    const bounds = line.getBoundingClientRect(), at = from + (to - from) * (event.clientX - bounds.left) / bounds.width;
    showFilm(films.indexOf(timed.reduce((best, film) => Math.abs(minutes(film.time) - at) < Math.abs(minutes(best.time) - at) ? film : best)));
  };
  const dates = element("div", { className: "axis" }, element("span", { textContent: day(new Date(from * 6e4).toISOString()) }), element("span", { textContent: day(new Date(to * 6e4).toISOString()) }));
  return element("div", {}, line, dates);
}
const hasFilms = mark => mark.kind === "timeless" || [mark.before, mark.after, mark.first].every(number => number == null || films.some(film => film.number === number && film.time));

const hasRegion = row => row.ignore.length + row.roi.length > 0;
// The period to which the film in the picture belongs.
const period = () => { const one = camera(); return one && (one.rows.find(row => row.line === films[shown]?.line) ?? one.rows[0]); };

// One row a camera.
function rowOf(one) {
  const button = element("button", { className: "row", id: `row-${one.folder}`, ariaExpanded: one.folder === open });
  button.onclick = () => toggle(one.folder);
  const clocks = one.rows.filter(row => row.cells.clock).map(row => row.cells.clock), nights = one.rows.map(row => row.nights);
  const tags = [
    clocks.length === one.rows.length ? [`clock ${clocks.every(text => /^\+0:00$/.test(text)) ? "agrees" : [...new Set(clocks)].join(", ")}`, "done"] : ["clock not checked", ""],
    one.rows.every(hasRegion) ? [[one.rows.some(row => row.ignore.length) ? `${Math.max(...one.rows.map(row => row.ignore.length))} ignored` : "", one.rows.some(row => row.roi.length) ? "looks at a part" : ""].filter(Boolean).join(", "), "done"] : ["no region", ""],
    one.rows.every(row => row.cells.latitude) ? ["place", "done"] : ["no place", ""],
    ...(one.rows.length > 1 ? [[`${one.rows.length} periods`, "done"]] : []),
    ...(one.silences ? [[counted(one.silences, "long silence"), "look"]] : []),
    ...(one.resets ? [[`${counted(one.resets, "film")} far from the others`, "look"]] : []),
    ...(one.outside ? [[`${counted(one.outside, "film")} in no period`, ""]] : []),
    ...(one.films > one.timed ? [[`${counted(one.films - one.timed, "film")} without a time`, "look"]] : []),
  ];
  const facts = [counted(one.films, "film"), nights.every(number => number !== null) && nights.length ? counted(nights.reduce((sum, number) => sum + number, 0), "night") : ""].filter(Boolean).join(", ");
  const text = element("span", {}, element("strong", { textContent: called(one) }), element("small", { textContent: `${one.folder || "."}: ${facts}` }));
  const time = element("span", { className: "time" }, ...(state.span ? [ofSeason(one)] : []), element("span", { className: "tags" }, ...tags.map(([words, kind]) => element("span", { className: `tag ${kind}`, textContent: words }))));
  const still = one.picture === null ? element("span", { textContent: "no film" }) : image(`picture/${one.picture}`, `The first film of ${called(one)}`).cloneNode();
  still.onerror = () => still.replaceWith(element("span", { textContent: "no picture" }));
  button.append(still, text, time);
  return button;
}

function detail(one) {
  const root = element("div", { className: "detail" }, ofCamera(one), element("ul", { className: "marks" }, ...marks.filter(hasFilms).map(markOf)));
  if (isLooking) root.append(element("p", { className: "soft", textContent: "Looking for films that are dark or show another view, and for the clock…" }));
  else if (films.length > compared) root.append(element("p", { className: "soft", textContent: `${compared} of the ${films.length} films, spread over the time, were compared.` }));
  root.append(element("div", { className: "halves" }, element("div", {}, ...pictureOf(one)), element("div", {}, ...one.rows.map((row, place) => periodOf(one, row, place)))));
  return root;
}
function markOf(mark) {
  const film = number => films.find(one => one.number === number);
  if (mark.kind === "timeless") return element("li", {}, element("span", { textContent: `${mark.number === 1 ? "One film says" : `${mark.number} films say`} nothing about the time.` }), element("button", { textContent: "Show it", onclick: () => showFilm(films.indexOf(film(mark.first))) }));
  const nights = (from, to) => counted(Math.round((minutes(`${to.slice(0, 10)} 00:00`) - minutes(`${from.slice(0, 10)} 00:00`)) / 1440), "night");
  const when = mark.first === mark.last ? `at ${film(mark.first ?? mark.before).time.slice(0, 16)}` : `from ${film(mark.first).time.slice(0, 16)} to ${film(mark.last).time.slice(0, 16)}`;
  if (mark.kind === "reset") return resetOf(mark, film(mark.first), when);
  const text = mark.kind === "silent"
    ? `Silent for ${nights(film(mark.before).time, film(mark.after).time)}, from ${film(mark.before).time.slice(0, 16)} to ${film(mark.after).time.slice(0, 16)}.`
    : `${mark.kind === "dark" ? "Dark" : "Another view than usual"} ${when}.`;
  const item = element("li", {}, element("span", { textContent: text }));
  if (mark.first !== undefined) item.append(element("button", { textContent: "Show it", onclick: () => showFilm(films.indexOf(film(mark.first))) }));
  if (mark.before !== null || mark.after !== null) {
    const words = mark.before === null ? "It worked only after that" : mark.after === null ? "It did not work from then on" : "It did not work then";
    item.append(element("button", { id: `mark-${mark.kind}-${mark.before}`, textContent: words, onclick: () => say("end", { line: mark.line, before: mark.before, after: mark.after }, "The periods are in the table.") }));
  }
  return item;
}

// Films whose clock was reset: when it is known what time it was at the first of them, they get a period with a clock of their own.
function resetOf(mark, first, when) {
  const field = element("input", { id: `reset-${mark.first}`, autocomplete: "off", placeholder: "such as 2024-05-17 06:29" });
  field.onkeydown = event => { if (event.key === "Enter") button.click(); };
  const button = element("button", { textContent: "The clock was reset", onclick: () => say("reset", { line: mark.line, film: mark.first, time: field.value }, "These films have a period and a clock of their own now.", field) });
  const show = element("button", { textContent: "Show it", onclick: () => showFilm(films.indexOf(first)) });
  return element("li", {}, element("span", { textContent: `Far from the others in time: ${when}. Was the camera's clock reset? What time was it in truth when the first of these films began?` }), field, button, show);
}

// The picture with its rectangles.
function pictureOf(one) {
  const film = films[shown], frame = element("div", { className: "frame", id: "frame" });
  if (!film) return [element("p", { textContent: "No film lies in this folder." })];
  const still = image(`picture/${film.number}`, `A picture of ${film.path}`);
  still.loading = "eager";
  still.onerror = () => frame.replaceChildren(element("p", { className: "note", textContent: "This film cannot be shown. See the next one." }));
  still.onload = () => frame.style.setProperty("--ratio", still.naturalWidth / still.naturalHeight);
  if (still.naturalWidth) still.onload();
  frame.append(still);
  const row = period();
  row.ignore.forEach((rectangle, place) => frame.append(rectangleOf(row, "ignore", place, rectangle)));
  row.roi.forEach((rectangle, place) => frame.append(rectangleOf(row, "roi", place, rectangle)));
  if (isProposed(row)) frame.append(placed(element("div", { className: "rectangle proposed" }, element("span", { textContent: "a clock?" })), clock));
  frame.onpointerdown = event => { if (event.target === frame || armed) draw(row, frame, event); };
  const button = (id, text, key, act) => element("button", { id, onclick: act }, text, element("kbd", { textContent: key }));
  const tools = [
    button("ignore", "Ignore a part", "I", event => arm("ignore", event)), button("look", "Look only at a part", "L", event => arm("roi", event)),
    ...(isProposed(row) ? [button("clock", "Ignore the clock found", "C", () => acceptClock())] : []),
    button("earlier", "Film before", ",", () => showFilm(shown - 1)), button("later", "Film after", ".", () => showFilm(shown + 1)),
  ];
  const said = !film.time ? "" : film.source === "table" ? `, ${film.time} as the table says` : film.time === film.byCamera ? `, ${film.time} as the ${film.source} says` : `, ${film.time} (the ${film.source} says ${film.byCamera})`;
  return [frame, element("p", { className: "soft", textContent: `${film.path}${said}` }), element("div", { className: "tools" }, ...tools), ...(film.time && film.source !== "table" ? [] : [beginOf(film)])];
}
// A film that says nothing about its time gets a row of its own.
function beginOf(film) {
  const field = element("input", { id: `begin-${film.number}`, value: film.time ?? "", autocomplete: "off", placeholder: "such as 2024-05-17 06:29:44" });
  field.onchange = () => say("begin", { film: film.number, time: field.value }, "This film has a row of its own now.", field);
  return element("label", { className: "soft" }, "When did this film begin?", field);
}
const isProposed = row => clock && !row.ignore.some(([left, top, width, height]) => left <= clock[0] + clock[2] && clock[0] <= left + width && top <= clock[1] + clock[3] && clock[1] <= top + height);
function placed(made, [left, top, width, height]) {
  Object.assign(made.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * width}%`, height: `${100 * height}%` });
  made.classList.toggle("high", top < .06);
  return made;
}
function rectangleOf(row, kind, place, rectangle) {
  const words = kind === "roi" ? "looked at" : "ignored";
  const made = placed(element("button", { className: `rectangle ${kind}`, id: `${kind}-${place}`, ariaLabel: `A part that is ${words}. Arrows move it, with shift they change its size; delete removes it.` }, element("span", { textContent: words }), element("i", {})), rectangle);
  made.onpointerdown = event => { if (!armed) move(row, made, kind, place, event); };
  made.onkeydown = event => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") save(row, kind, place, null);
    else if (steps) save(row, kind, place, within(event.shiftKey ? [rectangle[0], rectangle[1], rectangle[2] + .01 * steps[0], rectangle[3] + .01 * steps[1]] : [rectangle[0] + .01 * steps[0], rectangle[1] + .01 * steps[1], rectangle[2], rectangle[3]]));
    else return;
    event.preventDefault(); event.stopPropagation();
  };
  return made;
}
function within([left, top, width, height]) {
  width = Math.max(.01, Math.min(1, width)); height = Math.max(.01, Math.min(1, height));
  return [Math.max(0, Math.min(left, 1 - width)), Math.max(0, Math.min(top, 1 - height)), width, height];
}
function place(frame, event) {
  const bounds = frame.getBoundingClientRect();
  return [(event.clientX - bounds.left) / bounds.width, (event.clientY - bounds.top) / bounds.height].map(value => Math.max(0, Math.min(1, value)));
}
// While a button or the mouse is held down, the page stays as it is: what is clicked must still be there.
function letGo() { isHeld = false; if (isStale) { isStale = false; render(); } }
addEventListener("pointerdown", () => { isHeld = true; }, true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(letGo), true);
addEventListener("pointermove", event => { if (isHeld && !event.buttons) letGo(); }, true);  // it was let go outside the window
// Follow the pointer until it is let go; `during` and `after` get where it is.
function follow(target, event, during, after) {
  event.preventDefault(); event.stopPropagation();
  target.setPointerCapture(event.pointerId);
  target.onpointermove = during;
  target.onpointerup = last => { target.onpointermove = target.onpointerup = target.onpointercancel = null; after(last); };
  target.onpointercancel = target.onpointerup;
}
function draw(row, frame, event) {
  const from = place(frame, event), kind = armed ?? "ignore", made = element("div", { className: `rectangle ${kind}` });
  armed = null;
  const of = to => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
  frame.append(made);
  follow(frame, event, next => placed(made, of(place(frame, next))), last => {
    const rectangle = of(place(frame, last));
    made.remove();
    if (rectangle[2] > .01 && rectangle[3] > .01) save(row, kind, kind === "roi" ? 0 : row.ignore.length, rectangle);
  });
}
function move(row, made, kind, number, event) {
  const frame = byId("frame"), from = place(frame, event), old = row[kind][number], isSize = event.target.tagName === "I";
  made.focus();
  const of = to => within(isSize ? [old[0], old[1], old[2] + to[0] - from[0], old[3] + to[1] - from[1]] : [old[0] + to[0] - from[0], old[1] + to[1] - from[1], old[2], old[3]]);
  follow(made, event, next => placed(made, of(place(frame, next))), last => {
    const rectangle = of(place(frame, last));
    if (rectangle.some((value, part) => Math.abs(value - old[part]) > .002)) save(row, kind, number, rectangle);
  });
}
// After a click on a button, a rectangle is drawn with the mouse. By keys alone it begins in the middle, and arrows move it.
function arm(kind, event) {
  if (!event.detail) return add(kind);
  armed = kind;
  byId("said").textContent = "Draw a rectangle on the picture.";
}
function add(kind) {
  const row = period();
  if (!row) return;
  const number = kind === "roi" ? 0 : row.ignore.length;
  save(row, kind, number, kind === "roi" ? [.1, .1, .8, .8] : [.35, .45, .3, .1]).then(() => byId(`${kind}-${number}`)?.focus());
}
function acceptClock() { const row = period(); if (row && isProposed(row)) save(row, "ignore", row.ignore.length, clock); }
function save(row, kind, number, rectangle) {
  const changed = { roi: [...row.roi], ignore: [...row.ignore] };
  changed[kind].splice(number, 1, ...(rectangle ? [rectangle] : []));
  return say("draw", { line: row.line, ...changed }, rectangle ? "The region is in the table. Only this camera's films are searched again." : "The rectangle is gone.");
}

// A period: its cells, and the clock beside the picture.
function periodOf(one, row, number) {
  const root = element("fieldset", { className: "period" });
  const when = `${row.cells.begin || "open"} to ${row.cells.end || "open"}`;
  root.append(element("legend", { textContent: one.rows.length > 1 ? `Period ${number + 1}: ${when}` : "Camera" }));
  for (const [place, film] of row.checked.entries()) root.append(checkOf(row, film, row.checked.length > 1 ? ["First film", "Last film"][place] : "The film"));
  if (!row.checked.length && row.films) root.append(element("p", { className: "soft", textContent: "Neither names nor files say when these films begin." }));
  if (!row.films) root.append(element("p", { className: "soft", textContent: "No film begins in this period." }));
  const fields = element("div", { className: "fields" });
  for (const [name, words] of FIELDS) {
    const value = name === "place" ? [row.cells.latitude, row.cells.longitude].filter(Boolean).join(", ") : row.cells[name];
    const field = element("input", { id: `cell-${row.line}-${name}`, value, placeholder: HINTS[name] ?? "", autocomplete: "off", spellcheck: false });
    field.dataset.saved = value;
    field.onchange = () => saveCell(row.line, name, field.value);
    fields.append(element("label", {}, words, field));
  }
  root.append(fields);
  if (row.cells.timezone && state.cameras.some(other => other.rows.some(one => !one.cells.timezone))) root.append(element("div", { className: "tools" }, element("button", { id: `share-zone-${row.line}`, textContent: "The same time zone for cameras without one", onclick: () => say("share", { line: row.line }, "All cameras have a time zone now.") })));
  return root;
}
function saveCell(line, name, value) {
  const field = byId(`cell-${line}-${name}`), shown = camera().rows.find(row => row.line === line).cells;
  const [latitude = "", longitude = ""] = name === "place" ? value.trim().split(/\s*[;,]\s+|\s*[;\s]\s*|\s*,\s*/) : [];
  if (name === "clock") seen.clear();
  const cells = name === "place" ? { latitude, longitude } : { [name]: value };
  const was = Object.fromEntries(Object.keys(cells).map(key => [key, shown[key]]));
  return say("change", { line, cells, was }, "It is in the table.", field);
}
function checkOf(row, film, words) {
  const part = clock ?? row.ignore[0], is = seen.has(film.number);
  const field = element("input", { id: `time-${row.line}-${film.number}`, value: film.believed, autocomplete: "off", spellcheck: false });
  field.dataset.saved = film.believed;
  const send = () => {
    const all = new Map(row.checked.filter(other => seen.has(other.number) || other === film).map(other => [other.number, other === film ? field.value : seen.get(other.number)]));
    const isAgreed = field.value.trim() === film.believed;
    if (isAgreed && row.cells.clock) { seen.set(film.number, film.believed); render(); byId("said").textContent = "It agrees with the table."; return; }
    say("correct", { line: row.line, seen: [...all] }, "The clock is in the table. No film is searched again for it.", field).then(() => {
      const now = camera()?.rows.find(other => other.line === row.line)?.checked.find(other => other.number === film.number);
      if (!now || !byId("problem").hidden) return;
      seen.set(film.number, now.believed);
      render();
    });
  };
  field.onchange = send;
  field.onkeydown = event => { if (event.key === "Enter" && field.value === film.believed) send(); };
  const button = element("button", { id: `right-${row.line}-${film.number}`, textContent: is ? "Right ✓" : "Right", onclick: () => { if (field.value === film.believed) send(); } });
  field.oninput = () => { button.textContent = field.value.trim() === film.believed ? "Right" : "Correct it"; };
  const picture = part ? [image(`picture/${film.number}?part=${part.join(",")}`, `The clock in the picture of ${film.path}`)] : [];
  const by = `the ${film.source} says ${film.byCamera}${film.byCamera === film.believed ? "" : ", corrected below"}`;
  return element("div", { className: "check" }, element("span", { textContent: `${words}: ${by}` }), ...picture, element("div", { className: "say" }, element("label", {}, "The true time (that of the picture, if its clock was right)", field), button));
}

function render() {
  if (isHeld) { isStale = true; return; }
  const focused = document.activeElement?.id, typed = document.activeElement?.matches?.("input") ? document.activeElement : null;
  const unsaved = typed && typed.value !== typed.dataset.saved ? [typed.value, typed.selectionStart] : null;
  byId("table").textContent = `${state.table}, ${counted(state.cameras.length, "camera")}`;
  byId("setting").hidden = !state.setting;
  byId("setting").replaceChildren(element("pre", { textContent: state.setting }));
  byId("doubts").hidden = !state.told.length;
  byId("doubts").firstElementChild.textContent = `${counted(state.told.length, "thing")} to look at`;
  byId("doubts").lastElementChild.replaceChildren(...state.told.map(text => element("pre", { textContent: text })));
  byId("cameras").replaceChildren(...state.cameras.map(one => element("section", { className: `camera${one.folder === open ? " open" : ""}` }, rowOf(one), ...(one.folder === open ? [detail(one)] : []))));
  for (const [id, [value, text]] of refused) if (byId(id)) { Object.assign(byId(id), { value, title: text }); byId(id).classList.add("refused"); }
  if (!focused) return;
  const again = byId(focused);
  again?.focus({ preventScroll: true });
  if (!again) { byId(`row-${open}`)?.focus({ preventScroll: true }); return; }
  // As if the person had just come into the field: what is typed takes the place of what is there.
  if (unsaved) { again.value = unsaved[0]; again.setSelectionRange(unsaved[1], unsaved[1]); }
  else if (again.matches("input")) again.select();
}
async function load() {
  const folder = encodeURIComponent(open), found = await ask(`films?folder=${folder}`);
  const number = films[shown]?.number;
  films = found.films; shown = Math.max(0, films.findIndex(film => film.number === number));
  marks = found.marks.concat(marks.filter(mark => mark.folder === open && films.some(film => film.number === mark.first && film.line === mark.line)));
}
// Look at the films in the background, and show what was found if the camera is still open.
function look() {
  const folder = open;
  isLooking = true;
  ask(`views?folder=${encodeURIComponent(folder)}`).catch(() => ({ clock: null, marks: [] })).then(found => {
    if (folder !== open) return;
    isLooking = false; clock = found.clock; compared = found.compared ?? Infinity;
    marks = marks.filter(mark => !mark.folder).concat(found.marks.map(mark => ({ ...mark, folder })));
    render();
  });
}
function toggle(folder) {
  return inTurn(async () => {
    open = open === folder ? null : folder; films = []; marks = []; clock = null; shown = 0; armed = null; refused.clear();
    if (open !== null) { await load(); look(); }
    render();
    byId(`row-${folder}`)?.scrollIntoView({ block: "nearest" });
  });
}
// What is refused stays in its field, so that it can be mended.
function say(what, body, words, field) {
  const typed = field?.value;
  byId("said").textContent = "";
  return inTurn(async () => {
    try { state = await ask(what, body); byId("said").textContent = words; }
    catch (error) { state = await ask("cameras"); if (open !== null && camera()) await load(); if (field) refused.set(field.id, [typed, error.message]); render(); throw error; }
    if (field) refused.delete(field.id);
    if (open !== null && !camera()) open = null;
    if (open !== null) { await load(); if (what === "end" || what === "undo") look(); }
    render();
  });
}
function undo() { seen.clear(); refused.clear(); say("undo", {}, "The last change is taken back."); }
function showFilm(number) { if (films.length) { shown = Math.max(0, Math.min(films.length - 1, number)); render(); } }
addEventListener("keydown", event => {
  if (help.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input")) { if (event.key === "Escape") event.target.blur(); return; }
  const key = event.key.toLowerCase(), rows = [...document.querySelectorAll(".row")], at = rows.indexOf(document.activeElement);
  const here = at < 0 ? rows.findIndex(row => row.id === `row-${open}`) : at;
  if (key === "j" || key === "arrowdown") rows[Math.min(rows.length - 1, here + 1)]?.focus();
  else if (key === "k" || key === "arrowup") rows[Math.max(0, here - 1)]?.focus();
  else if (key === "z") undo();
  else if (key === "?") help.showModal();
  else if (key === "i") add("ignore");
  else if (key === "l") add("roi");
  else if (key === "c") acceptClock();
  else if (key === ",") showFilm(shown - 1);
  else if (key === ".") showFilm(shown + 1);
  else return;
  event.preventDefault();
});
byId("undo").onclick = undo;
inTurn(async () => { state = await ask("cameras"); render(); });
