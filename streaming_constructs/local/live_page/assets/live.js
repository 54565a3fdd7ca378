// The drawing, alive: it asks for the state twice a second, and writes it into the lines that the drawing has for it.
// What comes from records, handlers and files is set as text alone; nothing here makes markup of a text.
import { Panel } from "./panel.js";

const ASKS_EACH_MS = 500;
const RATE_OVER_MS = 2000;
const SVG = "http://www.w3.org/2000/svg";

const token = takeToken();
const picture = document.getElementById("picture");
const panel = new Panel(ask, select);

let drawn = null; // the drawing: its id, and what of it is filled
let tag = ""; // of the last snapshot
let history_ = []; // the counts of the arrows, with the time when they were seen

function takeToken() {
  // Out of the address bar, so that it is in no picture and in no bookmark of the page; a reload finds it in this tab.
  const hash = new URLSearchParams(location.hash.slice(1));
  if (hash.has("token")) {
    sessionStorage.setItem("token", hash.get("token"));
    hash.delete("token");
    history.replaceState(null, "", `${location.pathname}#${hash}`);
  }
  return sessionStorage.getItem("token") ?? "";
}

async function ask(path, query = {}, known = "") {
  const headers = { Authorization: `Bearer ${token}`, ...(known && { "If-None-Match": known }) };
  const asked = Object.keys(query).length ? `${path}?${new URLSearchParams(query)}` : path;
  return fetch(asked, { headers, cache: "no-store", credentials: "omit", redirect: "error" });
}

function askDrawing() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", "/drawing.svg");
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.responseType = "document";
    request.onload = () => (request.status === 200 ? resolve(request.responseXML.documentElement) : reject(request.status));
    request.onerror = reject;
    request.send();
  });
}

async function draw(id) {
  const [svg, answer] = await Promise.all([askDrawing(), ask("/drawing")]);
  const told = await answer.json();
  const width = svg.viewBox.baseVal.width;
  for (const name of ["width", "height"]) svg.removeAttribute(name);
  svg.setAttribute("role", "group");
  picture.replaceChildren(document.adoptNode(svg));
  svg.style.minWidth = `${Math.round(width * 0.72)}px`;
  svg.style.maxWidth = `${Math.round(width * 1.2)}px`;
  const boxes = svg.querySelectorAll("rect.box");
  const lines = svg.querySelectorAll("text.line");
  const nodes = new Map(told.nodes.map((node, at) => [node.path, drawnNode(node, boxes[at], lines)]));
  const labels = svg.querySelectorAll("text.label, text.deadlabel");
  const paths = svg.querySelectorAll("path.arrow, path.dead");
  const arrows = told.arrows.map((arrow, at) => drawnArrow(arrow, labels[at], paths[at]));
  drawn = { id, nodes, arrows };
  history_ = [];
}

function drawnNode(node, box, lines) {
  box.setAttribute("role", "button");
  box.setAttribute("tabindex", "0");
  box.dataset.node = node.path;
  box.addEventListener("click", () => select(node.path));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      select(node.path);
    }
  });
  const live = [0, 1, 2].map((number) => lines[node.first_line + number]);
  for (const line of live) line.classList.add("live");
  return { ...node, box, live };
}

function drawnArrow(arrow, label, path) {
  const rate = document.createElementNS(SVG, "text");
  rate.setAttribute("class", "rate");
  rate.setAttribute("x", label.getAttribute("x"));
  rate.setAttribute("y", String(Number(label.getAttribute("y")) + (arrow.has_label ? 19 : 0)));
  rate.setAttribute("font-size", label.getAttribute("font-size"));
  label.after(rate);
  return { ...arrow, rate, path };
}

function show(state) {
  const verdict = document.getElementById("verdict");
  verdict.textContent = state.verdict;
  verdict.dataset.is = state.verdict;
  document.getElementById("headline").textContent = state.headline;
  document.title = `${state.verdict} · Rehearsal`;
  const reasons = state.reasons.map((reason) => {
    const item = document.createElement("li");
    item.textContent = reason;
    return item;
  });
  document.getElementById("reasons").replaceChildren(...reasons);
  if (!drawn.nodes.size) {
    const empty = document.createElement("p");
    empty.textContent = "Nothing is deployed yet.";
    picture.replaceChildren(empty);
  }
  for (const told of state.nodes) showNode(drawn.nodes.get(told.path), told);
  panel.states = new Map(state.nodes.map((told) => [told.path, { ...drawn.nodes.get(told.path), ...told }]));
  history_.push({ at: performance.now(), counts: state.arrows });
}

function showNode(node, told) {
  node.box.dataset.mood = told.mood;
  node.live.forEach((line, at) => {
    const said = told.lines[at] ?? "";
    if (line.textContent !== said) line.textContent = said;
    line.classList.toggle("poison", at === 2 && told.mood === "poison");
    line.classList.toggle("failed", at === 2 && told.mood === "failed");
  });
  const mood = told.mood === "poison" || told.mood === "failed" ? `, ${told.mood}` : "";
  node.box.setAttribute("aria-label", `${node.service} ${node.name}: ${told.lines.filter(Boolean).join(", ") || "nothing yet"}${mood}`);
}

function showRates() {
  const now = performance.now();
  while (history_.length > 1 && history_[1].at < now - RATE_OVER_MS) history_.shift();
  const [first, last] = [history_[0], history_[history_.length - 1]];
  drawn.arrows.forEach((arrow, at) => {
    const count = last?.counts[at] ?? null;
    const moved = count === null ? 0 : count - (first.counts[at] ?? 0);
    const seconds = Math.max(now - first.at, ASKS_EACH_MS) / 1000;
    arrow.path.classList.toggle("moving", moved > 0);
    arrow.rate.textContent =
      count === null ? "" : moved > 0 ? `${Math.ceil(moved / seconds).toLocaleString("en")}/s` : count ? count.toLocaleString("en") : "";
  });
}

function select(path) {
  const hash = new URLSearchParams();
  if (path) hash.set("node", path);
  location.hash = String(hash);
}

function selected() {
  const path = new URLSearchParams(location.hash.slice(1)).get("node");
  for (const [other, node] of drawn?.nodes ?? []) node.box.setAttribute("aria-pressed", String(other === path));
  return path;
}

async function look() {
  const answer = await ask("/snapshot", {}, tag);
  if (answer.status === 403) return gone("no token", "Open the address that was printed, with all that stands behind its #.");
  if (answer.status === 200) {
    const state = await answer.json();
    if (drawn?.id !== state.drawing) await draw(state.drawing);
    show(state);
    tag = answer.headers.get("ETag");
    await panel.open(selected());
  }
  showRates();
}

function gone(what, why) {
  const verdict = document.getElementById("verdict");
  verdict.textContent = what;
  verdict.dataset.is = "gone";
  document.getElementById("headline").textContent = why;
  tag = "";
}

async function run() {
  if (!document.hidden) {
    try {
      await look();
    } catch (error) {
      gone("not answering", "The rehearsal has ended, or is at work. What is shown is what was seen last.");
    }
  }
  setTimeout(run, ASKS_EACH_MS);
}

window.addEventListener("hashchange", () => panel.open(selected(), true));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.path) panel.close();
});
run();
