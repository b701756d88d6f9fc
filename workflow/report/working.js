// What all pages share: requests to the program, one after the other, and elements.
const byId = id => document.getElementById(id), help = byId("help");
byId("helper").onclick = () => help.showModal();
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
function isPressed(button) { return button.getAttribute("aria-pressed") === "true"; }
async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const isTold = answer.headers.get("Content-Type") === "application/json";  // also what is wrong, such as a full disk
  const told = isTold ? await answer.json() : { problem: `The program answers ${answer.status}.` };
  if (told.problem) throw new Error(told.problem);
  return told;
}
// One after the other: a fast second key is for the next card. Keys typed before a problem appears are forgotten.
let queue = Promise.resolve(), problems = 0;
function inTurn(work) {
  const before = problems;
  queue = queue.then(async () => {
    if (before !== problems) return;
    byId("problem").hidden = true;
    if (!await tell(work)) problems += 1;
  });
  return queue;
}
// Returns whether it worked; if not, the page says why.
async function tell(work) {
  try { await work(); return true; }
  catch (error) {
    byId("problem").textContent = error instanceof TypeError ? "The program does not answer. Start it again and open its new address; all answers shown are saved." : error.message;
    byId("problem").hidden = false;
    return false;
  }
}
// In a dark film an animal shows only if the picture is made brighter.
function brighten() { byId("brighter").setAttribute("aria-pressed", document.body.classList.toggle("bright")); }
if (byId("brighter")) {
  byId("brighter").onclick = brighten;
  addEventListener("keydown", event => {
    const isTyping = event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey;
    if (event.key.toLowerCase() === "b" && !isTyping && !document.querySelector("dialog[open]")) brighten();
  });
}
