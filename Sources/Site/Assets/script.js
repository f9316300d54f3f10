// Slipway's pages work without this script. With it they show the reader's own time, follow what
// changes, and append a log's lines as they are written.
"use strict";

const two = (number) => String(number).padStart(2, "0");
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/* Times: the server writes UTC, the reader sees their own. The words are those of Times.swift. */

function spelled(seconds) {
  seconds = Math.max(0, seconds);
  if (seconds < 9.95) return `${Math.round(seconds * 10) / 10}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)}h ${two(Math.floor(whole / 60) % 60)}m`;
  return `${Math.floor(whole / 86400)}d ${Math.floor(whole / 3600) % 24}h`;
}

function age(seconds) {
  seconds = Math.max(0, Math.floor(seconds));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86400)}d`;
}

const shortClock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
const clock = (date) => `${shortClock(date)}:${two(date.getSeconds())}`;
const dayName = (date) => `${days[date.getDay()]} ${date.getDate()} ${months[date.getMonth()]}`;

function when(date, now) {
  if (date.toDateString() === now.toDateString()) return clock(date);
  const distance = now - date;
  if (distance > 0 && distance < 6 * 86400e3) return `${days[date.getDay()]} ${shortClock(date)}`;
  const day = `${date.getDate()} ${months[date.getMonth()]}`;
  return date.getFullYear() === now.getFullYear()
    ? `${day} ${shortClock(date)}`
    : `${day} ${date.getFullYear()}`;
}

// The reader's clock may be wrong; the page says what time it was on the server.
const serverStart = Date.parse(document.querySelector("time[data-as=clock]")?.dateTime ?? "");
const skew = Number.isNaN(serverStart) ? 0 : serverStart - Date.now();

function showTimes(root) {
  const now = new Date(Date.now() + skew);
  for (const time of root.querySelectorAll("time[data-as]")) {
    const date = new Date(time.dateTime);
    const seconds = (now - date) / 1000;
    const text = {
      age: () => age(seconds),
      since: () => spelled(seconds >= 10 ? Math.floor(seconds) : seconds),
      left: () => seconds < 0 ? `${spelled(Math.max(1, Math.ceil(-seconds)))} left` : "due",
      when: () => when(date, now),
      clock: () => `${dayName(now)} ${clock(now)}`,
    }[time.dataset.as]();
    if (time.textContent !== text) time.textContent = text;
    const title = `${dayName(date)} ${date.getFullYear()}, ${clock(date)}`;
    if (time.dataset.as !== "clock" && time.title !== title) time.title = title;
  }
}

/* Fragments: when something changes, the page is fetched again and its live parts are exchanged. */

const liveParts = (root) => [...root.querySelectorAll("[data-live]")];
const withoutTimes = (element) => element.outerHTML.replace(/(<time[^>]*>)[^<]*/g, "$1");
const served = new Map(liveParts(document).map((part) => [part.dataset.live, withoutTimes(part)]));

// What somebody is about to send is not taken from under their fingers.
const isInUse = (part) =>
  part.querySelector("details.pop[open]") !== null ||
  part.querySelector("input:focus, select:focus, textarea:focus") !== null;

function keepState(old, fresh) {
  for (const details of old.querySelectorAll("details[id]")) {
    const twin = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (twin) twin.open = details.open;
  }
  const strips = fresh.querySelectorAll(".scroll");
  const scrolled = [...old.querySelectorAll(".scroll")].map((strip) => strip.scrollLeft);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const same = focused && [...old.querySelectorAll(focused.localName)].indexOf(focused);
  return () => {
    strips.forEach((strip, index) => (strip.scrollLeft = scrolled[index] ?? 0));
    if (focused) fresh.querySelectorAll(focused.localName)[same]?.focus({ preventScroll: true });
  };
}

function exchange(page) {
  const fresh = new Map(liveParts(page).map((part) => [part.dataset.live, part]));
  const known = liveParts(document);
  const isAnotherPage = known.length !== fresh.size || known.some((part) => !fresh.has(part.dataset.live));
  if (isAnotherPage) {
    if (!known.some(isInUse)) location.reload();
    return;
  }
  for (const old of known) {
    const key = old.dataset.live;
    const part = fresh.get(key);
    const html = withoutTimes(part);
    if (html === served.get(key) || isInUse(old)) continue;
    served.set(key, html);
    const settle = keepState(old, part);
    old.replaceWith(document.adoptNode(part));
    showTimes(part);
    settle();
  }
  document.title = page.title;
}

let isRefreshing = false;
let refreshedAt = Date.now();
let timer = null;

async function refresh() {
  timer = null;
  if (document.hidden) return void (isStale = true);
  if (isRefreshing) return void refreshIn(1000);
  isRefreshing = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) exchange(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The event stream tells when the server is back.
  }
  refreshedAt = Date.now();
  isRefreshing = false;
}

let isStale = false;

// Many events come at once; a page is fetched at most once in the interval.
function refreshIn(interval) {
  if (timer !== null) return;
  timer = setTimeout(refresh, Math.max(60, refreshedAt + interval - Date.now()));
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !isStale) return;
  isStale = false;
  refreshIn(0);
});

const page = document.body.dataset;

// An event that names another build than the page's only moves the counts in the rail.
function concerns(event) {
  return ["build", "job", "repository", "unit"].every(
    (key) => !(key in page) || event[key] === undefined || String(event[key]) === page[key],
  );
}

function hear(message) {
  let event = {};
  try {
    event = JSON.parse(message.data) ?? {};
  } catch {
    // An event without details concerns everybody.
  }
  refreshIn(concerns(event) ? 1000 : 10000);
}

// `reset` says that some were lost; those without a name are for everybody.
const names = [
  "reset", "message", "repository", "build", "job", "queue", "worker", "release", "channel", "node",
];

function listen() {
  const lamp = document.querySelector(".live");
  if (!("EventSource" in window) || lamp === null || page.page === "login") return;
  const events = new EventSource("/api/v1/events");
  const show = (isOn) => document.querySelector(".live")?.classList.toggle("on", isOn);
  let wasLost = false;
  events.onopen = () => {
    show(true);
    // What happened meanwhile is on the page, not in the stream.
    if (wasLost) refreshIn(0);
    wasLost = false;
  };
  events.onerror = () => {
    wasLost = true;
    show(false);
  };
  for (const name of names) events.addEventListener(name, hear);
  addEventListener("pagehide", () => events.close());
}

/* Logs: the same rules as TextStyle.swift and LineWriter.swift, for lines that come live. */

class TextStyle {
  constructor(codes = "") {
    this.clear();
    for (const code of codes.split(" ").filter(Boolean)) this.set(Number(code));
  }

  clear() {
    this.flags = new Set();
    this.foreground = null;
    this.background = null;
  }

  get classes() {
    return [...[1, 2, 3, 4, 7].filter((flag) => this.flags.has(flag)), this.foreground, this.background]
      .filter((code) => code !== null)
      .map((code) => `a${code}`)
      .join(" ");
  }

  apply(parameters) {
    const rest = parameters.length ? [...parameters] : [0];
    while (rest.length) {
      const code = rest.shift();
      if (code === 38) this.foreground = TextStyle.extended(rest, 30);
      else if (code === 48) this.background = TextStyle.extended(rest, 40);
      else this.set(code);
    }
  }

  set(code) {
    if (code === 0) this.clear();
    else if ([1, 2, 3, 4, 7].includes(code)) this.flags.add(code);
    else if (code === 22) [1, 2].forEach((flag) => this.flags.delete(flag));
    else if ([23, 24, 27].includes(code)) this.flags.delete(code - 20);
    else if ([30, 37, 39, 97].includes(code)) this.foreground = null;
    else if (code >= 31 && code <= 36) this.foreground = code;
    else if (code === 90) [this.foreground] = [null, this.flags.add(2)];
    else if (code >= 91 && code <= 96) this.foreground = code - 60;
    else if (code === 40 || code === 49) this.background = null;
    else if (code >= 41 && code <= 47) this.background = code;
    else if (code === 100) this.background = 47;
    else if (code >= 101 && code <= 107) this.background = code - 60;
  }

  static extended(rest, base) {
    const kind = rest.shift();
    let colour = null;
    if (kind === 5) {
      const index = rest.shift();
      if (index >= 1 && index <= 6) colour = index;
      else if (index >= 9 && index <= 14) colour = index - 8;
      else if (index >= 16 && index <= 231) {
        const cube = index - 16;
        colour = TextStyle.nearest([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((part) => part * 51));
      }
    } else if (kind === 2) {
      const parts = rest.splice(0, 3);
      if (parts.length === 3) colour = TextStyle.nearest(parts);
    }
    return colour === null ? null : colour + base;
  }

  static nearest(parts) {
    const most = Math.max(...parts);
    if (most - Math.min(...parts) <= 40) return null;
    return parts.reduce((sum, part, index) => sum + (part > Math.floor((most * 2) / 3) ? 1 << index : 0), 0);
  }
}

const sequence = /\x1b(?:\[([ -?]*)([^]?)|[\]P^_][^\x07\x1b]*(?:\x07|\x1b\\?|$)|[ -/]+[^]?|[^]|$)/y;
const lineMax = 16 * 1024;

function writeLine(span, line, style) {
  let text = "";
  let open = style.classes;
  const flush = () => {
    if (text === "") return;
    const piece = open === "" ? document.createTextNode(text) : document.createElement("span");
    if (open !== "") [piece.className, piece.textContent] = [open, text];
    span.append(piece);
    text = "";
  };
  line = line.replace(/\r$/, "");
  for (let at = 0; at < Math.min(line.length, lineMax); ) {
    const code = line.charCodeAt(at);
    if (code === 0x1b) {
      sequence.lastIndex = at;
      const match = sequence.exec(line);
      at += Math.max(1, match?.[0].length ?? 1);
      if (match?.[2] !== "m" || match[1].length > 64) continue;
      const numbers = match[1].split(/[;:]/).filter(Boolean).map(Number);
      if (numbers.some(Number.isNaN)) continue;
      flush();
      style.apply(numbers);
      open = style.classes;
      continue;
    }
    if (code === 13) {
      text = "";
      span.replaceChildren();
    } else if (code === 9 || (code >= 32 && code !== 127)) text += line[at];
    else if (code === 127) text += "\u2421";
    else if (code !== 7 && code !== 8) text += String.fromCharCode(0x2400 + code);
    at += 1;
  }
  flush();
  if (line.length > lineMax) span.append(" … more in the raw log");
}

class LiveLog {
  static shownMax = 5000;
  static pendingMax = 1 << 20;

  constructor(tube) {
    this.tube = tube;
    this.step = tube.dataset.step;
    this.line = Number(tube.dataset.line);
    this.offset = Number(tube.dataset.offset);
    this.style = new TextStyle(tube.dataset.sgr);
    this.pending = "";
    this.list = [...tube.querySelectorAll("ol.log")].at(-1);
    const address = `${tube.dataset.log}?offset=${this.offset}`;
    // EventSource itself asks for text/event-stream.
    this.source = new EventSource(address);
    // The event's id is the offset after it: text alone cannot tell how many bytes it was.
    this.source.onmessage = (message) =>
      this.take(JSON.parse(message.data), Number(message.lastEventId));
    this.source.addEventListener("end", () => this.end());
    this.follow = document.querySelector("#follow");
    if (this.follow === null) return;
    this.follow.closest("label").hidden = false;
    this.follow.addEventListener("change", () => this.follow.checked && this.toEnd());
    if (location.hash === "") this.toEnd();
  }

  toEnd() {
    scrollTo({ top: document.documentElement.scrollHeight });
  }

  take({ offset, text }, end) {
    if (end <= this.offset) return;
    if (offset !== this.offset) {
      // Something is missing between; the page knows the whole.
      this.source.close();
      return void location.reload();
    }
    this.offset = end;
    this.tube.querySelector(".hush")?.remove();
    this.append(text);
  }

  append(text) {
    const isAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 120;
    this.pending += text;
    const lines = this.pending.split("\n");
    this.pending = lines.pop().slice(-LiveLog.pendingMax);
    while (this.isUnfinished(this.list.lastElementChild)) {
      this.list.lastElementChild.remove();
    }
    const drawn = document.createDocumentFragment();
    for (const line of lines) {
      drawn.append(this.draw(line, this.style));
      this.line += 1;
    }
    if (this.pending !== "") {
      const style = new TextStyle();
      Object.assign(style, this.style, { flags: new Set(this.style.flags) });
      drawn.append(this.draw(this.pending, style));
    }
    this.list.append(drawn);
    this.trim();
    if (isAtEnd && this.follow?.checked) this.toEnd();
  }

  // A line that was shown before its end came.
  isUnfinished(item) {
    return item !== null && Number(item.id.split("-l")[1]) >= this.line;
  }

  draw(line, style) {
    const item = document.createElement("li");
    const number = document.createElement("a");
    const span = document.createElement("span");
    item.id = `s${this.step}-l${this.line}`;
    [number.href, number.tabIndex, number.textContent] = [`#${item.id}`, -1, this.line];
    writeLine(span, line, style);
    item.append(number, span);
    return item;
  }

  // A log may be longer than a page can hold; the first lines can be loaded again.
  trim() {
    const surplus = this.list.children.length - LiveLog.shownMax;
    if (surplus < 500) return;
    const first = Number(this.list.firstElementChild.id.split("-l")[1]);
    for (let count = 0; count < surplus; count += 1) this.list.firstElementChild.remove();
    const last = Number(this.list.firstElementChild.id.split("-l")[1]) - 1;
    let hole = this.list.previousElementSibling;
    if (hole === null || !hole.classList.contains("hole")) {
      hole = document.createElement("p");
      hole.className = "hole";
      hole.dataset.first = first;
      this.list.before(hole);
    }
    hole.dataset.last = last;
    const words = document.createElement("span");
    const link = document.createElement("a");
    words.textContent = `Lines ${Number(hole.dataset.first).toLocaleString("en")} to ${last.toLocaleString("en")} are not shown any more.`;
    [link.className, link.textContent] = ["btn", "Load"];
    link.href = `${location.pathname}?step=${this.step}&from=${hole.dataset.first}`;
    hole.replaceChildren(words, link);
  }

  end() {
    this.source.close();
    refreshIn(0);
  }
}

