"use strict";

// Every change goes through the control requests, with the header that other
// sites cannot send; nothing here is built from text as markup.

const PAGE_SIZE = 200;
let lastRequest = 0;
let linksAfter = 0;

function find(id) {
  return document.getElementById(id);
}

function say(text) {
  find("message").textContent = text;
}

async function control(path, body) {
  const options = { headers: { "X-Bacm-Sim": "1" } };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const reply = await fetch("/control/" + path, options);
  const answer = await reply.json();
  if (!reply.ok) {
    throw new Error(answer.error || reply.statusText);
  }
  return answer;
}

// Runs what a button asks for and shows why it failed.
async function act(done, work) {
  try {
    await work();
    say(done);
  } catch (error) {
    say("Not done: " + error.message);
  }
}

function element(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) {
    node.textContent = text;
  }
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  return node;
}

// A button that keeps the focus when its table is drawn anew: the key finds it again.
function button(text, key, label, work) {
  const node = element("button", text, { type: "button", "data-key": key, "aria-label": label });
  node.addEventListener("click", work);
  return node;
}

function row(cells) {
  const node = element("tr");
  for (const cell of cells) {
    const td = element("td");
    td.append(cell === null || cell === undefined ? "" : cell);
    node.append(td);
  }
  return node;
}

// Draws the rows of a table anew; what had the focus or was open stays so.
function replaceRows(id, rows) {
  const key = document.activeElement?.dataset?.key;
  const open = [...find(id).querySelectorAll("details[open]")].map((node) => node.dataset.link);
  find(id).replaceChildren(...rows);
  for (const node of find(id).querySelectorAll("details")) {
    node.open = open.includes(node.dataset.link);
  }
  if (key) {
    document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }
}

// A link is of an account, or of a whole customer.
function isWhole(link) {
  return link.type === "CustomerLink";
}

function clientId(link) {
  return isWhole(link) ? link.clientCustomerId : link.accountId;
}

function clientText(link) {
  return isWhole(link)
    ? `customer ${link.clientCustomerId} (${link.clientCustomerNumber}), ` +
      link.customerLinkPermission
    : `${link.accountId} (${link.accountNumber})`;
}

function answerButtons(link) {
  const cell = element("span");
  if (!link.newest || link.status !== "LinkPending") {
    return cell;
  }
  const key = { managingCustomerId: link.managingCustomerId };
  key[isWhole(link) ? "clientCustomerId" : "accountId"] = clientId(link);
  const whom = `${isWhole(link) ? "customer" : "account"} ${clientId(link)}`;
  for (const [text, status] of [["Accept", "LinkAccepted"], ["Decline", "LinkDeclined"]]) {
    cell.append(button(text, `${status}-${link.id}`, `${text} for ${whom}`, () =>
      act(`${text}: ${whom}`, async () => {
        await control("links", { ...key, clientAnswer: status });
        await showLinks(false);
      })));
  }
  return cell;
}

function history(link) {
  const details = element("details", null, { "data-link": link.id });
  const count = link.history.length;
  details.append(element("summary", count === 1 ? "1 state" : `${count} states`,
    { "data-key": `history-${link.id}` }));
  const list = element("ol");
  for (const entry of link.history) {
    const who = entry.userId ? ` by user ${entry.userId}` : "";
    list.append(element("li", `${entry.at} ${entry.status}${who}`));
  }
  details.append(list);
  return details;
}

function linkRow(link) {
  const text = [link.name, link.note].filter(Boolean).join(": ");
  const node = row([clientText(link),
    `${link.managingCustomerId} (${link.managingCustomerNumber})`,
    link.status + (link.held ? " (held)" : ""), text, history(link), answerButtons(link)]);
  node.dataset[isWhole(link) ? "customer" : "account"] = clientId(link);
  node.className = link.newest ? "" : "old";
  return node;
}

