// The panel of a node: its counts, poison records, failures, messages, and objects with the begin of one of them.

const find = (id) => document.getElementById(id);

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text !== "") made.textContent = text;
  made.append(...children);
  return made;
}

function table(columns, rows) {
  const head = element("tr", "", ...columns.map((column) => element("th", column)));
  const body = rows.map((row) => element("tr", "", ...row.map((cell) => (cell instanceof Node ? element("td", "", cell) : element("td", String(cell))))));
  const made = element("div", "", element("table", "", element("thead", "", head), element("tbody", "", ...body)));
  made.className = "wide";
  made.tabIndex = 0;
  return made;
}

export class Panel {
  constructor(ask, select) {
    this.ask = ask;
    this.select = select;
    this.states = new Map();
    this.path = null;
    this.tag = "";
    this.object = null; // the one that is shown, as BUCKET/KEY
    find("panel-close").addEventListener("click", () => this.close());
  }

  close() {
    const left = this.path;
    this.select("");
    document.querySelector(`rect[data-node="${CSS.escape(left)}"]`)?.focus();
  }

  async open(path, isNew = false) {
    const state = path === null ? undefined : this.states.get(path);
    find("panel").hidden = !state;
    document.querySelector("main").classList.toggle("open", Boolean(state));
    if (!state) {
      this.path = null;
      return;
    }
    if (this.path !== path) {
      this.path = path;
      this.tag = "";
      this.object = null;
      find("panel-parts").replaceChildren();
      find("panel-object").replaceChildren();
    }
    find("panel-title").textContent = `${state.service} ${state.name}`;
    this.showCounts(state.counts);
    const answer = await this.ask("/node", { path }, this.tag);
    if (this.path === path && answer.status === 200) {
      this.tag = answer.headers.get("ETag");
      await this.showParts(await answer.json());
    }
    if (isNew) find("panel-title").focus();
  }

  showCounts(counts) {
    const told = Object.entries(counts).map(([name, count]) => element("div", "", element("dt", name), element("dd", typeof count === "number" ? count.toLocaleString("en") : count)));
    find("panel-counts").replaceChildren(element("dl", "", ...told));
  }

  async showParts(parts) {
    const shown = parts.map((part) => element("section", "", element("h3", part.title), ...this.partOf(part)));
    find("panel-parts").replaceChildren(...shown);
    const newest = parts.find((part) => part.objects)?.objects[0];
    if (newest && !this.object) await this.showObject(newest);
  }

  partOf(part) {
    if (part.records) {
      return part.records.flatMap((record) => {
        const why = element("p", record.why);
        why.className = "why";
        return [element("h4", record.head), ...(record.why ? [why] : []), element("pre", record.text)];
      });
    }
    if (part.table) return [table(part.table.columns, part.table.rows)];
    if (part.objects) return this.objectsOf(part);
    return [element("pre", part.text)];
  }

  objectsOf(part) {
    const rows = part.objects.map((one) => {
      const button = element("button", one.key);
      button.type = "button";
      button.dataset.object = `${one.bucket}/${one.key}`;
      button.addEventListener("click", () => this.showObject(one));
      return [button, one.size.toLocaleString("en"), one.at];
    });
    const left = part.total - part.objects.length;
    const more = element("p", left > 0 ? `and ${left.toLocaleString("en")} older ones` : "");
    more.className = "more";
    return [table(["newest first", "bytes", "written"], rows), more];
  }

  async showObject(one) {
    this.object = `${one.bucket}/${one.key}`;
    for (const button of document.querySelectorAll("button[data-object]")) {
      button.setAttribute("aria-pressed", String(button.dataset.object === this.object));
    }
    const answer = await this.ask("/object", { bucket: one.bucket, key: one.key });
    const told = answer.status === 200 ? await answer.json() : { why: "the object is there no more", more: false };
    if (this.object !== `${one.bucket}/${one.key}`) return;
    const body = told.columns ? table(told.columns, told.rows) : element("pre", told.text ?? told.why);
    const more = element("p", told.more ? "This is its begin; there is more." : "");
    more.className = "more";
    find("panel-object").replaceChildren(element("h3", `s3://${this.object}`), body, more);
  }
}