// A hole is filled in place where the script can; the link alone leads to the same lines.
async function fill(hole, link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return void (location.href = link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [first, last] = [Number(hole.dataset.first), Number(hole.dataset.last)];
  const tube = page.querySelector("#tube");
  for (const item of tube.querySelectorAll("ol.log > li")) {
    const number = Number(item.id.split("-l")[1]);
    if (number < first || number > last) item.remove();
  }
  const parts = [];
  for (const part of tube.children) {
    if (part.matches("ol.log") && part.children.length) parts.push(part);
    else if (part.matches(".hole")) {
      const begin = Math.max(first, Number(part.dataset.first));
      const end = Math.min(last, Number(part.dataset.last));
      if (begin <= end) parts.push(restOf(hole, begin, end));
    }
  }
  hole.replaceWith(...parts.map((part) => document.adoptNode(part)));
}

function restOf(hole, first, last) {
  const rest = hole.cloneNode(true);
  [rest.dataset.first, rest.dataset.last] = [first, last];
  const grouped = (number) => number.toLocaleString("en");
  rest.querySelector("span").textContent = `Lines ${grouped(first)} to ${grouped(last)} are not loaded.`;
  const size = 500;
  [...rest.querySelectorAll("a")].forEach((link, index) => {
    const from = index === 0 ? first : Math.max(first, last - size + 1);
    link.href = link.href.replace(/from=\d+.*/, `from=${from}`);
  });
  return rest;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".hole a");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && link.closest(".hole").dataset.last) {
    event.preventDefault();
    fill(link.closest(".hole"), link);
  }
  for (const pop of document.querySelectorAll("details.pop[open]")) {
    if (!pop.contains(event.target)) pop.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const pop of document.querySelectorAll("details.pop[open]")) {
    pop.open = false;
    pop.querySelector("summary").focus();
  }
});

showTimes(document);
setInterval(() => document.hidden || showTimes(document), 1000);
listen();
const tube = document.querySelector("#tube[data-log]");
if (tube && "EventSource" in window) new LiveLog(tube);