async function showLinks(more) {
  const form = new FormData(find("filter"));
  const query = new URLSearchParams({ limit: PAGE_SIZE, after: more ? linksAfter : 0 });
  for (const name of ["accountId", "clientCustomerId", "managingCustomerId"]) {
    if (form.get(name)) {
      query.set(name, form.get(name));
    }
  }
  const page = await control("links?" + query);
  const rows = page.links.filter((link) => link.newest || form.get("old")).map(linkRow);
  if (more) {
    find("links").append(...rows);
  } else {
    replaceRows("links", rows);
  }
  linksAfter = page.next;
  find("more").hidden = page.next === null;
}

async function showAccounts(customer) {
  const page = await control(`accounts?customerId=${customer.id}&limit=${PAGE_SIZE}`);
  find("accounts-caption").textContent = `Accounts of ${customer.name}` +
    (page.next === null ? "" : `, the first ${PAGE_SIZE}`);
  replaceRows("accounts", page.accounts.map((account) => row([account.id, account.number,
    account.name, account.prepaid ? "prepaid" : "postpay", account.status])));
}

async function showCustomers() {
  const page = await control(`customers?limit=${PAGE_SIZE}`);
  replaceRows("customers", page.customers.map((customer) => row([customer.id, customer.number,
    customer.name, customer.agency ? "agency" : "client",
    button("Show", `accounts-${customer.id}`, `Show the accounts of ${customer.name}`,
      () => act(`Accounts of ${customer.name}`, () => showAccounts(customer)))])));
}

function showClock(clock) {
  find("now").textContent = clock.now.replace("T", " ");
  find("now").dateTime = clock.now + "Z";
  find("rate").textContent = clock.rate === 0 ? "standing still" :
    clock.rate === 1 ? "running" : `running ${clock.rate} times as fast`;
}

function showFaults(faults) {
  find("faults").replaceChildren(...faults.map((fault) => {
    const item = element("li");
    item.append(element("code", fault.spec), ` hit ${fault.hit} of ${fault.seen} calls`);
    return item;
  }));
}

// Adds what came since the last look; true when the service was used.
async function showLog() {
  const records = await control("log?after=" + lastRequest);
  let used = false;
  for (const record of records) {
    lastRequest = record.seq;
    if (record.operation === "control") {
      continue;
    }
    used = true;
    const what = [record.operation || record.path, record.api].filter(Boolean).join(", ");
    find("log").prepend(row([record.seq, record.time.slice(11), what,
      record.user, (record.outcome || "") + (record.injected ? ` (${record.injected})` : ""),
      record.status, element("code", record.trackingId)]));
  }
  while (find("log").rows.length > PAGE_SIZE) {
    find("log").deleteRow(-1);
  }
  return used;
}

async function refresh() {
  showClock(await control("clock"));
  if (await showLog()) {
    await showLinks(false);
    showFaults(await control("faults"));
  }
}

async function repeat() {
  try {
    await refresh();
  } catch (error) {
    say("The simulator does not answer: " + error.message);
  }
  setTimeout(repeat, 1000);
}

function start() {
  for (const version of ["v11", "v13"]) {
    find("contract-" + version).href =
      `/Api/CustomerManagement/${version}/CustomerManagementService.svc?singleWsdl`;
  }
  find("steps").addEventListener("click", (event) => {
    const step = Number(event.target.dataset.step);
    if (step) {
      act("The clock was stepped", async () => {
        showClock(await control("clock", { step }));
        await showLinks(false);
      });
    }
  });
  find("filter").addEventListener("submit", (event) => {
    event.preventDefault();
    act("Links", () => showLinks(false));
  });
  find("more").addEventListener("click", () => act("More links", () => showLinks(true)));
  find("fault").addEventListener("submit", (event) => {
    event.preventDefault();
    const spec = new FormData(event.target).get("spec");
    act("Armed: " + spec, async () => showFaults(await control("faults", { add: spec })));
  });
  find("disarm").addEventListener("click", () =>
    act("All faults are disarmed", async () => showFaults(await control("faults", { clear: true }))));
  find("reset").addEventListener("click", () => act("The first data is back", async () => {
    await control("reset", {});
    await showAll();
  }));
  act("", showAll);
  repeat();
}

async function showAll() {
  await showCustomers();
  await showLinks(false);
  showFaults(await control("faults"));
}

start();
