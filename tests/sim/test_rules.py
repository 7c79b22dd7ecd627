"""The rules of the documentation as tables (rules/), tried one by one."""

import json
import unittest
from pathlib import Path

from harness import (AGENCY, AGENCY_ADMIN, API, CLIENT_ADMIN, CLIENT_ID, CLIENT_NUMBER,
                     SimulatorTest, invite, order_by)

FOLDER = Path(__file__).parent / "rules"
FREE = 1001001


def rows(name):
    """The columns of each row that is no remark."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


class StatusMatrix(SimulatorTest):
    arguments = ("--plain-http", "--clock", "manual")
    accounts = [FREE + i for i in range(10)]

    def put(self, account, status):
        self.sim.control("links", {"accountId": account, "managingCustomerId": AGENCY,
                                   "status": status})

    def ask(self, side, batch):
        """The code of each change, "ok" when it is accepted."""
        token = AGENCY_ADMIN if side == "agency" else CLIENT_ADMIN
        links = []
        for account, (start, asked) in zip(self.accounts, batch):
            self.put(account, start)
            links.append({**self.sim.find(account), "Status": asked})
        return [str(codes[0]) if codes else "ok"
                for codes in self.sim.update(*links, token=token).codes()]

    def test_every_cell(self):
        self.assertEqual(self.sim.add(*map(invite, self.accounts)).codes(), [[]] * 10)
        table = list(rows("status.tsv"))
        self.assertEqual(len(table), 2 * 14 * 14)
        for side in ("agency", "client"):
            cells = [row[1:] for row in table if row[0] == side]
            for i in range(0, len(cells), 10):
                part = cells[i:i + 10]
                expected = [cell[2] for cell in part]
                self.assertEqual(self.ask(side, [cell[:2] for cell in part]), expected,
                                 (side, part))


class Calls(SimulatorTest):
    arguments = ("--plain-http", "--clock", "manual")

    def add(self, request, token):
        fields = {"client" if name == "client" else CLIENT_NUMBER if name == "clientNumber"
                  else name: value for name, value in json.loads(request).items()}
        client = fields.pop("client", FREE)
        manager = fields.pop("ManagingCustomerId", AGENCY)
        return self.sim.add(invite(client, manager, **fields), token=token)

    def search(self, request, token):
        predicates, page, order = (part.strip() for part in request.split("|"))
        return self.sim.search(
            *(each.split() for each in predicates.split(";") if each),
            page=tuple(map(int, page.split(","))) if page else None,
            order=order_by(*order.split()) if order else "", token=token)

    def outcome(self, reply):
        code = reply.fault_code()
        if code == API.unreadable:
            return "unreadable"
        if code:
            return f"{code[0]}:{code[1]}"
        if reply.operation == "AddClientLinks":
            return "codes:" + ",".join(map(str, reply.codes()[0]))
        if reply.operation == "SearchClientLinks":
            return "found:" + ",".join(link[CLIENT_ID] for link in reply.links())
        return "ok"

    def test_every_row(self):
        for rule, page, version, token, call, request, expected in rows("calls.tsv"):
            if version not in ("both", API.name.partition("-")[0]):
                continue
            token = None if token == "-" else token
            if call in ("add", "search"):
                reply = getattr(self, call)(request, token)
            else:
                reply = self.sim.call(call, request, token=token)
            self.assertEqual(self.outcome(reply), expected, (rule, page))
            if self.outcome(reply) in ("ok", "codes:"):
                self.sim.control("reset", {})


if __name__ == "__main__":
    unittest.main()
